import { redactText } from '../redact.js';
import { printableLines } from './printable.js';

/** Writes a message to stderr: without secrets, and without characters that a terminal obeys. */
export function printNote(message: string): void {
  process.stderr.write(`${printableLines(redactText(message))}\n`);
}
