import type { CommandIndex } from '../commandData.js';
import { globalLetters } from '../pythonSpelling.js';
import type { CommandShape, FlagShape, FlagShapes, ValueShape } from './commandShape.js';

/** What the words before the cursor mean. */
export interface TypedLine {
  /** The words of a command's name, when the name can go on: `['table']`. */
  names: readonly string[];
  /** Whether the name of a command is expected after `help`. */
  isHelp: boolean;
  command: CommandShape | undefined;
  /** The flags that can be given here. */
  flags: FlagShapes;
  /** The names of the flags that were given. */
  given: ReadonlySet<string>;
  /** The arguments of the command that were given. */
  args: readonly string[];
  /** The flag whose value is at the cursor. */
  pending: FlagShape | undefined;
  /** Whether that flag has a value already, and can have more. */
  isRepeated: boolean;
  /** Whether `--` was given: no word after it is a flag. */
  isEnded: boolean;
}

/** What {@link readTyped} looks up. */
export interface LineNames {
  index: CommandIndex;
  command: (id: string) => CommandShape | undefined;
  /** Flags that a command has besides its own: the parameters of an operation. */
  moreFlags: (command: CommandShape) => FlagShapes | undefined;
}

/** Reads the words between the program and the word at the cursor. Mistakes in them are passed over. */
export function readTyped(words: readonly string[], names: LineNames): TypedLine {
  const { index } = names;
  const rootFlags: FlagShapes = { ...globalFlags(names), ...standaloneFlags };
  const leading = readWords(words, rootFlags, { stopsAtArgument: true });
  const rest = words.slice(leading.count);
  const isHelp = rest[0] === 'help';
  const named = isHelp ? rest.slice(1) : rest;
  const id = commandOf(named, index);
  const command = id === undefined ? undefined : names.command(id.id);
  if (command === undefined || isHelp) {
    return { ...leading, names: named, isHelp, command: undefined, flags: rootFlags, args: [] };
  }
  const after = named.slice(id?.length ?? 0);
  const flags = { ...names.moreFlags(command), ...command.flags };
  const read = readWords(after, flags, {});
  const given = new Set([...leading.given, ...read.given]);
  return { ...read, given, names: named, isHelp, command, flags };
}

const standaloneFlags: FlagShapes = {
  help: { type: 'boolean', char: 'h', description: 'Show help.' },
  version: { type: 'boolean', description: 'Show the version.' },
};

/** The flags that all commands share, which can precede the command. */
function globalFlags({ command }: LineNames): FlagShapes {
  const flags = Object.entries(command('get')?.flags ?? {});
  return Object.fromEntries(flags.filter(([, { helpGroup }]) => helpGroup === 'GLOBAL'));
}

/** The command that the first words name, by its own name or by another one. */
function commandOf(
  words: readonly string[],
  { commands }: CommandIndex,
): { id: string; length: number } | undefined {
  for (const length of [2, 1]) {
    const typed = words.slice(0, length).join(':');
    if (words.length < length) continue;
    const found = Object.entries(commands).find(
      ([id, { aliases, hiddenAliases }]) =>
        id === typed || aliases.includes(typed) || hiddenAliases.includes(typed),
    );
    if (found) return { id: found[0], length };
  }
  return undefined;
}

interface ReadWords {
  count: number;
  args: string[];
  given: Set<string>;
  pending: FlagShape | undefined;
  isRepeated: boolean;
  isEnded: boolean;
}

function readWords(
  words: readonly string[],
  flags: FlagShapes,
  { stopsAtArgument = false }: { stopsAtArgument?: boolean },
): ReadWords {
  const read: ReadWords = {
    count: 0,
    args: [],
    given: new Set(),
    pending: undefined,
    isRepeated: false,
    isEnded: false,
  };
  /** A flag that takes all words up to the next flag. */
  let many: FlagShape | undefined;
  for (const word of words) {
    if (read.pending !== undefined) {
      many = read.pending.multiple === true ? read.pending : undefined;
      read.pending = undefined;
    } else if (!read.isEnded && /^-./.test(word)) {
      many = undefined;
      readFlag(word, flags, read);
    } else if (many === undefined) {
      if (stopsAtArgument) break;
      read.args.push(word);
    }
    read.count += 1;
  }
  read.isRepeated = read.pending === undefined && many !== undefined;
  read.pending ??= many;
  return read;
}

function readFlag(word: string, flags: FlagShapes, read: ReadWords): void {
  if (word === '--') {
    read.isEnded = true;
    return;
  }
  const { found, value } = flagIn(word, flags);
  if (found === undefined) return;
  read.given.add(found.name);
  if (found.flag.type === 'option' && value === undefined) read.pending = found.flag;
}

interface NamedFlag {
  name: string;
  flag: FlagShape;
}

/** The last flag in a word, and the value that the word has for it. */
export function flagIn(
  word: string,
  flags: FlagShapes,
): { found?: NamedFlag | undefined; value?: string | undefined } {
  if (word.startsWith('--')) {
    const [name = ''] = word.slice(2).split('=', 1);
    const value = word.includes('=') ? word.slice(name.length + 3) : undefined;
    return { found: longFlag(name, flags), value };
  }
  for (const [index, letter] of Array.from(word.slice(1)).entries()) {
    const found = shortFlag(letter, flags);
    if (found === undefined) return {};
    const value = word.slice(index + 2).replace(/^=/, '');
    if (found.flag.type === 'option') return { found, value: value === '' ? undefined : value };
    if (value === '') return { found };
  }
  return {};
}

function longFlag(name: string, flags: FlagShapes): NamedFlag | undefined {
  const own = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (own !== undefined) return { name, flag: own };
  for (const [each, flag] of Object.entries(flags)) {
    const negative = flag.allowNo === true ? [`no-${each}`] : [];
    if ([...(flag.aliases ?? []), ...negative].includes(name)) return { name: each, flag };
  }
  return undefined;
}

function shortFlag(letter: string, flags: FlagShapes): NamedFlag | undefined {
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.char === letter) return { name, flag };
  }
  // A letter that the command does not have is that of a flag that all commands share.
  const shared = Object.hasOwn(globalLetters, letter) ? globalLetters[letter] : undefined;
  const flag = shared === undefined ? undefined : flags[shared];
  return shared === undefined || flag === undefined ? undefined : { name: shared, flag };
}

/** The argument at a position; the last one may repeat. */
export function argumentAt(command: CommandShape, position: number): ValueShape | undefined {
  const all = Object.values(command.args);
  const last = all.at(-1);
  return all[position] ?? (last?.multiple === true ? last : undefined);
}
