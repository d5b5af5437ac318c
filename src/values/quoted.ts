import { stringifyJson } from './json.js';

/** The number of characters of a text that a message shows. */
const longest = 300;

/** A text in quotes for a message, of bounded length: the beginning of a longer text, and its length. */
export function quoted(text: unknown): string {
  if (typeof text !== 'string' || text.length <= longest) {
    return stringifyJson(text, { nonFinite: 'text' });
  }
  return `${JSON.stringify(text.slice(0, longest))}... (${text.length} characters)`;
}
