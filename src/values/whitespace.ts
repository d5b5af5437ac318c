/**
 * White space as defined by Python, for a character class. Unlike in JavaScript, it includes the separators 1C-1F
 * and 85, and not the byte order mark FEFF.
 */
export const whitespace =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const one = new RegExp(`[${whitespace}]`);

/** A text without the white space at its ends. */
export function strip(text: string): string {
  // An expression for the end of a text takes quadratic time when there is much white space within it.
  let start = 0;
  let end = text.length;
  while (start < end && one.test(text.charAt(start))) start += 1;
  while (end > start && one.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
