import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileSystemError } from '../../errors.js';
import { placeFile, prepareDestination } from '../../files/placeFile.js';
import { withSuffix } from '../../files/temporaryPath.js';
import { withOwnSignal } from '../../net/withOwnSignal.js';

/** How {@link writeOutput} writes. */
export interface WriteOutputOptions {
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
  signal?: AbortSignal;
}

/**
 * Writes text or bytes to a new file, which appears when it is complete, or to a stream.
 *
 * @param open - Gives the content. Called after the destination has been checked.
 * @returns The path of the file.
 * @throws FileSystemError when the file exists already, or cannot be written
 */
export async function writeOutput(
  target: string | Writable,
  open: () => AsyncIterable<Uint8Array | string>,
  { overwrite = false, signal }: WriteOutputOptions,
): Promise<string | undefined> {
  if (typeof target !== 'string') {
    await writeStream(target, open(), signal);
    return undefined;
  }
  const path = resolve(target);
  await prepareDestination(path, overwrite);
  const temporary = withSuffix(path, `.${randomUUID()}.part`);
  try {
    const file = createWriteStream(temporary, { flags: 'wx' });
    await withOwnSignal(signal, (own) => pipeline(Readable.from(open()), file, { signal: own }));
    return await placeFile(temporary, path, { overwrite });
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    signal?.throwIfAborted();
    throw fileSystemError('Cannot write', path, cause);
  }
}

/** Writes to a stream and ends it, except for those of the process. */
async function writeStream(
  target: Writable,
  source: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const end = target !== process.stdout && target !== process.stderr;
  try {
    await withOwnSignal(signal, (own) => pipeline(source, target, { end, signal: own }));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
