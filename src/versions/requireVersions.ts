import type * as M from '../../generated/models.js';
import { tableKind } from '../columns/tableKinds.js';
import { ArgumentError } from '../errors.js';
import { shortName } from '../values/shortName.js';

/** An entity whose versions users make: a file or a record set. */
export type VersionedEntity = M.FileEntity | M.RecordSet;

/**
 * Checks that an entity has versions that can be changed or restored.
 *
 * @throws {@link ArgumentError} for a table or view, whose versions are snapshots, and for what has no versions.
 */
export function requireVersions(entity: M.Entity, id: string): VersionedEntity {
  if ('dataFileHandleId' in entity) return entity;
  const what = `${id} (${entity.name ?? ''}) is a ${shortName(entity.concreteType)}`;
  throw new ArgumentError(
    tableKind(entity.concreteType) === undefined
      ? `${what}, which has no versions: files have.`
      : `${what}: its versions are snapshots, which do not change. Query one as a table: select * from ${id}.1. Make one, with label and comment, with syn.tables.snapshot or synapse table snapshot.`,
  );
}
