/**
 * White space as defined by Python, for a character class. Unlike in JavaScript, it includes the separators 1C-1F
 * and 85, and not the byte order mark FEFF.
 */
export const whitespace =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const isWhitespace = new RegExp(`^[${whitespace}]$`);

/** A text without the white space at its ends. */
export function strip(text: string): string {
  // Most texts have none, and this is called for every cell of a table.
  if (isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1))) return text;
  return stripEnd(text.slice(leadingWhitespace(text)));
}

/** Whether a code is a visible character of ASCII. */
function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** A text without the white space at its end. */
export function stripEnd(text: string): string {
  // An expression such as /\s+$/ starts again at every space: quadratic time.
  let end = text.length;
  while (end > 0 && isWhitespace.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** The number of white space characters at the beginning of a text. */
export function leadingWhitespace(text: string): number {
  let start = 0;
  while (start < text.length && isWhitespace.test(text.charAt(start))) start += 1;
  return start;
}

/** A text without the repetitions of a character at its end. */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === character) end -= 1;
  return text.slice(0, end);
}
