import { stringifyJson } from '../values/json.js';

// Characters that a terminal obeys, that change the direction of text, or that are invisible. Variation selectors stay:
// they make emoji.
const invisible = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;
const unsafe = new RegExp(String.raw`${invisible}(?<![\ufe00-\ufe0f])`, 'gu');
const unsafeButLineEnds = new RegExp(String.raw`${invisible}(?<![\ufe00-\ufe0f\n])`, 'gu');
const unsafeButLayout = new RegExp(String.raw`${invisible}(?<![\ufe00-\ufe0f\n\t])`, 'gu');

/** Makes a text safe to print on one line: unsafe characters become escapes. */
export function printable(text: string): string {
  return text.replace(unsafe, escaped);
}

/** The number of characters of a name that is shown; Synapse allows 256. */
const longestName = 256;

/** Makes a name from Synapse safe to print within a line, and shortens one that is longer than Synapse allows. */
export function printableName(name: string): string {
  return printable(shortened(name, longestName));
}

/** The number of characters of a line that is shown. Longer ones do not occur in results that people read. */
const longestLine = 10_000;

/** Makes a message safe to print. Line endings are kept, and very long lines are shortened. */
export function printableLines(text: string): string {
  return withShortLines(text).replace(unsafeButLineEnds, escaped);
}

/** Makes text of any length safe to print. Line endings and tabs are kept. */
export function printableText(text: string): string {
  return text.replace(unsafeButLayout, escaped);
}

/** Makes a result safe to print. Line endings and tabs are kept, and very long lines are shortened. */
export function printableTable(text: string): string {
  return printableText(withShortLines(text));
}

function withShortLines(text: string): string {
  if (text.length <= longestLine) return text;
  return text
    .split('\n')
    .map((line) => shortened(line, longestLine))
    .join('\n');
}

function shortened(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text.slice(0, length)}… (${text.length} characters, --json prints all)`;
}

/**
 * Formats JSON that is also safe to print on a terminal. Numbers are printed in full; `NaN` is the string `"NaN"`.
 * @param indent - Number of spaces; without it, one line.
 */
export function printableJson(value: unknown, indent?: number): string {
  return escapedJson(stringifyJson(value, { indent, nonFinite: 'text' }));
}

/** Escapes unsafe characters in JSON text. The values stay the same. */
export function escapedJson(json: string): string {
  return json.replace(unsafeButLineEnds, (character) =>
    // A character outside of the basic plane is two escapes.
    character.length === 1
      ? unitEscape(character, 0)
      : unitEscape(character, 0) + unitEscape(character, 1),
  );
}

function unitEscape(character: string, index: number): string {
  return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code > 0xff ? unitEscape(character, 0) : `\\x${code.toString(16).padStart(2, '0')}`;
}
