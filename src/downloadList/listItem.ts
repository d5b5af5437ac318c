import { ArgumentError } from '../errors.js';
import { entityVersionOf, parseSynapseId, type EntityRef } from '../values/ids.js';

/**
 * A file of a download list, in the form of the service. Without a version, it is the one that is current at the time of the
 * download.
 */
export interface DownloadListItem {
  fileEntityId: string;
  versionNumber?: number;
}

/** A file: its id (`syn123`, `syn123.4`), an entity with its `versionNumber` if it has one, or an item of the list. */
export type ListedFileRef = EntityRef | DownloadListItem;

/** One value or several. */
export type OneOrMany<T> = T | Iterable<T> | AsyncIterable<T>;

/** Files that one request adds or removes at most. */
export const itemsPerRequest = 1000;

/** Files that a download list holds at most. */
export const mostFiles = 100_000;

/** @throws {@link ArgumentError} when it names no file */
export function listItem(file: unknown): DownloadListItem {
  if (typeof file !== 'object' || file === null || !('fileEntityId' in file)) {
    const { id, version } = entityVersionOf(file);
    return itemOf(id, version);
  }
  const { fileEntityId, versionNumber } = file as Partial<DownloadListItem>;
  const { id, version } = parseSynapseId(String(fileEntityId));
  if (version !== undefined && versionNumber !== undefined && version !== versionNumber) {
    throw new ArgumentError(
      `The id ${id}.${version} and the versionNumber ${versionNumber} are of different versions: give only one of them.`,
    );
  }
  return itemOf(id, versionNumber ?? version);
}

function itemOf(fileEntityId: string, versionNumber: number | undefined): DownloadListItem {
  if (versionNumber === undefined) return { fileEntityId };
  if (Number.isSafeInteger(versionNumber) && versionNumber >= 1)
    return { fileEntityId, versionNumber };
  throw new ArgumentError(
    `${versionNumber} is not a version of ${fileEntityId}: versions begin at 1.`,
  );
}

/** `syn123`, or `syn123.4`. */
export function keyOf({ fileEntityId, versionNumber }: DownloadListItem): string {
  return versionNumber === undefined ? fileEntityId : `${fileEntityId}.${versionNumber}`;
}

/** Cuts a list into pieces. */
export function* pieces<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/**
 * Takes each value of an argument that may be one value. A text and a query are one, although they can be iterated. Values are not
 * awaited: a query would run.
 */
export async function takeEach<T>(
  values: OneOrMany<T>,
  isOne: (value: OneOrMany<T>) => value is T,
  take: (value: T) => void,
): Promise<void> {
  if (isOne(values)) take(values);
  else if (Symbol.asyncIterator in values) for await (const value of values) take(value);
  else for (const value of values) take(value);
}
