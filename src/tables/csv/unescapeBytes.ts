import type { CsvDialect } from './csvDialect.js';

/**
 * Copies the bytes of a cell without the first of each pair of quotes, and without each escape character before a quote or
 * another one.
 *
 * @returns the offset after the last byte in `target`
 */
export function unescapeBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  dialect: Required<CsvDialect>,
  target: Uint8Array,
  at: number,
): number {
  const quote = dialect.quote.charCodeAt(0);
  const escape = dialect.escape.charCodeAt(0);
  let to = at;
  for (let from = start; from < end; from += 1, to += 1) {
    let code = bytes[from] ?? 0;
    if ((code === quote || code === escape) && from + 1 < end) {
      const next = bytes[from + 1] ?? 0;
      if (next === quote || next === escape) {
        code = next;
        from += 1;
      }
    }
    target[to] = code;
  }
  return to;
}
