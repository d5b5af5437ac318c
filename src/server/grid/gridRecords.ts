import type * as M from '../../../generated/models.js';
import type { EntityAccessType } from '../access/decideAccess.js';
import { requireAccess } from '../access/requireAccess.js';
import { findEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';
import type { GridCell, GridColumn } from './gridCells.js';

/** A row of a grid. */
export interface GridRow {
  /** The cells, one for each column. */
  readonly cells: readonly GridCell[];
  /** The row of the table or view that it was read from. */
  readonly source?: Pick<M.Row, 'etag' | 'rowId' | 'versionNumber'>;
}

/** Columns and rows. */
export interface GridContent {
  readonly columns: readonly GridColumn[];
  readonly rows: readonly GridRow[];
}

/** A session in which several users edit rows before they are written back. */
export interface GridRecord extends GridContent {
  readonly session: M.GridSession &
    Required<Pick<M.GridSession, 'etag' | 'modifiedOn' | 'sessionId' | 'startedBy' | 'startedOn'>>;
  readonly replicas: readonly M.GridReplica[];
}

/** Maximum number of rows of a grid. */
export const maxGridRows = 100_000;

/** The permissions on the source of a grid that are required to use it. */
const sourceAccess: Partial<Record<M.EntityType, readonly EntityAccessType[]>> = {
  recordset: ['READ', 'DOWNLOAD', 'UPDATE'],
  table: ['READ', 'DOWNLOAD', 'UPDATE'],
};

/** All sessions by id. */
export function grids(world: World): Collection<GridRecord> {
  return world.store.collection<GridRecord>('gridSessions');
}

/**
 * Returns a session of the caller or of a group of the caller.
 *
 * @throws 404, 403 also without permission on its source
 */
export function requireGrid(world: World, caller: Caller, id: string | undefined): GridRecord {
  const grid = requireOwnGrid(world, caller, id);
  const { sourceEntityId } = grid.session;
  if (sourceEntityId !== undefined) {
    const type = findEntityRecord(world, sourceEntityId)?.type;
    for (const access of (type && sourceAccess[type]) ?? ['READ']) {
      requireAccess(world, caller, sourceEntityId, access);
    }
  }
  return grid;
}

/**
 * Returns a session of the caller without checking its source.
 *
 * @throws 404, 403 for the session of another user
 */
export function requireOwnGrid(world: World, caller: Caller, id: string | undefined): GridRecord {
  const grid = grids(world).get(id ?? '');
  if (grid === undefined) {
    throw notFound('Grid session not found.');
  }
  const owner = Number(grid.session.ownerPrincipalId);
  if (!caller.isAdmin && (caller.isAnonymous || !caller.groups.has(owner))) {
    throw notYours();
  }
  return grid;
}

/** 403 for the session or replica of another user. */
export function notYours(): Error {
  return forbidden('You are not authorized to access this resource.');
}

/** Stores a session with the current modification time. */
export function putGrid(world: World, grid: GridRecord): GridRecord {
  const session = { ...grid.session, etag: world.uuid(), modifiedOn: world.timestamp() };
  const changed = { ...grid, session };
  grids(world).put(session.sessionId, changed);
  return changed;
}
