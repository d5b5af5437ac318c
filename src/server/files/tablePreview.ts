import type { Readable } from 'node:stream';

import { CsvError, CsvParser, type CsvRow } from '../tables/csv/csvParser.js';

const maxRows = 30;
const maxColumns = 20;
const maxCellCharacters = 40;
/** Marks omitted cells of a table preview, which is displayed as HTML. */
const ellipsis = '&hellip;';

/** The first rows and columns of a table, as CSV. `undefined` for a table that cannot be read. */
export async function tablePreview(
  content: Readable,
  separator: ',' | '\t',
): Promise<string | undefined> {
  try {
    const rows = await firstRows(content, separator);
    const shown = rows.slice(0, maxRows).map(previewRow);
    if (rows.length > maxRows) {
      const width = Math.max(...shown.map(({ length }) => length));
      shown.push(Array<string>(width).fill(ellipsis));
    }
    return shown.map((row) => `${row.map(quoted).join(',')}\n`).join('');
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  } finally {
    content.destroy();
  }
}

/** Reads one row more than the preview has. The parser limits the length of a row. */
async function firstRows(content: Readable, separator: string): Promise<CsvRow[]> {
  const parser = new CsvParser({
    separator,
    quote: '"',
    escape: '\\',
    lineEnd: '\n',
    isFirstLineHeader: false,
  });
  const decoder = new TextDecoder();
  const rows: CsvRow[] = [];
  for await (const chunk of content) {
    rows.push(...parser.push(decoder.decode(chunk as Uint8Array, { stream: true })));
    if (rows.length > maxRows) return rows;
  }
  rows.push(...parser.push(decoder.decode()), ...parser.end());
  return rows;
}

function previewRow(row: CsvRow): CsvRow {
  const cells = row.slice(0, maxColumns).map(previewCell);
  return row.length > maxColumns ? [...cells, ellipsis] : cells;
}

function previewCell(cell: string | null): string | null {
  return cell === null || cell.length <= maxCellCharacters
    ? cell
    : cell.slice(0, maxCellCharacters) + ellipsis;
}

/** An empty cell without quotes is written without them. */
function quoted(cell: string | null): string {
  return cell === null ? '' : `"${cell.replaceAll('"', '""')}"`;
}
