import { quotedText } from '../values/quotedText.js';
import { nearestName } from '../values/nearestName.js';
import { pythonFlags } from './pythonFlags.js';
import { ambiguous, globalLetters } from './pythonSpelling.js';
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
  const rest = [...words];
  for (;;) {
    const typed = rest[0] ?? '';
    if (!/^-./.test(typed)) break;
    const word = spelledOut(typed, names);
    if (word === '--version') return { flags, rest: [word, ...rest.slice(1)] };
    const [name = ''] = word.replace(/^--/, '').split('=', 1);
    const takesValue = names.globalFlags.get(name);
    if (takesValue === undefined) throw misplacedFlag(typed, rest.slice(1), names);
    rest.shift();
    const value = word.slice(name.length + 3);
    if (!takesValue) {
      // The other letters of the word: `-sp TOKEN`.
      if (value !== '' && !typed.startsWith('--')) rest.unshift(`-${value}`);
      flags.push(typed.startsWith('--') ? word : `--${name}`);
      continue;
    }
    const given = word.includes('=') ? value : rest.shift();
    if (given === undefined) throw usageError(`${typed} needs a value.`);
    // As one word, so that a value that begins with a dash is not taken for a flag.
    flags.push(`--${name}=${given}`);
  }
  return { flags, rest };
}

/** The long form of a flag of one letter (`-u`, `-ualice`, `-u=alice`), or the full name of an abbreviated one (`--pass`). */
function spelledOut(word: string, { globalFlags }: CommandNames): string {
  if (/^-[^-]/.test(word)) {
    const long = Object.hasOwn(globalLetters, word.charAt(1)) && globalLetters[word.charAt(1)];
    const isName = [...globalFlags.keys()].includes(word.slice(1).split('=', 1)[0] ?? '');
    if (!long || isName) return word;
    const value = word.slice(2).replace(/^=/, '');
    return word.length === 2 ? `--${long}` : `--${long}=${value}`;
  }
  const [typed = ''] = word.slice(2).split('=', 1);
  if (typed === '' || globalFlags.has(typed)) return word;
  const known = pythonFlags('(global)').map(({ name }) => name);
  const meant = known.filter((name) => name.startsWith(typed));
  if (meant.length > 1 && !meant.includes(typed)) throw ambiguous(`--${typed}`, meant);
  const [name = typed] = meant;
  return `--${name}${word.slice(2 + typed.length)}`;
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
