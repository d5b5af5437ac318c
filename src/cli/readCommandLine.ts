import { quotedText } from '../values/quotedText.js';
import { nearestName } from '../values/nearestName.js';
import { usageError } from './usageError.js';

/** What a command line asks for. */
export type CommandLine =
  | { kind: 'version' }
  /** Help about a command or a topic, or without an id, about everything. */
  | { kind: 'help'; id?: string; rest: string[] }
  | { kind: 'run'; id: string; argv: string[] };

/** The names that a command line can contain. */
export interface CommandNames {
  /** Commands as oclif names them: `get`, `cache:list`. */
  commands: readonly string[];
  /** First words of several commands: `cache`. */
  topics: readonly string[];
  /** The flags that all commands share, with their aliases, and whether each takes a value. */
  globalFlags: ReadonlyMap<string, boolean>;
}

// What other tools call these commands.
const otherNames: Readonly<Record<string, string>> = {
  cd: 'list',
  copy: 'get',
  del: 'delete',
  dir: 'list',
  download: 'get',
  info: 'show',
  ls: 'list',
  mkdir: 'create',
  move: 'mv',
  put: 'store',
  remove: 'delete',
  rm: 'delete',
  upload: 'store',
  whoami: 'auth:status',
};

// The Python client has these letters before the command only. After it, they belong to the command.
const letters: Readonly<Record<string, string>> = {
  c: 'config-path',
  p: 'password',
  r: 'profile',
  u: 'username',
};

// They turn off messages and a look for newer versions, which this client does not have.
const withoutEffect: ReadonlySet<string> = new Set(['-s', '--skip-checks']);

/**
 * Finds the command in a command line. Only the names of commands count: an argument is never part of one. Flags that all
 * commands share may precede the command.
 *
 * @throws a usage error for an unknown command.
 */
export function readCommandLine(argv: readonly string[], names: CommandNames): CommandLine {
  const end = argv.indexOf('--');
  const isHelp = argv
    .slice(0, end === -1 ? undefined : end)
    .some((word) => word === '-h' || word === '--help');
  const words = isHelp ? argv.filter((word) => word !== '-h' && word !== '--help') : [...argv];
  const { flags, rest } = leadingFlags(words, names);
  if (rest[0] === 'help') return helpAbout(rest.slice(1), names);
  if (isHelp || rest.length === 0) return helpAbout(rest, names);
  if (rest[0] === '--version') return { kind: 'version' };
  const id = longest(rest, names.commands);
  if (id !== undefined) {
    return { kind: 'run', id, argv: [...flags, ...rest.slice(id.split(':').length)] };
  }
  if (rest.length === 1 && names.topics.includes(rest[0] ?? '')) return helpAbout(rest, names);
  throw unknownCommand(rest, names);
}

function helpAbout(words: readonly string[], names: CommandNames): CommandLine {
  if (words.length === 0) return { kind: 'help', rest: [] };
  const id = longest(words, [...names.commands, ...names.topics]);
  const rest = words.slice(id?.split(':').length);
  const isTopic = id !== undefined && !names.commands.includes(id);
  if (id === undefined || (isTopic && rest.length > 0)) throw unknownCommand(words, names);
  return { kind: 'help', id, rest };
}

/** The id made of as many of the first words as possible. */
function longest(words: readonly string[], ids: readonly string[]): string | undefined {
  return [2, 1].map((count) => words.slice(0, count).join(':')).find((id) => ids.includes(id));
}

function leadingFlags(
  words: readonly string[],
  names: CommandNames,
): { flags: string[]; rest: string[] } {
  const flags: string[] = [];
  let count = 0;
  for (;;) {
    const typed = words[count] ?? '';
    if (!/^-./.test(typed) || typed === '--version') break;
    count += 1;
    if (withoutEffect.has(typed)) continue;
    const word = spelledOut(typed);
    const [name = ''] = word.replace(/^--/, '').split('=', 1);
    const takesValue = names.globalFlags.get(name);
    if (takesValue === undefined) throw misplacedFlag(typed, words.slice(count), names);
    flags.push(word);
    if (!takesValue || word.includes('=')) continue;
    const value = words[count];
    if (value === undefined) throw usageError(`${typed} needs a value.`);
    // As one word, so that a value that begins with a dash is not taken for a flag.
    flags.splice(-1, 1, `${word}=${value}`);
    count += 1;
  }
  return { flags, rest: words.slice(count) };
}

/** The long form of a flag of one letter: `-u`, `-ualice`, `-u=alice`. */
function spelledOut(word: string): string {
  const long = /^-[^-]/.test(word) ? letters[word.charAt(1)] : undefined;
  if (long === undefined) return word;
  const value = word.slice(2).replace(/^=/, '');
  return word.length === 2 ? `--${long}` : `--${long}=${value}`;
}

function misplacedFlag(word: string, rest: readonly string[], names: CommandNames): Error {
  const known = [...names.globalFlags.keys(), 'version', 'help'];
  const nearest = nearestName(word.replace(/^-+/, ''), known);
  if (nearest !== undefined) {
    return usageError(`There is no flag ${word}. Did you mean --${nearest}?`);
  }
  const command = rest.find((each) => names.commands.includes(each)) ?? 'COMMAND';
  return usageError(
    `${word} is not a flag that all commands share: flags of a command follow its name, as in \`synapse ${command} ${word}\`.`,
  );
}

function unknownCommand(words: readonly string[], { commands, topics }: CommandNames): Error {
  const [first = '', second] = words;
  if (topics.includes(first) && second !== undefined) {
    const inTopic = commands.filter((id) => id.startsWith(`${first}:`));
    const nearest = nearestName(`${first}:${second}`, inTopic);
    // The topic alone must not make them similar.
    const isNear = nearestName(
      second,
      inTopic.map((id) => id.slice(first.length + 1)),
    );
    return unknown(`${first} ${second}`, isNear && nearest, `${first} --help`);
  }
  const other = Object.hasOwn(otherNames, first) ? otherNames[first] : undefined;
  const two = second === undefined ? undefined : nearestName(`${first}:${second}`, commands);
  const one = nearestName(first, [...commands.filter((id) => !id.includes(':')), ...topics]);
  return unknown(first, other ?? (two?.includes(':') ? two : one), '--help');
}

function unknown(typed: string, nearest: string | undefined, help: string): Error {
  const what = `There is no command ${quotedText(typed)}.`;
  return usageError(
    nearest
      ? `${what} Did you mean: synapse ${nearest.replaceAll(':', ' ')}`
      : `${what} \`synapse ${help}\` lists ${help === '--help' ? 'all commands' : 'its commands'}.`,
  );
}
