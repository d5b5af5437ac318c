import { longFlag, nearestFlag, type FlagSpelling } from './checkFlags.js';
import type { PythonFlag } from './pythonFlags.js';
import { usageError } from './usageError.js';

type Flags = Readonly<Record<string, FlagSpelling>>;

/** Letters of the flags that all commands share. A command's own letters come first. */
export const globalLetters: Readonly<Record<string, string>> = {
  c: 'config-path',
  p: 'password',
  r: 'profile',
  s: 'skip-checks',
  u: 'username',
};

/** A flag as it was found in a command line. */
interface FoundFlag {
  /** The name, in full. */
  name: string;
  flag: FlagSpelling;
  /** What follows the equals sign or the letter. */
  value?: string | undefined;
  /** The other letters of the word. */
  more?: string | undefined;
}

/**
 * Rewrites a command line so that it means what Python's argparse takes it for: abbreviated flags, any number of values after a flag,
 * flags that may stand without a value, the last one of several, long flags with one dash. Arguments come first in the result: oclif
 * would take an argument after `--used a --replace` for a value of `--used`.
 *
 * Exact names come first. Only flags of the Python client can be abbreviated, so that a new flag of this client never makes an
 * abbreviation ambiguous. With a flag that the command does not have, nothing is changed.
 *
 * @param argv - The words after the command.
 * @param flags - The flags of the command.
 * @param python - Those that the Python client has for it.
 * @throws a usage error for an ambiguous abbreviation
 */
export function pythonSpelling(
  argv: readonly string[],
  flags: Flags,
  python: readonly PythonFlag[],
): string[] {
  const rest = [...argv];
  const args: string[] = [];
  const given: { flag: FlagSpelling; isSingle: boolean; words: string[] }[] = [];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      args.push(...rest);
      break;
    }
    if (isValue(word)) {
      args.push(word);
      continue;
    }
    const found = findFlag(word, flags, python);
    if (found === undefined) return [...argv];
    if (found.more !== undefined) rest.unshift(`-${found.more}`);
    const { flag } = found;
    const known = python.find(({ name }) => longFlag(name, flags) === flag);
    const isSingle = known !== undefined && flag.type === 'option' && flag.multiple !== true;
    given.push({ flag, isSingle, words: takeWords(found, known, rest) });
  }
  const words = given
    .filter(({ flag, isSingle }, index) => {
      return !isSingle || !given.slice(index + 1).some((later) => later.flag === flag);
    })
    .flatMap((each) => each.words);
  return args.some((arg) => /^-./.test(arg)) ? [...words, '--', ...args] : [...args, ...words];
}

/** Whether a word is an argument or a value, for argparse: also a number below zero, and a text that only begins like a flag. */
function isValue(word: string): boolean {
  return !/^-[^\d.]/.test(word) || /^[^=]* /.test(word);
}

function findFlag(
  word: string,
  flags: Flags,
  python: readonly PythonFlag[],
): FoundFlag | undefined {
  const [typed = ''] = word.split('=', 1);
  const value = word.length > typed.length ? word.slice(typed.length + 1) : undefined;
  const typedName = typed.replace(/^--?/, '');
  if (typed.startsWith('--')) {
    const name = longFlag(typedName, flags) ? typedName : abbreviated(typedName, flags, python);
    const flag = name === undefined ? undefined : longFlag(name, flags);
    return name === undefined || flag === undefined ? undefined : { name, flag, value };
  }
  const isOld = python.some(({ name, isShort }) => isShort && name === typedName);
  const old = isOld ? longFlag(typedName, flags) : undefined;
  return old ? { name: typedName, flag: old, value } : findLetter(word, flags);
}

/** The flag that is meant, if there is only one. */
function abbreviated(
  typed: string,
  flags: Flags,
  python: readonly PythonFlag[],
): string | undefined {
  const names = python.map(({ name }) => name).filter((name) => name.startsWith(typed));
  const [first = '', ...others] = names;
  if (names.length === 0 || longFlag(first, flags) === undefined) return undefined;
  if (others.some((name) => longFlag(name, flags) !== longFlag(first, flags))) {
    throw ambiguous(`--${typed}`, names);
  }
  return first;
}

/** The error for a beginning of several flags. */
export function ambiguous(typed: string, names: readonly string[]): Error {
  const choices = names.map((name) => `--${name}`).join(' or ');
  return usageError(`${typed} is ambiguous: it can be ${choices}.`);
}

function findLetter(word: string, flags: Flags): FoundFlag | undefined {
  const letter = word.charAt(1);
  const rest = word.slice(2);
  const own = Object.entries(flags).find(
    ([, { char, charAliases }]) => char === letter || charAliases?.includes(letter),
  );
  const shared = Object.hasOwn(globalLetters, letter) ? globalLetters[letter] : undefined;
  const name = own?.[0] ?? shared;
  const flag = name === undefined ? undefined : flags[name];
  if (name === undefined || flag === undefined) return undefined;
  if (rest === '') return { name, flag };
  // A long flag with one dash is refused later: `-output` is not `-o` with the value `utput`.
  if (nearestFlag(word, flags)?.slice(0, 2) === word.slice(1, 3)) return undefined;
  if (flag.type === 'boolean') return { name, flag, more: rest };
  return { name, flag, value: rest.replace(/^=/, '') };
}

/** The words of a flag with its values, which are taken from the rest of the command line. */
function takeWords(
  { name, flag, value }: FoundFlag,
  known: PythonFlag | undefined,
  rest: string[],
): string[] {
  if (value !== undefined) return [`--${name}=${value}`];
  if (flag.type === 'boolean') return [`--${name}`];
  const [next] = rest;
  const isAlone = next === undefined || !isValue(next);
  if (isAlone && known?.values === 'any') return [];
  if (isAlone && known?.values === 'optional') return [`--${name}`, 'STDOUT'];
  const isGreedy = flag.multiple === true && flag.multipleNonGreedy !== true;
  if (!isGreedy) return [`--${name}`, ...rest.splice(0, 1)];
  const end = rest.findIndex((word, index) => index > 0 && !isValue(word));
  const values = rest.splice(0, end === -1 ? rest.length : end);
  return values.length === 0 ? [`--${name}`] : values.map((one) => `--${name}=${one}`);
}
