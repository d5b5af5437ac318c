import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import type { EntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { SqlError, SqlSyntaxError } from './sql/sqlError.js';

/** Types that a query may read. */
const tableTypes: ReadonlySet<M.EntityType> = new Set<M.EntityType>([
  'table',
  'entityview',
  'submissionview',
  'dataset',
  'datasetcollection',
  'materializedview',
  'virtualtable',
]);

/** Whether queries can read entities of a type. */
export function isTableType(type: M.EntityType): boolean {
  return tableTypes.has(type);
}

/** @throws 400 for an entity that is not a table */
export function requireTableType(record: EntityRecord): void {
  if (!isTableType(record.type)) {
    throw badRequest(`${record.id} is not a table or view`);
  }
}

/** @throws 404 or 403 unless the caller may query the table */
export function requireQueryAccess(world: World, caller: Caller, id: string): EntityRecord {
  const record = requireAccess(world, caller, id, 'READ');
  requireTableType(record);
  // The rows of a view are checked separately, by the permissions of their entities. The rows of a
  // table are its data.
  return record.type === 'table' ? requireAccess(world, caller, id, 'DOWNLOAD') : record;
}

/** Converts errors of SQL and SQLite to bad requests. */
export function asServiceError(error: unknown): unknown {
  if (error instanceof SqlSyntaxError) {
    return badRequest(`org.sagebionetworks.table.query.ParseException: ${error.message}`);
  }
  const isEngineError = error instanceof Error && error.name === 'SQLite3Error';
  if (error instanceof SqlError || isEngineError) {
    return badRequest(error.message.replace(/^Error: /, ''));
  }
  return error;
}
