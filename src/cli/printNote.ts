import { redactText } from '../redact.js';
import { wrapText } from './help/wrapText.js';
import { printableLines } from './printable.js';
import { writeCollected } from './standardStreams.js';
import { textWidth } from './textWidth.js';

/** Writes a message to stderr: without secrets, and without characters that a terminal obeys. */
export function printNote(message: string): void {
  writeCollected();
  const text = printableLines(redactText(message));
  const { isTTY, columns } = process.stderr;
  const isWrapped = isTTY && columns >= narrowest;
  process.stderr.write(`${isWrapped ? wrapLines(text, columns) : text}\n`);
}

/** On a narrower terminal, lines that are broken between words would be harder to read than long ones. */
const narrowest = 30;

/** Breaks long lines between words. What follows is indented like the beginning. */
function wrapLines(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (textWidth(line) <= columns) return [line];
      const indent = /^ */.exec(line)?.[0] ?? '';
      const words = wrapText(line.slice(indent.length), columns - indent.length);
      return words.map((part) => indent + part);
    })
    .join('\n');
}
