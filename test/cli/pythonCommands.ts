import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Flags, type Command } from '@oclif/core';

const folder = join(import.meta.dirname, '../../src/cli/commands');

/** The commands of one word, with their other names. All commands of the Python client are of one word. */
export async function flatCommands(): Promise<ReadonlyMap<string, Command.Class>> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const commands = new Map<string, Command.Class>();
  for (const file of files) {
    const { default: command } = (await import(join(folder, file))) as { default: Command.Class };
    command.id = file.replace(/\.ts$/, '');
    for (const name of [command.id, ...command.aliases, ...command.hiddenAliases]) {
      commands.set(name, command);
    }
  }
  return commands;
}

/** All flags of a command, by name. */
export function flagsOf(command: Command.Class): Command.Class['flags'] {
  return { json: Flags.boolean(), ...command.baseFlags, ...command.flags };
}
