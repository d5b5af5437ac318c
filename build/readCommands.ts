import { join } from 'node:path';
import {
  readCommandData,
  readCommandIndex,
  type ArgData,
  type CommandEntry,
  type FlagData,
} from '../src/cli/commandData.js';
import type { ValueKind } from '../src/cli/valueKind.js';

/** An argument of a command. */
export interface ArgInfo {
  name: string;
  description: string;
  required: boolean;
  multiple: boolean;
  options: readonly string[];
  default: string | undefined;
  /** What completion suggests. */
  valueKind: ValueKind | undefined;
}

/** A flag of a command. */
export interface FlagInfo extends ArgInfo {
  char: string | undefined;
  aliases: readonly string[];
  /** What the value is, such as `<file>`. `undefined` for a flag without a value. */
  value: string | undefined;
  hidden: boolean;
  /** Whether all commands have the flag. */
  isShared: boolean;
  /** Whether there is also `--no-<name>`. */
  allowNo: boolean;
}

/** A command as the build describes it. */
export interface CommandInfo {
  /** As in a command line: `cache list`. */
  id: string;
  summary: string;
  description: string;
  aliases: readonly string[];
  hiddenAliases: readonly string[];
  hidden: boolean;
  args: readonly ArgInfo[];
  flags: readonly FlagInfo[];
  /** Command lines that show how the command is used. */
  examples: readonly string[];
}

/** What the build says about the command line. */
export interface CommandLineInfo {
  version: string;
  /** In the order of their names. */
  commands: readonly CommandInfo[];
  /** First words of several commands, with what these are about. */
  topics: Readonly<Record<string, string>>;
}

const bin = join(import.meta.dirname, '../bin');

/** Reads the description of all commands that the build has written. */
export function readCommands(): CommandLineInfo {
  const { version, commands, topics } = readCommandIndex(bin);
  return {
    version,
    commands: Object.entries(commands).map(([id, entry]) => toCommand(id, entry)),
    topics,
  };
}

function toCommand(id: string, entry: CommandEntry): CommandInfo {
  const { summary, description = '', args, flags, examples } = readCommandData(bin, id);
  return {
    id: id.replaceAll(':', ' '),
    summary,
    description,
    aliases: entry.aliases,
    hiddenAliases: entry.hiddenAliases,
    hidden: entry.hidden ?? false,
    args: Object.entries(args)
      .filter(([, { hidden }]) => hidden !== true)
      .map(toArg),
    flags: Object.entries(flags).map(toFlag),
    examples,
  };
}

function toArg([name, arg]: [string, ArgData]): ArgInfo {
  const { description = '', required = false, multiple = false, options = [], valueKind } = arg;
  return { name, description, required, multiple, options, default: arg.default, valueKind };
}

function toFlag([name, flag]: [string, FlagData]): FlagInfo {
  const { type, char, aliases = [], helpValue = '<value>', helpGroup, hidden, allowNo } = flag;
  return {
    ...toArg([name, flag]),
    char,
    aliases,
    value: type === 'option' ? helpValue : undefined,
    hidden: hidden ?? false,
    isShared: helpGroup === 'GLOBAL',
    allowNo: allowNo ?? false,
  };
}
