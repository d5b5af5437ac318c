import { constants, type BigIntStats, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ArgumentError, FileSystemError } from '../errors.js';

/**
 * Opening a named pipe for reading waits until another program writes to it, and no signal ends that wait. With this flag,
 * it is opened at once, and recognized by its kind. The flag has no effect on regular files. Windows does not have it.
 */
export const readOnly =
  process.platform === 'win32' ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK;

type Kind = Pick<
  Stats | BigIntStats,
  'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'
>;

/** What is at a path: `a named pipe`. */
export function kindOfFile(info: Kind): string {
  if (info.isFile()) return 'a file';
  if (info.isDirectory()) return 'a folder';
  if (info.isFIFO()) return 'a named pipe';
  if (info.isSocket()) return 'a socket';
  return info.isBlockDevice() || info.isCharacterDevice() ? 'a device' : 'not a regular file';
}

/** @throws FileSystemError (`EISDIR`) for a folder; ArgumentError for a pipe, a socket or a device */
export function checkRegularFile(path: string, info: Kind): void {
  if (info.isFile()) return;
  const kind = kindOfFile(info);
  if (info.isDirectory()) {
    throw new FileSystemError(`${path} is a folder, not a file.`, {
      path,
      code: 'EISDIR',
    });
  }
  throw new ArgumentError(
    `${path} is ${kind}, and only regular files can be read here: pass its content as a stream (for the command, on standard input, with - as the file).`,
  );
}

/**
 * Opens a regular file for reading. It never waits, whatever is at the path, even if that changed since the caller looked.
 * @throws what the file system says, and what {@link checkRegularFile} throws
 */
export async function openRegularFile(
  path: string,
): Promise<{ file: FileHandle; state: BigIntStats }> {
  const file = await open(path, readOnly);
  try {
    const state = await file.stat({ bigint: true });
    checkRegularFile(path, state);
    return { file, state };
  } catch (error) {
    await file.close();
    throw error;
  }
}
