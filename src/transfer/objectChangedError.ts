import { DownloadError } from '../errors.js';

/** The object in the store is not the one that the download began with, or not the one of the file handle. */
export class ObjectChangedError extends DownloadError {}

/** @throws ObjectChangedError when a store has another number of bytes than is expected */
export function checkSize(actual: number | undefined, expected: number): void {
  if (actual === undefined || actual === expected) return;
  throw new ObjectChangedError(
    `The file has ${actual} bytes in its store, but Synapse says that it has ${expected}.`,
  );
}
