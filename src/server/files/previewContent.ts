import { CsvParser, type CsvRow } from '../tables/csv/csvParser.js';

/** A preview of a file: text, or a table. */
export interface PreviewContent {
  readonly text: string;
  readonly contentType: string;
  readonly fileName: string;
}

/** Number of bytes at the start of a file that its preview is created from. */
export const previewBytes = 128 * 1024;

const maxCharacters = 1500;
const maxRows = 30;
const maxColumns = 20;
const maxCellCharacters = 40;
/** Marks omitted cells of a table preview, which is displayed as HTML. */
const ellipsis = '&hellip;';

const textTypes = new Set(['application/text', 'application/x-sh', 'application/x-javascript']);
const separators: Readonly<Record<string, string>> = {
  'text/comma-separated-values': ',',
  'text/csv': ',',
  'application/comma-separated-values': ',',
  'application/csv': ',',
  'application/x-csv': ',',
  'text/tab-separated-values': '\t',
  'text/tsv': '\t',
  'application/tab-separated-values': '\t',
  'application/tsv': '\t',
  'application/x-tsv': '\t',
};

/** Whether files of a type get a preview. Images do not get one here; the service scales them. */
export function hasPreview(contentType: string | undefined): boolean {
  const type = plainType(contentType);
  return separators[type] !== undefined || isText(type);
}

/**
 * Creates the preview of a file, as the service does.
 *
 * @param start - the first {@link previewBytes} of its content
 */
export function previewContent(
  contentType: string | undefined,
  start: Buffer,
): PreviewContent | undefined {
  const type = plainType(contentType);
  const text = start.toString('utf8');
  const separator = separators[type];
  if (separator !== undefined) {
    return {
      text: tablePreview(text, separator, start.length >= previewBytes),
      contentType: 'text/csv',
      fileName: 'preview.csv',
    };
  }
  return isText(type)
    ? { text: textPreview(text), contentType: 'text/plain', fileName: 'preview.txt' }
    : undefined;
}

function plainType(contentType = ''): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function isText(type: string): boolean {
  return type.startsWith('text/') || textTypes.has(type);
}

function textPreview(text: string): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 3)}...`;
}

function tablePreview(text: string, separator: string, isCut: boolean): string {
  const parser = new CsvParser({
    separator,
    quote: '"',
    escape: '\\',
    lineEnd: '\n',
    isFirstLineHeader: false,
  });
  const rows = [...parser.push(text), ...(isCut ? [] : parser.end())];
  const shown = rows.slice(0, maxRows).map(previewRow);
  if (rows.length > maxRows) {
    const width = Math.max(...shown.map(({ length }) => length));
    shown.push(Array<string>(width).fill(ellipsis));
  }
  return shown.map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function previewRow(row: CsvRow): string[] {
  const cells = row.slice(0, maxColumns).map((cell) => {
    const text = cell ?? '';
    return text.length <= maxCellCharacters ? text : text.slice(0, maxCellCharacters) + ellipsis;
  });
  return row.length > maxColumns ? [...cells, ellipsis] : cells;
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
