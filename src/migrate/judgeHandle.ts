import type * as M from '../../generated/models.js';
import { shortName } from '../values/shortName.js';
import type { IndexedItem, LeftOutFile, NewRow } from './indexRows.js';
import type { MigrationSettings } from './indexSettings.js';

/** A file handle as a row of an index, or why it is left out. */
export type Judged =
  { row: NewRow; leftOut?: undefined } | { row?: undefined; leftOut: LeftOutFile };

/** Decides whether a file is to be migrated. Only files in S3 can be, because S3 copies them itself. */
export function judgeHandle(
  handle: M.FileHandle,
  item: IndexedItem & { parentId: string | null },
  settings: MigrationSettings,
): Judged {
  const { parentId, ...rest } = item;
  const { id: fileHandleId = '', concreteType, contentSize } = handle;
  const leftOut = (reason: string): Judged => ({ leftOut: { ...rest, fileHandleId, reason } });
  if (concreteType !== 'org.sagebionetworks.repo.model.file.S3FileHandle') {
    return leftOut(
      `Its content is not in S3 but in a ${shortName(concreteType)}: download it and store it again to move it.`,
    );
  }
  const location = handle.storageLocationId;
  if (location === undefined) return leftOut('Its storage location is not known.');
  if (contentSize === undefined) return leftOut('Its size is not known.');
  const { destinationStorageLocationId, sourceStorageLocationIds: sources } = settings;
  const isThere = String(location) === destinationStorageLocationId;
  if (!isThere && sources.length > 0 && !sources.includes(String(location))) {
    return leftOut(
      `It is in storage location ${location}, and only files of ${sources.join(', ')} are migrated.`,
    );
  }
  return {
    row: {
      ...rest,
      parentId,
      status: isThere ? 'ALREADY_MIGRATED' : 'INDEXED',
      error: null,
      fromStorageLocationId: location,
      fromFileHandleId: fileHandleId,
      size: contentSize,
    },
  };
}
