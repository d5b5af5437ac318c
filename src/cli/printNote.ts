import { redactText } from '../redact.js';
import { printableLines } from './printable.js';
import { writeCollected } from './standardStreams.js';

/** Writes a message to stderr: without secrets, and without characters that a terminal obeys. */
export function printNote(message: string): void {
  writeCollected();
  process.stderr.write(`${printableLines(redactText(message))}\n`);
}
