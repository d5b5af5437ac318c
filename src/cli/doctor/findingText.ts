import { printable } from '../printable.js';
import { wrapText } from '../help/wrapText.js';
import type { Finding, Level } from './check.js';

const words: Readonly<Record<Level, string>> = {
  ok: 'OK',
  note: 'Note',
  problem: 'PROBLEM',
  skipped: '-',
};

const indent = 9;

/**
 * A finding as lines, with its advice below.
 *
 * @param columns - The width of the terminal; `undefined` for lines of any length.
 */
export function findingText(
  title: string,
  { level, message, advice }: Finding,
  columns: number | undefined,
): string {
  const texts = [
    `${title}: ${printable(message)}`,
    ...(advice === undefined ? [] : [printable(advice)]),
  ];
  const room = columns === undefined ? undefined : Math.max(columns - indent, 20);
  const [first = '', ...others] = texts.flatMap((text) =>
    room === undefined ? [text] : wrapText(text, room),
  );
  const space = ' '.repeat(indent);
  return [words[level].padEnd(indent) + first, ...others.map((line) => space + line)].join('\n');
}
