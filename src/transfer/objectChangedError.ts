import { DownloadError } from '../errors.js';

/** The object in the store has changed since the download started, or does not match the file handle. */
export class ObjectChangedError extends DownloadError {}

/** @throws ObjectChangedError when the size in the store differs from the expected size */
export function checkSize(actual: number | undefined, expected: number): void {
  if (actual === undefined || actual === expected) return;
  throw new ObjectChangedError(
    `The file has ${actual} bytes in its store, but ${expected} bytes according to Synapse.`,
  );
}
