/** Characters that take two columns: East Asian wide and full-width ones, and emoji. */
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d1e}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|(?![\u{1f1e6}-\u{1f1ff}])\p{Emoji_Presentation}/u;

/** Characters that are drawn on the one before: accents, variation selectors, the vowels and ends of Hangul syllables. */
const zero = /[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7ff\u200b-\u200f\u2060-\u2064]/u;

const plain = /^[\x20-\x7e]*$/;

/** The number of columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

function widthOf(character: string): number {
  return zero.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** Adds spaces up to a number of columns. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

/** Adds spaces before a text, up to a number of columns. */
export function padStartColumns(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - textWidth(text))) + text;
}

/** The beginning of a text that takes at most so many columns. */
export function firstColumns(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Shortens a text to a number of columns. It then ends in `…`. */
export function cutColumns(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${firstColumns(text, columns - 1)}…`;
}

/** Shortens a text to a number of columns. The end is kept, because it is the most specific part of a path. */
export function lastColumns(text: string, columns: number): string {
  const characters = Array.from(text);
  const widths = characters.map(widthOf);
  let total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= columns) return text;
  let first = 0;
  for (; first < characters.length && total + 1 > columns; first += 1) total -= widths[first] ?? 0;
  // An accent without its letter would be drawn on the ellipsis.
  while (first < characters.length && widths[first] === 0) first += 1;
  return columns < 1 ? '' : `…${characters.slice(first).join('')}`;
}
