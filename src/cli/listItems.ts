import { alignedLines } from './alignedLines.js';
import { printableName } from './printable.js';
import { isReaderGone } from './standardStreams.js';
import { terminalColumns } from './terminalColumns.js';

/** The columns of a list: their titles, and the text of a cell. Numbers and times are written as they are. */
export type ListColumns<T> = Readonly<Record<string, (item: T) => string | number | undefined>>;

/** Items that are printed at once. Later ones that need wider columns make them wider. */
const batchSize = 100;

/**
 * Prints items as lines with aligned cells below a header, while they arrive. Nothing is printed when there are none.
 *
 * @param print - Prints some lines.
 * @param options.onlyFirst - Whether to print only the cells of the first column, without a header.
 * @returns The items, for `--json`.
 */
export async function listItems<T>(
  items: AsyncIterable<T> | Iterable<T>,
  columns: ListColumns<T>,
  print: (lines: string) => void,
  { onlyFirst = false }: { onlyFirst?: boolean } = {},
): Promise<T[]> {
  const all: T[] = [];
  const widths: number[] = [];
  const available = terminalColumns();
  const cells = Object.values(columns).slice(0, onlyFirst ? 1 : undefined);
  let pending: string[][] = onlyFirst ? [] : [Object.keys(columns)];
  const flush = (): void => {
    print(alignedLines(pending, { widths, available }).join('\n'));
    pending = [];
  };
  for await (const item of items) {
    all.push(item);
    pending.push(cells.map((cell) => printableName(String(cell(item) ?? ''))));
    if (pending.length >= batchSize) flush();
    if (isReaderGone()) break;
  }
  if (all.length > 0 && pending.length > 0) flush();
  return all;
}
