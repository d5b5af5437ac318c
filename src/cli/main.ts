import { readCommandIndex } from './commandData.js';
import type * as Completion from './completion/complete.js';
import { importBuilt } from './importBuilt.js';
import { readCommandLine } from './readCommandLine.js';
import { onOutputFailure, takeOutputFailure, watchStandardStreams } from './standardStreams.js';

/**
 * Runs one command line. Reports errors that no command has reported (an unknown command, an invalid flag, a full disk) in
 * the same one-line format.
 *
 * Each step loads only what it needs: finding a command, help and the version need neither oclif nor the library.
 *
 * @param root - The directory of the executable.
 */
export async function main(argv: string[], root: string): Promise<void> {
  if (argv[0] === 'complete' && argv[1] === '--shell') {
    const { complete } = (await importBuilt(root, 'completion')) as typeof Completion;
    return complete(argv.slice(2), root);
  }
  if (argv[0] === 'complete' && argv[1] === '--fetch') {
    const { keepList } = await import('./completion/keepList.js');
    return keepList(argv[2] ?? '');
  }
  watchStandardStreams();
  try {
    await runCommandLine(argv, root);
  } catch (error) {
    await report(error, argv);
  }
  // A failed write is reported by an event.
  await new Promise(setImmediate);
  const reportOutput = async (): Promise<void> => {
    const failure = takeOutputFailure();
    if (failure !== undefined) await report(failure, argv);
  };
  onOutputFailure(() => void reportOutput());
  await reportOutput();
}

/** @throws a usage error for an unknown command, and what the command throws. */
async function runCommandLine(argv: readonly string[], root: string): Promise<void> {
  const index = readCommandIndex(root);
  const line = readCommandLine(argv, {
    commands: Object.entries(index.commands).flatMap(([id, { aliases, hiddenAliases }]) => [
      id,
      ...aliases,
      ...hiddenAliases,
    ]),
    topics: Object.keys(index.topics),
    globalFlags: new Map(Object.entries(index.globalFlags)),
  });
  if (line.kind === 'run') {
    const { runCommand } = await import('./runCommand.js');
    await runCommand({ id: line.id, argv: line.argv }, index, root);
  } else if (line.kind === 'version') {
    const { platform, arch, version } = process;
    process.stdout.write(`synapseclient/${index.version} ${platform}-${arch} node-${version}\n`);
  } else {
    const { showHelp } = await import('./help/showHelp.js');
    await showHelp(line, index, root);
  }
}

async function report(error: unknown, argv: readonly string[]): Promise<void> {
  // A command that has reported its error ends with an exit "error".
  const { code, oclif } = error as { code?: string; oclif?: { exit?: number } };
  if (code === 'EEXIT') {
    process.exitCode = oclif?.exit ?? 0;
    return;
  }
  const { reportUncaught } = await import('./reportUncaught.js');
  reportUncaught(error, argv);
}
