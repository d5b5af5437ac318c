import { Config, flush, run } from '@oclif/core';
import { describeError } from './describeError.js';

/**
 * Runs one command line. Errors that no command has reported (an unknown command, a bad flag) are
 * reported here in the same one line as all others.
 */
export async function main(argv: string[], root: string): Promise<void> {
  const config = await Config.load({ root });
  try {
    await run(argv, config);
  } catch (error) {
    reportUncaught(error, argv);
  }
  await flush();
}

function reportUncaught(error: unknown, argv: string[]): void {
  // Help and version end with an exit "error" of status 0: nothing to say.
  const exit = (error as { oclif?: { exit?: number } }).oclif?.exit;
  if ((error as { code?: string }).code === 'EEXIT') {
    process.exitCode = exit ?? 0;
    return;
  }
  const { message, exitCode, json } = describeError(error);
  process.stderr.write(
    argv.includes('--json') ? `${JSON.stringify(json)}\n` : `synapse: ${message}\n`,
  );
  process.exitCode = exitCode;
}
