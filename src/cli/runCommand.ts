import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '@oclif/core';
import { commandDirectory, type CommandIndex } from './commandData.js';
import { minimalConfig } from './minimalConfig.js';
import { handleStdoutErrors } from './standardStreams.js';

/**
 * Loads a command and runs it.
 *
 * @param root - The directory of the executable.
 * @throws what the command throws.
 */
export async function runCommand(
  { id, argv }: { id: string; argv: string[] },
  index: CommandIndex,
  root: string,
): Promise<void> {
  const name = ownId(id, index);
  const file = join(commandDirectory(root), 'commands', `${name.replaceAll(':', '/')}.js`);
  const { default: command } = (await import(pathToFileURL(file).href)) as {
    default: Command.Class;
  };
  handleStdoutErrors();
  command.id = name;
  await command.run(argv, minimalConfig(root, index.version));
}

/** The id of a command that may be given by an alias. */
function ownId(id: string, { commands }: CommandIndex): string {
  if (id in commands) return id;
  const found = Object.entries(commands).find(([, { aliases, hiddenAliases }]) =>
    [...aliases, ...hiddenAliases].includes(id),
  );
  return found?.[0] ?? id;
}
