import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { findEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import { bindingFor } from '../jsonSchema/bindings.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { putGrid, type GridRecord } from './gridRecords.js';
import { queryRows, recordSetRows, type GridSource } from './gridSources.js';

/**
 * Starts a session with the rows of a record set or a query, or without rows.
 *
 * @throws 403 for anonymous callers and for the session of another user, 404, 400
 * @see https://rest-docs.synapse.org/rest/POST/grid/session/async/start.html
 */
export async function createGrid(
  world: World,
  caller: Caller,
  request: M.CreateGridRequest,
): Promise<GridRecord> {
  requireLogin(caller);
  const { ownerPrincipalId = String(caller.userId) } = request;
  if (!caller.groups.has(Number(ownerPrincipalId))) {
    throw forbidden("Caller must be a member of the owner's team.");
  }
  const source = await sourceOf(world, caller, { ...request, ownerPrincipalId });
  const schemaId = schemaOf(world, caller, source);
  const now = world.timestamp();
  return world.store.transaction(() =>
    putGrid(world, {
      session: {
        sessionId: world.uuid(),
        startedBy: String(caller.userId),
        startedOn: now,
        etag: world.uuid(),
        modifiedOn: now,
        lastReplicaIdClient: 0,
        lastReplicaIdService: 0,
        ...(schemaId !== undefined && { gridJsonSchema$Id: schemaId }),
        ...(source.entity && { sourceEntityId: source.entity.id }),
        ownerPrincipalId,
      },
      columns: source.columns,
      rows: source.rows,
      replicas: [],
    }),
  );
}

async function sourceOf(
  world: World,
  caller: Caller,
  { initialQuery, recordSetId, ownerPrincipalId }: M.CreateGridRequest,
): Promise<GridSource> {
  if (initialQuery !== undefined && recordSetId !== undefined) {
    throw badRequest('Cannot set both initialQuery and recordSetId.');
  }
  if (initialQuery !== undefined) {
    return queryRows(world, caller, initialQuery, ownerPrincipalId);
  }
  return recordSetId === undefined
    ? { columns: [], rows: [] }
    : recordSetRows(world, caller, recordSetId);
}

/** The schema of the rows: that of the record set, or of the first entity of a view. */
function schemaOf(world: World, caller: Caller, { entity, rows }: GridSource): string | undefined {
  const judged = entity?.type === 'entityview' ? firstEntity(world, rows[0]?.source) : entity;
  return judged !== undefined && hasAccess(world, caller, judged.id, 'READ')
    ? bindingFor(world, judged)?.schemaId
    : undefined;
}

function firstEntity(
  world: World,
  row: Pick<M.Row, 'rowId'> | undefined,
): EntityRecord | undefined {
  return row?.rowId === undefined ? undefined : findEntityRecord(world, `syn${row.rowId}`);
}
