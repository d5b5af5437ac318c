import { printableJson } from './printable.js';

/**
 * Writes a value to stdout as JSON. Results are printed whole, and secrets in them are not masked.
 * @param indent - Number of spaces; 0 for one line.
 */
export function printJson(value: unknown, indent = 2): void {
  process.stdout.write(`${printableJson(value, indent)}\n`);
}
