import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** Cells as a CSV file has them. */
export type GridCells = readonly (string | null)[];

/** A table that several people edit, until it is written back. */
export interface GridRecord {
  readonly session: M.GridSession &
    Required<Pick<M.GridSession, 'etag' | 'modifiedOn' | 'sessionId' | 'startedBy' | 'startedOn'>>;
  readonly columns: readonly string[];
  readonly rows: readonly GridCells[];
  readonly replicas: readonly M.GridReplica[];
}

/** All sessions by id. */
export function grids(world: World): Collection<GridRecord> {
  return world.store.collection<GridRecord>('gridSessions');
}

/** Whether a session is the caller's, or that of a group of the caller. */
export function ownsGrid(caller: Caller, { session }: GridRecord): boolean {
  return (
    caller.isAdmin ||
    (!caller.isAnonymous &&
      (session.startedBy === String(caller.userId) ||
        caller.groups.has(Number(session.ownerPrincipalId))))
  );
}

/** @throws 404, 403 for callers whose session it is not */
export function requireGrid(world: World, caller: Caller, id: string | undefined): GridRecord {
  const grid = grids(world).get(id ?? '');
  if (grid === undefined) {
    throw notFound(`The grid session ${id?.slice(0, 100) ?? ''} does not exist.`);
  }
  if (!ownsGrid(caller, grid)) {
    throw forbidden('Only the owner of a grid session can access it.');
  }
  return grid;
}

/** Stores a session as changed now. */
export function putGrid(world: World, grid: GridRecord): GridRecord {
  const session = { ...grid.session, etag: world.uuid(), modifiedOn: world.timestamp() };
  const changed = { ...grid, session };
  grids(world).put(session.sessionId, changed);
  return changed;
}
