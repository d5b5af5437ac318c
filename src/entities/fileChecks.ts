import { stat } from 'node:fs/promises';
import { ArgumentError, fileSystemError } from '../errors.js';
import { checkRegularFile } from '../files/regularFile.js';
import { isUrl } from '../values/urls.js';
import type { File } from './entityClasses.js';
import { isEntityName } from './entityName.js';
import { localState, type LocalState } from './storedState.js';

/**
 * Checks a file name before the upload. Synapse checks it only after the upload.
 *
 * @throws {@link ArgumentError} for a name that Synapse does not accept.
 */
export function checkFileName(name: string): void {
  if (isEntityName(name)) return;
  throw new ArgumentError(
    `${JSON.stringify(name)} cannot be the name of a file in Synapse: names have up to 256 letters (a to z), digits, spaces and _ - . , + ' ( ). Pass another name, or ask for a safe one (safeNames, --safe-names).`,
  );
}

/**
 * Checks the local file to upload.
 *
 * @returns What there is at its path; `undefined` when there is no local file.
 * @throws {@link FileSystemError} when it cannot be read.
 * @throws {@link ArgumentError} when it is a folder, a pipe, a socket, a device or empty, or there is no content at all.
 */
export async function checkLocalContent(file: File): Promise<LocalState | undefined> {
  const { path, id, name, stream, externalUrl, dataFileHandleId } = file;
  if (stream !== undefined) {
    if (name === undefined && id === undefined) {
      throw new ArgumentError('A stream has no name: pass name.');
    }
    return undefined;
  }
  if (path === undefined) {
    if (id !== undefined || externalUrl !== undefined || dataFileHandleId !== undefined) {
      return undefined;
    }
    throw new ArgumentError(
      `The file ${file.name ?? ''} has no content: pass path, stream, externalUrl or dataFileHandleId.`,
    );
  }
  if (isUrl(path)) return undefined;
  const state = await localState(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', path, cause);
  });
  if (state.kind === 'folder') {
    throw new ArgumentError(`${path} is a folder: a file entity holds one file.`);
  }
  if (state.kind === 'other') checkRegularFile(path, await stat(path));
  if (state.size === 0) {
    throw new ArgumentError(`${path} is empty, and Synapse does not accept empty files.`);
  }
  return state;
}
