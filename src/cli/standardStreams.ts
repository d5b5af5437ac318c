/** Error codes of a pipe whose reader, such as `head`, has ended. */
const readerGone = new Set(['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED']);

interface OutputState {
  isReaderGone: boolean;
  failure: Error | undefined;
  stop: (reason: Error) => void;
}

const output: OutputState = { isReaderGone: false, failure: undefined, stop: () => undefined };

/** Milliseconds for which lines are collected. */
const collectTime = 20;

/** The streams that collect lines. */
const collecting = new Set<NodeJS.WriteStream>();
let collectTimer: NodeJS.Timeout | undefined;

/**
 * Handles errors of stdout and stderr, which Node.js reports as events. The end of a reader is no error. Any other error of
 * stdout, such as a full disk, stops the command. Errors of stderr are ignored, because there is nowhere to report them.
 */
export function watchStandardStreams(): void {
  handleStdoutErrors();
  process.stderr.on('error', () => undefined);
  process.on('exit', writeCollected);
}

/**
 * Handles the errors of stdout, in place of all other listeners. To be called again after oclif is loaded: it throws these errors,
 * which ends the process with a stack trace.
 */
export function handleStdoutErrors(): void {
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (readerGone.has(error.code ?? '')) output.isReaderGone = true;
    else if (output.failure === undefined) {
      output.failure = outputError(error);
      output.stop(output.failure);
    }
  });
}

/**
 * Collects what is written to a stream for a short time. A pipe then gets many lines together, because each write wakes up the
 * program that reads the pipe. Nothing is collected when a terminal shows anything of this process.
 */
export function collectLines(stream: NodeJS.WriteStream): void {
  if (collecting.has(stream) || process.stdout.isTTY || process.stderr.isTTY) return;
  collecting.add(stream);
  stream.cork();
  // The end of the process does not wait for this: what is left is written then.
  collectTimer ??= setTimeout(writeCollected, collectTime).unref();
}

/** Writes the lines that were collected. */
export function writeCollected(): void {
  clearTimeout(collectTimer);
  collectTimer = undefined;
  for (const stream of collecting) stream.uncork();
  collecting.clear();
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
