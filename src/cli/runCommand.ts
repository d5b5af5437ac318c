import type { Command } from '@oclif/core';
import type { CommandIndex } from './commandData.js';
import { importBuilt } from './importBuilt.js';
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
  // A command is short: the optimizing compiler of Node.js 20 would take a fifth of its processor time. Later versions have a faster one.
  if (process.versions.node.startsWith('20.')) {
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--interrupt-budget=700000');
  }
  const name = ownId(id, index);
  const file = `commands/${name.replaceAll(':', '/')}`;
  const { default: command } = (await importBuilt(root, file)) as { default: Command.Class };
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
