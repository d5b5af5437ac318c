import { setImmediate } from 'node:timers/promises';
import { Config, run } from '@oclif/core';
import { quoted } from '../values/quoted.js';
import { describeError } from './describeError.js';
import { nearestCommand } from './nearestCommand.js';
import { printEvent } from './printEvent.js';
import { printNote } from './printNote.js';
import { onOutputFailure, takeOutputFailure, watchStandardStreams } from './standardStreams.js';

/**
 * Runs one command line. Reports errors that no command has reported (an unknown command, an invalid flag, a full disk) in
 * the same one-line format.
 */
export async function main(argv: string[], root: string): Promise<void> {
  watchStandardStreams();
  // `synapse help get`, as in other tools.
  const [first, ...rest] = argv;
  const given = first === 'help' ? [...rest, '--help'] : argv;
  try {
    const config = await Config.load({ root });
    await run(given, config).catch((error: unknown) => {
      throw withSuggestion(error, config);
    });
  } catch (error) {
    reportUncaught(error, given);
  }
  const reportOutput = (): void => {
    const failure = takeOutputFailure();
    if (failure !== undefined) reportUncaught(failure, given);
  };
  // A failed write is reported by an event.
  await setImmediate();
  onOutputFailure(reportOutput);
  reportOutput();
}

function reportUncaught(error: unknown, argv: string[]): void {
  // Help and version end with an exit "error" of status 0, which is not reported.
  const exit = (error as { oclif?: { exit?: number } }).oclif?.exit;
  if ((error as { code?: string }).code === 'EEXIT') {
    process.exitCode = exit ?? 0;
    return;
  }
  const { message, exitCode, json } = describeError(error);
  if (argv.includes('--json')) printEvent(json);
  else printNote(`synapse: ${message}`);
  process.exitCode = exitCode;
}

/** Replaces the oclif error for an unknown command with one that suggests a similar command. */
function withSuggestion(error: unknown, config: Config): unknown {
  const [, id] = (error instanceof Error && /^command (.+) not found$/i.exec(error.message)) || [];
  if (id === undefined || !(error instanceof Error)) return error;
  // All words before the first flag count as the command.
  const words = id.split(':');
  const isTopic = config.topics.some(({ name }) => name === words[0]);
  const typed = words.slice(0, isTopic ? 2 : 1).join(':');
  const nearest = nearestCommand(typed, config.commandIDs);
  const what = `There is no command ${quoted(spaced(typed))}.`;
  error.message = nearest
    ? `${what} Did you mean: synapse ${spaced(nearest)}`
    : `${what} \`synapse --help\` lists all commands.`;
  return error;
}

function spaced(id: string): string {
  return id.replaceAll(':', ' ');
}
