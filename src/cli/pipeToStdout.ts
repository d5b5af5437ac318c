import { pipeline } from 'node:stream/promises';

/** Writes bytes or text to stdout unchanged, with backpressure. */
export async function pipeToStdout(
  bytes: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await pipeline(bytes, process.stdout, { end: false, signal });
  } catch (error) {
    // The reader, such as `head`, has closed the pipe. This is not an error.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
