/**
 * White space as defined by Python, for a character class. Unlike in JavaScript, it includes the separators 1C-1F
 * and 85, and not the byte order mark FEFF.
 */
export const whitespace =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const edges = new RegExp(`^[${whitespace}]+|[${whitespace}]+$`, 'g');

/** A text without the white space at its ends. */
export function strip(text: string): string {
  return text.replace(edges, '');
}
