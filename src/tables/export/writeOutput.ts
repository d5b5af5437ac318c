import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileSystemError } from '../../errors.js';
import { placeFile, prepareDestination } from '../../files/placeFile.js';
import { temporaryPath } from '../../files/temporaryPath.js';

/** How a file is written. */
export interface OutputOptions {
  /** Whether a file that is there already is replaced. @default false */
  overwrite?: boolean;
  /** Stops the operation, which then rejects with `signal.reason` unchanged. */
  signal?: AbortSignal;
}

/**
 * Writes bytes into a file, which appears in one step when it is complete, or into a stream, which is ended.
 *
 * @param bytes - Called when the file can be written: nothing is prepared in vain.
 * @throws {@link FileSystemError} (`EEXIST`) when the file is there already, and `overwrite` is not given
 */
export async function writeOutput(
  target: string | Writable,
  bytes: () => AsyncIterable<Uint8Array>,
  { overwrite = false, signal }: OutputOptions = {},
): Promise<void> {
  if (typeof target !== 'string') {
    await pipe(bytes(), target, signal);
    return;
  }
  const path = resolve(target);
  await prepareDestination(path, overwrite);
  const temporary = temporaryPath(path);
  try {
    await pipe(bytes(), createWriteStream(temporary, { flags: 'wx' }), signal);
    await placeFile(temporary, path, { overwrite });
  } catch (error) {
    throw fileSystemError('Cannot write', path, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function pipe(
  source: AsyncIterable<Uint8Array>,
  target: Writable,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await pipeline(source, target, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
