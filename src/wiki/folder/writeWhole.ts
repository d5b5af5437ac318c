import { unlink, writeFile } from 'node:fs/promises';
import { fileSystemError } from '../../errors.js';
import { placeFile } from '../../files/placeFile.js';
import { temporaryPath } from '../../files/temporaryPath.js';

/** Writes a file that appears in one step, in place of one that is there. @throws {@link FileSystemError} */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await placeFile(temporary, path, { overwrite: true });
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw fileSystemError('Cannot write', path, cause);
  }
}
