import { loadHelpClass, ux, type Config } from '@oclif/core';
import { readCommandLine, type CommandNames } from './readCommandLine.js';

/**
 * Runs a command, or prints help or the version.
 *
 * oclif would take arguments for words of a command's name, so the command is found here.
 *
 * @throws a usage error for an unknown command, and what the command throws.
 */
export async function runCommandLine(argv: readonly string[], config: Config): Promise<void> {
  const line = readCommandLine(argv, namesOf(config));
  if (line.kind === 'run') {
    await config.runCommand(line.id, line.argv);
  } else if (line.kind === 'version') {
    ux.stdout(config.userAgent);
  } else {
    const Help = await loadHelpClass(config);
    const help = new Help(config, config.pjson.oclif.helpOptions);
    await help.showHelp(line.id === undefined ? [] : [line.id, ...line.rest]);
  }
}

function namesOf(config: Config): CommandNames {
  const shared = Object.values(config.findCommand('get')?.flags ?? {}).filter(
    ({ helpGroup }) => helpGroup === 'GLOBAL',
  );
  return {
    commands: config.commands.flatMap(({ id, aliases, hiddenAliases }) => [
      id,
      ...aliases,
      ...hiddenAliases,
    ]),
    topics: config.topics.map(({ name }) => name),
    globalFlags: new Map(
      shared.flatMap(({ name, aliases = [], type }) =>
        [name, ...aliases].map((each) => [each, type === 'option'] as const),
      ),
    ),
  };
}
