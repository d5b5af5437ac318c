import { printableJson } from './printable.js';

/** Writes a value to stdout as indented JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${printableJson(value, 2)}\n`);
}
