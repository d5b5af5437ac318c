import { printableJson } from './printable.js';

/** Texts are put together up to this many characters, because each write wakes up the program that reads them. */
const chunkSize = 32_768;

/**
 * Writes items as the text of one JSON array, or with `lines` as one JSON value a line. Nothing is written before the first item
 * arrives or the items end, and the array is closed only at their end: what was written before a failure is not valid JSON.
 */
export async function* jsonItems(
  items: AsyncIterable<unknown>,
  { lines }: { lines: boolean },
): AsyncGenerator<string> {
  let pending = '';
  let isFirst = true;
  for await (const item of items) {
    pending += lines ? `${printableJson(item)}\n` : `${isFirst ? '[' : ','}\n  ${indented(item)}`;
    isFirst = false;
    if (pending.length < chunkSize) continue;
    yield pending;
    pending = '';
  }
  const end = lines ? '' : isFirst ? '[]\n' : '\n]\n';
  if (pending + end !== '') yield pending + end;
}

function indented(item: unknown): string {
  return printableJson(item, 2).replaceAll('\n', '\n  ');
}
