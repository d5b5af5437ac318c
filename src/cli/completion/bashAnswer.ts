import type { Candidate, Completions } from './candidate.js';
import { isSafe } from './isSafe.js';
import { bashRules, splitLine, type SplitLine } from './splitLine.js';

/** The types of completion of readline that insert all candidates, or one after the other. */
const insertingTypes: ReadonlySet<string> = new Set(['37', '42']);

/**
 * The answer for bash: the options of this completion, and a line for each candidate.
 *
 * Readline replaces only the end of a word, for example what follows a colon. It inserts the longest common beginning of several
 * candidates, so that what follows the values of several is only shown.
 *
 * @param given - The line up to the cursor, the end of it that readline replaces, and the type of completion.
 */
export function bashAnswer(
  { candidates, files }: Completions,
  [line = '', replaced = '', type = '']: readonly string[],
): string {
  const { raw, quote } = splitLine(line, bashRules);
  const kept = raw.endsWith(replaced) ? raw.slice(0, raw.length - replaced.length) : '';
  const open: SplitLine['quote'] = replaced === raw ? '' : quote;
  const before = splitLine(kept, bashRules).words.join(' ');
  const possible = candidates.filter((one) => isSafe(one) && one.value.startsWith(before));
  const [only] = possible;
  const isSingle = possible.length === 1 || insertingTypes.has(type);
  const rows = possible.map((one) => row(one, before.length, open, isSingle));
  const options = [
    possible.length === 1 && only?.isPartial === true ? ['-o', 'nospace'] : [],
    possible.length > 0 || files === 'none' ? ['+o', 'default'] : [],
    possible.length === 0 && files === 'directories' ? ['+o', 'default', '-o', 'dirnames'] : [],
  ].flat();
  const all = isSingle ? rows.map(({ text }) => text) : distinct(rows);
  return [options.join(' '), ...all].map((each) => `${each}\n`).join('');
}

interface Row {
  text: string;
  /** What is shown beside it. */
  note: string;
}

function row(one: Candidate, start: number, quote: SplitLine['quote'], isSingle: boolean): Row {
  const { value, name, description, isId } = one;
  if (isSingle) return { text: quoted(value.slice(start), quote), note: '' };
  // Until one is left, a name is completed. Then it becomes the value.
  if (name !== undefined) return { text: quoted(name.slice(start), quote), note: value };
  return {
    text: quoted(value.slice(start), quote),
    note: isId === true ? (description ?? '') : '',
  };
}

/** The lines of several candidates. The longest common beginning must not contain a note, even of equal names. */
function distinct(rows: readonly Row[]): string[] {
  const lines = rows.map(({ text, note }) => (note === '' ? text : `${text}  (${note})`));
  const texts = new Set(rows.map(({ text }) => text));
  const [first, ...others] = texts;
  return first !== undefined && others.length === 0 ? [first, ...lines] : lines;
}

/** What bash reads as the text. In an open quote, what cannot be within it interrupts it. */
function quoted(text: string, quote: SplitLine['quote']): string {
  if (quote === "'") return text.replaceAll("'", String.raw`'\''`);
  if (quote === '"') return text.replace(/["$`\\]/g, String.raw`\$&`).replaceAll('!', `"'!'"`);
  return text.replace(/[^\w./:=@%+,\-\u0080-\u{10ffff}]/gu, String.raw`\$&`);
}
