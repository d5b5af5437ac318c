import { extname } from 'node:path';
import type { Context } from '../../context.js';
import { File } from '../../entities/entityClasses.js';
import {
  readBundle,
  resolveTarget,
  type EntityTarget,
  type FindOptions,
} from '../../entities/findTarget.js';
import { requireDownload } from '../../entities/requireDownload.js';
import { entityOfBundle } from '../../entities/storedState.js';
import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { streamStored } from '../../storages/downloadStored.js';
import { quoted } from '../../values/quoted.js';
import { cellTexts } from '../csv/csvCells.js';
import { csvDialect } from '../csv/csvDialect.js';
import { scanCsv } from '../csv/csvScanner.js';
import { ColumnSummarizer, ValueBudget, type ColumnSummary } from './columnSummary.js';

/** The summaries of the columns of a file, by their names. */
export type FileSummary = Record<string, ColumnSummary>;

/** How {@link Tables.summarizeFile} reads. */
export type SummarizeOptions = CommonOptions & FindOptions;

const separators: Readonly<Record<string, string>> = { '.csv': ',', '.tsv': '\t' };

/** Implements {@link Tables.summarizeFile}. */
export async function summarizeFile(
  ctx: Context,
  target: EntityTarget,
  options: SummarizeOptions = {},
): Promise<FileSummary> {
  const bundle = await readBundle(ctx, await resolveTarget(ctx, target, options), options);
  const file = entityOfBundle(bundle);
  if (!(file instanceof File)) {
    throw new ArgumentError(`${file.id} (${file.name}) is not a file: pass a CSV or TSV file.`);
  }
  const handle = requireDownload(ctx, file, bundle.restrictionInformation);
  const name = handle.fileName ?? file.name;
  const separator = separators[extname(name).toLowerCase()];
  if (separator === undefined) {
    throw new ArgumentError(
      `${file.id} has the name ${quoted(name)}: only files with the extension .csv or .tsv can be summarized.`,
    );
  }
  const association = {
    fileHandleId: file.dataFileHandleId ?? '',
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
  } as const;
  const content = await streamStored(ctx, { handle, association }, options);
  return summarizeCsv(content, { separator, name: `${file.id} (${name})` });
}

/** Summarizes the columns of a CSV text with a header. A quote is written twice; there is no escape character. */
export async function summarizeCsv(
  content: AsyncIterable<Uint8Array>,
  { separator, name }: { separator: string; name: string },
): Promise<FileSummary> {
  const dialect = csvDialect({ separator, escape: '"' });
  const budget = new ValueBudget();
  let columns: { name: string; summarizer: ColumnSummarizer }[] | undefined;
  for await (const batch of scanCsv(content, { dialect, name, emptyLines: 'skip' })) {
    const { rowCount, width } = batch;
    const text = cellTexts(batch, dialect);
    let row = 0;
    if (columns === undefined) {
      const header = Array.from({ length: width }, (_, column) => text(column) ?? '');
      columns = columnNames(header).map((column) => {
        return { name: column, summarizer: new ColumnSummarizer(budget) };
      });
      row = 1;
    }
    for (; row < rowCount; row += 1) {
      for (const [index, { summarizer }] of columns.entries()) {
        summarizer.add(text(row * width + index));
      }
    }
  }
  if (columns === undefined) throw new ArgumentError(`${name} has no columns: it is empty.`);
  return Object.fromEntries(
    columns.map((column) => [column.name, column.summarizer.summary] as const),
  );
}

/** The names that pandas gives: of several columns with one name, all but the first get a number. */
function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((given, index) => {
    const name = given === '' ? `Unnamed: ${index}` : given;
    let unique = name;
    for (let count = 1; taken.has(unique); count += 1) unique = `${name}.${count}`;
    taken.add(unique);
    return unique;
  });
}
