import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An argument of a command. */
export interface ArgInfo {
  name: string;
  description: string;
  required: boolean;
  multiple: boolean;
  options: readonly string[];
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

/** A command line that shows how a command is used, with what it is for, where that needs words. */
export interface Example {
  description: string | undefined;
  command: string;
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
  examples: readonly Example[];
}

/** What the build says about the command line. */
export interface CommandLineInfo {
  version: string;
  /** In the order of their names. */
  commands: readonly CommandInfo[];
  /** First words of several commands, with what these are about. */
  topics: Readonly<Record<string, string>>;
}

interface Definition {
  name: string;
  description?: string;
  required?: boolean;
  multiple?: boolean;
  options?: string[];
  hidden?: boolean;
}

interface FlagDefinition extends Definition {
  type: 'boolean' | 'option';
  char?: string;
  aliases?: string[];
  helpValue?: string | string[];
  helpGroup?: string;
  allowNo?: boolean;
}

interface CommandDefinition {
  id: string;
  summary?: string;
  description?: string;
  aliases?: string[];
  hiddenAliases?: string[];
  hidden?: boolean;
  args: Record<string, Definition>;
  flags: Record<string, FlagDefinition>;
  examples?: (string | { description?: string; command: string })[];
}

const root = join(import.meta.dirname, '..');

/** Reads the description of all commands that the build has written. */
export function readCommands(): CommandLineInfo {
  const { version, oclif } = readJson('package.json') as {
    version: string;
    oclif: { topics: Record<string, { description: string }> };
  };
  const { commands } = readJson('oclif.manifest.json') as {
    commands: Record<string, CommandDefinition>;
  };
  const topics = Object.entries(oclif.topics).map(([name, { description }]) => [name, description]);
  return {
    version,
    commands: Object.values(commands)
      .map(toCommand)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    topics: Object.fromEntries(topics) as Record<string, string>,
  };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

function toCommand(command: CommandDefinition): CommandInfo {
  const id = command.id.replaceAll(':', ' ');
  const filled = (text = ''): string =>
    text
      .replaceAll('<%= config.bin %>', 'synapse')
      .replaceAll('<%= command.id %>', id)
      .replace(/^\$ /, '');
  const examples = (command.examples ?? []).map((example) =>
    typeof example === 'string' ? { description: undefined, command: example } : example,
  );
  return {
    id,
    summary: filled(command.summary),
    description: filled(command.description),
    aliases: command.aliases ?? [],
    hiddenAliases: command.hiddenAliases ?? [],
    hidden: command.hidden ?? false,
    args: Object.values(command.args)
      .filter(({ hidden }) => hidden !== true)
      .map(toArg),
    flags: Object.values(command.flags).map(toFlag),
    examples: examples.map(({ description, command: line }) => ({
      description,
      command: filled(line),
    })),
  };
}

function toArg({ name, description = '', required, multiple, options = [] }: Definition): ArgInfo {
  return { name, description, required: required ?? false, multiple: multiple ?? false, options };
}

function toFlag(flag: FlagDefinition): FlagInfo {
  const { type, char, aliases = [], helpValue = '<value>', helpGroup, hidden, allowNo } = flag;
  return {
    ...toArg(flag),
    char,
    aliases,
    value: type === 'option' ? [helpValue].flat().join(' ') : undefined,
    hidden: hidden ?? false,
    isShared: helpGroup === 'GLOBAL',
    allowNo: allowNo ?? false,
  };
}
