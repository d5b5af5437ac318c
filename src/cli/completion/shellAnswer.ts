import { textWidth } from '../textWidth.js';
import type { Candidate, Completions } from './candidate.js';
import { bashAnswer } from './bashAnswer.js';
import { isSafe } from './isSafe.js';
import { bashRules, splitLine, type QuotingRules } from './splitLine.js';

/** The shells that have completion. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** How a shell and this command talk. */
interface ShellTalk {
  /** The words after the program, from what the script of the shell passes. `undefined` for the file of a redirection. */
  words: (given: readonly string[]) => readonly string[] | undefined;
  answer: (completions: Completions, given: readonly string[]) => string;
}

const fishRules: QuotingRules = { escape: '\\', isDoubled: false };
const powershellRules: QuotingRules = { escape: '`', isDoubled: true };

export const shellTalks: Readonly<Record<Shell, ShellTalk>> = {
  // The line up to the cursor, the word that readline replaces, and the type of completion.
  bash: {
    words: ([line = '']) => wordsOf(line, bashRules),
    answer: bashAnswer,
  },
  // The words without quotes.
  zsh: {
    words: (given) => given,
    answer: (completions) => {
      const width = Math.max(...completions.candidates.map(({ value }) => textWidth(value)));
      return lines(completions, (one) => [typeOf(one), one.value, shown(one, width)]);
    },
  },
  // The words before the cursor without quotes, and the word at the cursor as it was typed.
  fish: {
    words: (given) => [...given.slice(0, -1), lastWord(given.at(-1) ?? '')],
    answer: (completions) => lines(completions, (one) => [one.value, one.description ?? '']),
  },
  // The line up to the cursor, in base64: Windows PowerShell cannot pass quotes to a program.
  powershell: {
    words: ([encoded = '']) =>
      wordsOf(Buffer.from(encoded, 'base64').toString('utf8'), powershellRules),
    answer: ({ candidates }) => powershellJson(candidates),
  },
};

function wordsOf(line: string, rules: QuotingRules): readonly string[] | undefined {
  const { words, isRedirection } = splitLine(line, rules);
  return isRedirection ? undefined : words.slice(1);
}

function lastWord(typed: string): string {
  return splitLine(typed, fishRules).words.join(' ');
}

/** What the shell offers, and a line for each candidate with its parts between tabs. */
function lines(
  { candidates, files }: Completions,
  parts: (one: Candidate) => readonly string[],
): string {
  const rows = candidates.filter(isSafe).map((one) => parts(one).join('\t'));
  return [files, ...rows].map((row) => `${row}\n`).join('');
}

function typeOf({ isPartial, name }: Candidate): string {
  if (name !== undefined) return isPartial === true ? 'named-partial' : 'named';
  return isPartial === true ? 'partial' : 'whole';
}

/** The widest column of values. */
const widest = 32;

function shown({ value, description }: Candidate, width: number): string {
  if (!description) return value;
  const space = ' '.repeat(Math.max(0, Math.min(width, widest) - textWidth(value)));
  return `${value}${space}  -- ${description}`;
}

/** All that PowerShell takes for single quotes. */
const quotes = /['\u2018-\u201b]/g;

/** Only ASCII, because a Windows console may have any code page. PowerShell takes quotes for part of a value. */
function powershellJson(candidates: readonly Candidate[]): string {
  const items = candidates.filter(isSafe).map(({ value, name, description }) => ({
    text: /^[\w./:=-]+$/.test(value) ? value : `'${value.replace(quotes, '$&$&')}'`,
    item: name ?? value,
    tip: description || value,
  }));
  const json = JSON.stringify(items).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${json}\n`;
}
