import { PassThrough, type Writable } from 'node:stream';

/** The chunks that a function writes to a stream. They are written as they are read; leaving the loop ends the function. */
export async function* writtenTo(
  write: (stream: Writable) => Promise<unknown>,
): AsyncGenerator<Uint8Array | string> {
  // Text stays text: each chunk has complete lines.
  const stream = new PassThrough({ objectMode: true, highWaterMark: 2 });
  const done = write(stream).catch((error: unknown) => stream.destroy(error as Error));
  try {
    yield* stream as AsyncIterable<Uint8Array | string>;
    await done;
  } finally {
    stream.destroy();
  }
}
