import { randomUUID } from 'node:crypto';
import { constants, createWriteStream, openSync } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { Socket } from 'node:net';
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
  const device = await openDevice(path);
  if (device !== undefined) {
    await writeStream(device, open(), signal);
    return path;
  }
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

/**
 * Opens a named pipe, such as that of `>(gzip > rows.gz)`, or a device. Nothing is replaced there.
 *
 * @returns `undefined` for any other path.
 * @throws FileSystemError when no program reads the pipe
 */
export async function openDevice(path: string): Promise<Writable | undefined> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined || there.isFile() || there.isDirectory()) return undefined;
  try {
    if (!there.isFIFO()) return createWriteStream(path);
    // Opening a pipe would otherwise wait for its reader.
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: false, writable: true });
  } catch (cause) {
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
