import { nearestName } from '../values/nearestName.js';
import { usageError } from './usageError.js';

/** The part of a flag's definition that its spelling depends on. */
export interface FlagSpelling {
  type: 'boolean' | 'option';
  char?: string | undefined;
  aliases?: readonly string[] | undefined;
  charAliases?: readonly string[] | undefined;
  allowNo?: boolean | undefined;
  multiple?: boolean | undefined;
  hidden?: boolean | undefined;
  /** Whether only one value follows, although the flag can be repeated. */
  multipleNonGreedy?: boolean | undefined;
}

type Flags = Readonly<Record<string, FlagSpelling>>;

/**
 * Checks the spelling of all flags before they are parsed, to suggest the right one.
 *
 * It also refuses a long flag with one dash, such as `-output`, which would otherwise be `-o` with the value `utput`.
 *
 * @throws a usage error for a flag that the command does not have.
 */
export function checkFlags(argv: readonly string[], flags: Flags, command: string): void {
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') return;
    const typed = asFlag(word, flags);
    if (typed === undefined) continue;
    const [name = ''] = typed.split('=', 1);
    const found = typed === word ? readFlag(typed, name, flags) : undefined;
    if (found === undefined) throw unknownFlag(word, name, flags, command);
    if (found.hasNeedlessValue) throw usageError(`${name} takes no value: write only ${name}.`);
    if (found.takesNext) index += 1;
  }
}

/** The flag that a word is, with the dashes that a text editor may have replaced; `undefined` for any other word. */
function asFlag(word: string, flags: Flags): string | undefined {
  if (/^-[^\d]/.test(word)) return word;
  const typed = word.replace(/^[\u2010-\u2015\u2212]+/, '--');
  return typed !== word && nearestFlag(typed.split('=', 1)[0] ?? '', flags) ? typed : undefined;
}

interface FoundFlag {
  /** Whether the next word is its value. */
  takesNext?: boolean;
  hasNeedlessValue?: boolean;
}

function readFlag(word: string, name: string, flags: Flags): FoundFlag | undefined {
  const hasValue = word.length > name.length;
  if (!word.startsWith('--')) return readShort(name.slice(1), hasValue, flags);
  const flag = longFlag(name.slice(2), flags);
  if (flag?.type === 'boolean') return { hasNeedlessValue: hasValue };
  return flag && { takesNext: !hasValue };
}

/** The flag of that name or alias. */
export function longFlag(name: string, flags: Flags): FlagSpelling | undefined {
  const flag = Object.hasOwn(flags, name)
    ? flags[name]
    : Object.values(flags).find(({ aliases }) => aliases?.includes(name));
  if (flag !== undefined || !name.startsWith('no-')) return flag;
  const negated = flags[name.slice(3)];
  return negated?.allowNo === true ? negated : undefined;
}

/** Reads letters that follow one dash: flags without values, and at the end possibly one with a value (`-rv3`). */
function readShort(letters: string, hasValue: boolean, flags: Flags): FoundFlag | undefined {
  for (const [index, letter] of letters.split('').entries()) {
    const flag = Object.values(flags).find(
      ({ char, charAliases }) => char === letter || charAliases?.includes(letter),
    );
    if (flag === undefined) return undefined;
    if (flag.type === 'boolean') continue;
    const isLast = index === letters.length - 1;
    // The rest of the word is its value, unless the word is like the name of a flag.
    const isName = nearestFlag(letters, flags)?.slice(0, 2) === letters.slice(0, 2);
    return isName ? undefined : { takesNext: isLast && !hasValue };
  }
  return { hasNeedlessValue: hasValue };
}

function unknownFlag(word: string, name: string, flags: Flags, command: string): Error {
  const shown = word.split('=', 1)[0] ?? '';
  const nearest = nearestFlag(name, flags);
  const what = `There is no flag ${shown}.`;
  return usageError(
    nearest === undefined
      ? `${what} \`synapse ${command} --help\` lists the flags.`
      : `${what} Did you mean --${nearest}?`,
  );
}

/** The name of the flag with the most similar name or alias. */
export function nearestFlag(typed: string, flags: Flags): string | undefined {
  const wanted = typed.replace(/^-+/, '');
  const isNegative = wanted.startsWith('no-');
  const names = Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .flatMap(([name, { aliases = [] }]) => [name, ...aliases].map((each) => [each, name]))
    // The opposite of what was typed is no suggestion.
    .filter(([each = '']) => each.startsWith('no-') === isNegative);
  const nearest = nearestName(
    wanted,
    names.map(([each = '']) => each),
  );
  return names.find(([each]) => each === nearest)?.[1];
}
