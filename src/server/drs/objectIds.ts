import { parseIdAndVersion } from '../entities/entityIds.js';
import { badRequest } from '../kernel/serviceError.js';

/** What an id names: a file handle, or a version of a file or dataset, which does not change. */
export type ObjectId = { readonly fileHandleId: string } | { readonly entity: VersionReference };

/** @throws 400 */
export function parseObjectId(text: string): ObjectId {
  const id = text.trim();
  if (/^fh/i.test(id)) {
    const digits = /^\d{1,18}$/.exec(id.slice(2))?.[0];
    if (digits === undefined) {
      throw badRequest('File Handle ID must contain prefix "fh" followed by a Long');
    }
    return { fileHandleId: String(Number(digits)) };
  }
  if (/^syn/i.test(id)) {
    return { entity: parseVersion(id, 'Entity ID must include version. e.g syn123.1') };
  }
  throw badRequest(
    'Object Id must be entity ID with version (e.g syn32132536.1), or the file handle ID prepended with the string "fh" (e.g. fh123)',
  );
}

export interface VersionReference {
  readonly id: string;
  readonly version: number;
}

/** @throws 400 for an id without a version */
export function parseVersion(text: string, withoutVersion: string): VersionReference {
  const { id, version } = parseIdAndVersion(text);
  if (version === undefined) throw badRequest(withoutVersion);
  return { id, version };
}
