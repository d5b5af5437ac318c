import { entityHooks } from '../entities/entityHooks.js';
import { findEntityRecord, getVersionRecord } from '../entities/entityRecords.js';
import { snapshotEntity } from '../entities/entityVersions.js';
import { putEntity } from '../entities/entityWrites.js';
import type { Caller } from '../kernel/caller.js';
import type { World } from '../world.js';
import type { TableDatabase } from './tableDatabase.js';

/**
 * The change of the entity that belongs to a change of a table. It is written with the rows, so
 * that a server that is killed between the two commits completes the second one at the next start.
 */
export interface Redo {
  readonly entityId: string;
  readonly userId: number;
  readonly etag: string;
  readonly modifiedOn: string;
  readonly columnIds?: readonly string[];
  readonly isSearchEnabled?: boolean;
  readonly snapshot?: RedoSnapshot;
}

/** The version that becomes a snapshot. */
export interface RedoSnapshot {
  readonly version: number;
  readonly label?: string;
  readonly comment?: string;
  readonly activityId?: string;
}

/**
 * Applies the change to the entity, if it has not been applied yet, in the open store transaction.
 */
export function applyRedo(world: World, redo: Redo, caller: Caller): void {
  touch(world, redo, caller);
  const { snapshot } = redo;
  const record = findEntityRecord(world, redo.entityId);
  if (snapshot !== undefined && record?.currentVersion === snapshot.version) {
    const { label, comment, activityId } = snapshot;
    snapshotEntity(world, caller, record, { label, comment, activityId });
  }
}

function touch(world: World, redo: Redo, caller: Caller): void {
  const record = findEntityRecord(world, redo.entityId);
  const done = redo.snapshot !== undefined && record?.currentVersion !== redo.snapshot.version;
  if (record === undefined || record.etag === redo.etag || done) {
    return;
  }
  const version = getVersionRecord(world, record);
  const { columnIds, isSearchEnabled, userId, etag, modifiedOn } = redo;
  const entity = {
    record: { ...record, etag },
    version: {
      ...version,
      modifiedBy: userId,
      modifiedOn,
      fields: {
        ...version.fields,
        ...(columnIds !== undefined && { columnIds }),
        ...(isSearchEnabled !== undefined && { isSearchEnabled }),
      },
    },
  };
  putEntity(world, entity);
  entityHooks(world).emit({ kind: 'update', caller, entity, previous: { record, version } });
}

/** Completes the change of a killed server. */
export function finishRedo(
  world: World,
  db: TableDatabase,
  tableId: number,
  redo: string | undefined,
): void {
  if (redo !== undefined) {
    const parsed = JSON.parse(redo) as Redo;
    world.store.transaction(() => applyRedo(world, parsed, callerOf(world, parsed.userId)));
    clearRedo(db, tableId);
  }
}

export function clearRedo(db: TableDatabase, tableId: number): void {
  db.run('UPDATE tables SET redo = NULL WHERE table_id = ?', [tableId]);
}

/** A caller whose permissions were checked before the server was killed. */
function callerOf(world: World, userId: number): Caller {
  return {
    userId,
    isAnonymous: false,
    isAdmin: false,
    isCertified: true,
    groups: world.groupsOf(userId),
    scopes: new Set(),
  };
}
