import { cellFlags, flagBits } from './cellFlags.js';

const lineFeed = 10;
const carriageReturn = 13;

/** The codes of the characters that structure a CSV text. */
export interface CsvCodes {
  separator: number;
  quote: number;
  escape: number;
}

/** The cell ends in bytes that have not arrived. */
export const incomplete = -1;
/** There is a quote inside a cell that does not begin with one. */
export const strayQuote = -2;

/**
 * Finds the end of a cell in quotes. `start` is after the first quote.
 *
 * @returns the offset of the last quote and the flags of the cell, as in `CsvBatch.cells`; or {@link incomplete}
 */
export function quotedCell(
  bytes: Uint8Array,
  start: number,
  length: number,
  { quote, escape }: CsvCodes,
): number {
  let flags: number = cellFlags.quoted;
  let seen = 0;
  for (let end = start; end < length; end += 1) {
    const code = bytes[end] ?? 0;
    seen |= code;
    if (code === quote) {
      if (bytes[end + 1] !== quote || end + 1 >= length) return packed(end, flags, seen);
      flags |= cellFlags.escaped;
      end += 1;
    } else if (code === escape && end + 1 < length) {
      const next = bytes[end + 1];
      if (next === quote || next === escape) {
        flags |= cellFlags.escaped;
        end += 1;
      }
    }
  }
  return incomplete;
}

/**
 * Finds the end of a cell that is not in quotes.
 *
 * @returns the offset after it and its flags, as in `CsvBatch.cells`; or {@link strayQuote}
 */
export function plainCell(
  bytes: Uint8Array,
  start: number,
  length: number,
  { separator, quote, escape }: CsvCodes,
): number {
  let flags = 0;
  let seen = 0;
  let end = start;
  for (; end < length; end += 1) {
    const code = bytes[end] ?? 0;
    if (code === separator || code === lineFeed || code === carriageReturn) break;
    seen |= code;
    if (code === quote) return strayQuote;
    if (code === escape && end + 1 < length) {
      const next = bytes[end + 1];
      if (next === quote || next === escape) {
        flags |= cellFlags.escaped;
        end += 1;
      }
    }
  }
  return packed(end, flags, seen);
}

function packed(end: number, flags: number, seen: number): number {
  return (end << flagBits) | (seen > 0x7f ? flags | cellFlags.wide : flags);
}
