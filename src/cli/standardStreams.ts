/** Error codes of a pipe whose reader, such as `head`, has ended. */
const readerGone = new Set(['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED']);

interface OutputState {
  isReaderGone: boolean;
  failure: Error | undefined;
  stop: (reason: Error) => void;
}

const output: OutputState = { isReaderGone: false, failure: undefined, stop: () => undefined };

/**
 * Handles errors of stdout and stderr, which Node.js reports as events. The end of a reader is no error. Any other error of
 * stdout, such as a full disk, stops the command. Errors of stderr are ignored, because there is nowhere to report them.
 */
export function watchStandardStreams(): void {
  // oclif throws these errors, which ends the process with a stack trace.
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (readerGone.has(error.code ?? '')) output.isReaderGone = true;
    else if (output.failure === undefined) {
      output.failure = outputError(error);
      output.stop(output.failure);
    }
  });
  process.stderr.on('error', () => undefined);
}

/** Whether the reader of stdout has closed it. A command that only prints can then end. */
export function isReaderGone(): boolean {
  return output.isReaderGone;
}

/** Calls back when stdout fails. */
export function onOutputFailure(stop: (reason: Error) => void): void {
  output.stop = stop;
}

/** The failure of stdout, once: it is reported by the first who asks. */
export function takeOutputFailure(): Error | undefined {
  const { failure } = output;
  output.failure = undefined;
  return failure;
}

function outputError(error: NodeJS.ErrnoException): Error {
  const reason =
    error.code === 'ENOSPC'
      ? 'the disk is full'
      : `writing failed with ${error.code ?? error.message}`;
  return Object.assign(new Error(`The result cannot be written to standard output: ${reason}.`), {
    code: 'OUTPUT',
    cause: error,
  });
}
