import { Config, flush, run } from '@oclif/core';
import { describeError } from './describeError.js';
import { nearestCommand } from './nearestCommand.js';

/**
 * Runs one command line. Errors that no command has reported (an unknown command, a bad flag) are
 * reported here in the same one line as all others.
 */
export async function main(argv: string[], root: string): Promise<void> {
  const config = await Config.load({ root });
  // `synapse help get` as other tools have it.
  const [first, ...rest] = argv;
  const given = first === 'help' ? [...rest, '--help'] : argv;
  try {
    await run(given, config);
  } catch (error) {
    reportUncaught(error, given, config);
  }
  await flush();
}

function reportUncaught(error: unknown, argv: string[], config: Config): void {
  // Help and version end with an exit "error" of status 0: nothing to say.
  const exit = (error as { oclif?: { exit?: number } }).oclif?.exit;
  if ((error as { code?: string }).code === 'EEXIT') {
    process.exitCode = exit ?? 0;
    return;
  }
  const { message, exitCode, json } = describeError(withSuggestion(error, config));
  process.stderr.write(
    argv.includes('--json') ? `${JSON.stringify(json)}\n` : `synapse: ${message}\n`,
  );
  process.exitCode = exitCode;
}

/** oclif's error for a command that is not there, with one that is. */
function withSuggestion(error: unknown, config: Config): unknown {
  const [, id] = (error instanceof Error && /^command (.+) not found$/i.exec(error.message)) || [];
  if (id === undefined || !(error instanceof Error)) return error;
  // Up to the first flag, all words are taken for the command.
  const words = id.split(':');
  const isTopic = config.topics.some(({ name }) => name === words[0]);
  const typed = words.slice(0, isTopic ? 2 : 1).join(':');
  const nearest = nearestCommand(typed, config.commandIDs);
  const what = `There is no command ${JSON.stringify(spaced(typed))}.`;
  error.message = nearest
    ? `${what} Did you mean: synapse ${spaced(nearest)}`
    : `${what} \`synapse --help\` lists them all.`;
  return error;
}

function spaced(id: string): string {
  return id.replaceAll(':', ' ');
}
