import { stringifyJson } from '../values/json.js';

// Control characters, and characters that change the text direction.
const unsafe = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;
const unsafeButLineEnds = /[^\P{Cc}\n]|[\u2028-\u202e\u2066-\u2069]/gu;
const unsafeButLayout = /[^\P{Cc}\n\t]|[\u2028-\u202e\u2066-\u2069]/gu;

/** Makes a name safe to print on one line of a terminal: unsafe characters become escapes. */
export function printable(text: string): string {
  return text.replace(unsafe, escaped);
}

/** Makes a message safe to print on a terminal. Line endings are kept. */
export function printableLines(text: string): string {
  return text.replace(unsafeButLineEnds, escaped);
}

/** Makes a result safe to print on a terminal. Line endings and tabs are kept. */
export function printableTable(text: string): string {
  return text.replace(unsafeButLayout, escaped);
}

/**
 * Formats JSON that is also safe to print on a terminal. Numbers are printed in full; `NaN` is the string `"NaN"`.
 * @param indent - Number of spaces; without it, one line.
 */
export function printableJson(value: unknown, indent?: number): string {
  return stringifyJson(value, { indent, nonFinite: 'text' }).replace(
    unsafeButLineEnds,
    (character) => {
      return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
    },
  );
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const zero = /[\p{M}\u200b-\u200d\ufe0f]/u;

/** Shortens a text to a number of columns. The end is kept, because it is the most specific part of a path. */
export function lastColumns(text: string, columns: number): string {
  const characters = Array.from(text);
  const widths = characters.map((character) =>
    zero.test(character) ? 0 : wide.test(character) ? 2 : 1,
  );
  let total = widths.reduce<number>((sum, width) => sum + width, 0);
  if (total <= columns) return text;
  let first = 0;
  for (; first < characters.length && total + 1 > columns; first += 1) total -= widths[first] ?? 0;
  return columns < 1 ? '' : `…${characters.slice(first).join('')}`;
}
