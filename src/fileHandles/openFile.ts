import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { openAssociation } from '../storages/openAssociation.js';
import type { StoredObject } from '../transfer/storedObject.js';
import { openOwnFile } from './openOwnFile.js';

/** A file handle, and an object that gives access to it: an entity, a table, a wiki page, a submission... */
export type FileHandleAssociation = Required<M.FileHandleAssociation>;

/** A file handle that the caller owns, or its id; or a file handle with an object that gives access to it. */
export type FileToDownload = FileHandleAssociation | M.FileHandle | string;

/** Opens the content of a file handle. */
export function openFile(
  ctx: Context,
  file: FileToDownload,
  options: Pick<CommonOptions, 'signal'>,
): Promise<StoredObject> {
  if (typeof file === 'string') return openOwnFile(ctx, file, options);
  if ('associateObjectId' in file) return openAssociation(ctx, file, options);
  if (file.id !== undefined) return openOwnFile(ctx, file.id, options);
  return Promise.reject(new ArgumentError('The file handle has no id.'));
}
