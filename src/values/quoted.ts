import { stringifyJson } from './json.js';
import { quotedText } from './quotedText.js';

/** A value for a message: a text in quotes and of bounded length, and other values as JSON. */
export function quoted(value: unknown): string {
  return typeof value === 'string'
    ? quotedText(value)
    : stringifyJson(value, { nonFinite: 'text' });
}
