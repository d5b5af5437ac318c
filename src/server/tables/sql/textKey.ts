/**
 * Text is compared as MySQL's `utf8mb4_0900_ai_ci` does: without regard to case and accents, and
 * with punctuation before digits before letters. SQLite has no such collation and this build does
 * not accept custom ones, so every text has a key, and keys are compared with `COLLATE NOCASE`. The
 * key of plain text (letters, digits, space and the marks that ASCII sorts before digits) is the
 * text itself, so tables store keys only for other text.
 */

const plain = /^[A-Za-z0-9 !"#$%&'()*+,\-./]*$/;

/** Separates a key from its text in combined values. It does not occur in keys. */
export const keyDivider = '\u001f';

/** Control characters have no weight; tab to carriage return are white space. */
const ignorable = /[\u0001-\u0008\u000e-\u001f\u007f-\u009f]/g;

/** Punctuation that follows the digits in ASCII is moved before them. */
const moved: Readonly<Record<string, string>> = {
  _: '\u0001',
  ';': '\u0002',
  ':': '\u0003',
  '?': '\u0004',
  '[': '\u0005',
  ']': '\u0006',
  '{': '\u0007',
  '}': '\u0008',
  '@': '\u000e',
  '\\': '\u000f',
  '`': '\u0010',
  '^': '\u0011',
  '<': '\u0012',
  '=': '\u0013',
  '>': '\u0014',
  '|': '\u0015',
  '~': '\u0016',
};
const movable = /[_;:?[\]{}@\\`^<=>|~]/g;

/** Letters whose base form Unicode does not give as a decomposition. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  þ: 'th',
};
const foldable = /[ßæœøđðħıłþ]/g;

const ascii = /^[\u0000-\u007f]*$/;

/** Whether a text is its own key. */
export function isPlainText(text: string): boolean {
  return plain.test(text);
}

/** The key of a text, for comparing with `COLLATE NOCASE`. */
export function textKey(text: string): string {
  return plain.test(text) ? text : fold(text);
}

/** The key to store beside a text: `null` when the text is its own key. */
export function storedKey(text: string): string | null {
  return plain.test(text) ? null : fold(text);
}

function fold(text: string): string {
  const base = ascii.test(text)
    ? text.replace(ignorable, '').toLowerCase()
    : text
        .replace(ignorable, '')
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(foldable, (letter) => letters[letter] ?? letter);
  return base.replace(movable, (mark) => moved[mark] ?? mark);
}
