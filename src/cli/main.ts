import { setImmediate } from 'node:timers/promises';
import { Config } from '@oclif/core';
import { describeError } from './describeError.js';
import { printEvent } from './printEvent.js';
import { printNote } from './printNote.js';
import { runCommandLine } from './runCommandLine.js';
import { onOutputFailure, takeOutputFailure, watchStandardStreams } from './standardStreams.js';

/**
 * Runs one command line. Reports errors that no command has reported (an unknown command, an invalid flag, a full disk) in
 * the same one-line format.
 */
export async function main(argv: string[], root: string): Promise<void> {
  if (argv[0] === 'complete' && (argv[1] === '--shell' || argv[1] === '--fetch')) {
    const { complete } = await import('./completion/complete.js');
    return complete(argv.slice(1), root);
  }
  watchStandardStreams();
  try {
    // All commands are part of the package.
    const config = await Config.load({ root, userPlugins: false, devPlugins: false });
    await runCommandLine(argv, config);
  } catch (error) {
    reportUncaught(error, argv);
  }
  const reportOutput = (): void => {
    const failure = takeOutputFailure();
    if (failure !== undefined) reportUncaught(failure, argv);
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
