import { printableJson } from './printable.js';

/** Writes a value to stdout as JSON: indented for a person, and what a program reads all the same. */
export function printJson(value: unknown): void {
  process.stdout.write(`${printableJson(value, 2)}\n`);
}
