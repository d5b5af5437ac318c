import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@oclif/core';
import { Plugin } from '@oclif/core/config';
import type { ArgData, CommandData, CommandEntry, FlagData } from '../src/cli/commandData.js';
import { kindOf } from '../src/cli/valueKind.js';

/**
 * Writes the names of all commands, and the definition of each, as JSON next to the commands. Help, completion and the lookup of a
 * command then load no command.
 */
const root = join(import.meta.dirname, '..');
const output = join(root, 'dist/cli');
const { version, oclif } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  oclif: { description: string; topics: Record<string, { description: string }> };
};

const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();

const entries: Record<string, CommandEntry> = {};
let globalFlags: Record<string, boolean> = {};
for (const [id, cached] of Object.entries(plugin.manifest.commands).sort(byId)) {
  const command = await plugin.findCommand(id, { must: true });
  const data = commandData(cached, command);
  writeFileSync(join(output, 'commands', `${id.replaceAll(':', '/')}.json`), json(data));
  entries[id] = {
    summary: data.summary,
    hidden: cached.hidden,
    aliases: cached.aliases,
    hiddenAliases: cached.hiddenAliases,
  };
  globalFlags = { ...globalFlags, ...sharedFlags(data) };
}
const topics = Object.fromEntries(
  Object.entries(oclif.topics).map(([name, { description }]) => [name, description]),
);
const { description } = oclif;
writeFileSync(
  join(output, 'index.json'),
  json({ version, description, commands: entries, topics, globalFlags }),
);

function byId([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

function commandData(cached: Command.Cached, command: Command.Class): CommandData {
  const { id, summary = '', description, examples = [] } = cached;
  const definitions = { ...command.baseFlags, ...command.flags } as Record<string, object>;
  const text = (template: string): string =>
    template
      .replaceAll('<%= config.bin %>', 'synapse')
      .replaceAll('<%= command.id %>', id.replaceAll(':', ' '));
  return {
    id,
    summary: text(summary),
    description: description === undefined ? undefined : text(description),
    examples: examples.map((example) =>
      text(typeof example === 'string' ? example : example.command),
    ),
    args: mapValues(cached.args, (arg, name) =>
      argData({ ...arg, multiple: isMultiple(cached, name) }, command.args[name] ?? {}),
    ),
    flags: mapValues(cached.flags, (flag, name) => flagData(flag, definitions[name] ?? {})),
  };
}

/** Without `strict`, what follows the last argument is more of the same. */
function isMultiple({ args, strict }: Command.Cached, name: string): boolean | undefined {
  const isLast = Object.keys(args).at(-1) === name;
  return args[name]?.multiple ?? (strict === false && isLast ? true : undefined);
}

function argData(cached: Command.Arg.Cached, definition: object): ArgData {
  const { description, required, multiple, hidden, options } = cached;
  return {
    description,
    required,
    multiple,
    hidden,
    options,
    default: shown(cached.default),
    valueKind: kindOf(definition),
  };
}

function flagData(cached: Command.Flag.Cached, definition: object): FlagData {
  const { type, char, aliases, description, required, hidden, helpGroup, env } = cached;
  const shared = { type, char, aliases, description, required, hidden, helpGroup, env };
  if (cached.type === 'boolean') return { ...shared, allowNo: cached.allowNo || undefined };
  const { multiple, options, helpValue } = cached;
  return {
    ...shared,
    multiple: multiple || undefined,
    options,
    helpValue: typeof helpValue === 'string' ? helpValue : helpValue?.join(' '),
    default: shown(cached.default),
    valueKind: kindOf(definition),
  };
}

/** A default value as help shows it. */
function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sharedFlags({ flags }: CommandData): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(flags)
      .filter(([, { helpGroup }]) => helpGroup === 'GLOBAL')
      .flatMap(([name, { aliases = [], type }]) =>
        [name, ...aliases].map((each) => [each, type === 'option'] as const),
      ),
  );
}

function mapValues<T, R>(
  values: Readonly<Record<string, T>>,
  map: (value: T, name: string) => R,
): Record<string, R> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, map(value, name)]),
  );
}

function json(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
