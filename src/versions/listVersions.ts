import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';

/** A version of an entity. It can be given wherever an entity can: `syn.get(version)`. */
export interface Version {
  /** `syn` and digits. */
  id: string;
  versionNumber: number;
  /** @default the number */
  versionLabel?: string;
  versionComment?: string;
  isLatestVersion: boolean;
  /** User name. */
  modifiedBy?: string;
  /** User id. */
  modifiedByPrincipalId?: string;
  /** ISO 8601, UTC. */
  modifiedOn?: string;
  /** MD5 of the content of a file: hexadecimal, lower case. */
  contentMd5?: string;
  /** Bytes of the content of a file. */
  contentSize?: number;
}

const pageSize = 100;

/** Implements {@link Versions.list}. */
export function listVersions(
  ctx: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Listing<Version> {
  const id = currentOf(entity, 'all its versions are listed');
  const page = { id, limit: pageSize };
  return listing(async function* () {
    const versions = ctx.http.paginate('entity.listEntityVersions', page, callOptions(options));
    for await (const version of versions) yield versionOfInfo(id, version);
  });
}

function versionOfInfo(
  id: string,
  { contentMd5, contentSize, isLatestVersion, ...info }: M.VersionInfo,
): Version {
  const { versionNumber, versionLabel, versionComment } = info;
  const { modifiedBy, modifiedByPrincipalId, modifiedOn } = info;
  return {
    id,
    versionNumber,
    versionLabel,
    versionComment,
    isLatestVersion: isLatestVersion === true,
    modifiedBy,
    modifiedByPrincipalId,
    modifiedOn,
    contentMd5: contentMd5?.toLowerCase(),
    contentSize: contentSize === undefined ? undefined : Number(contentSize),
  };
}
