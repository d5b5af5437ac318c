import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { findColumn, getColumn, getSchema, type StoredColumn } from './columnModels.js';
import { isListType, listTypeOf } from './sql/columnTypes.js';
import type { ColumnReplacement } from './tableState.js';

/** The schema after a change. */
export interface PlannedSchema {
  readonly schema: readonly StoredColumn[];
  readonly replacements: readonly ColumnReplacement[];
}

/**
 * Computes the schema after a change.
 *
 * @throws 400 when a column does not exist or cannot be converted, or when the order does not match
 */
export function planSchema(
  world: World,
  entityId: string,
  before: readonly string[],
  request: M.TableSchemaChangeRequest,
): PlannedSchema {
  const ids = [...before];
  const replacements: ColumnReplacement[] = [];
  for (const { oldColumnId: oldId, newColumnId: newId } of request.changes ?? []) {
    if (oldId !== undefined && oldId === newId) {
      continue;
    }
    const position = oldId === undefined ? -1 : ids.indexOf(oldId);
    if (oldId !== undefined && position < 0) {
      throw badRequest(
        `Cannot update column: ${oldId} since it is not currently a column of table: ${entityId}`,
      );
    }
    if (newId === undefined && oldId === undefined) {
      throw badRequest('ColumnChange.newColumnId or ColumnChange.oldColumnId is required.');
    }
    // The Python client adds the default columns of a view twice in one change.
    const isKnown = oldId === undefined && newId !== undefined && ids.includes(newId);
    if (newId !== undefined) {
      ids.splice(position < 0 ? ids.length : position, position < 0 ? 0 : 1, newId);
    } else {
      ids.splice(position, 1);
    }
    if (!isKnown) {
      replacements.push({ oldId, newId });
    }
  }
  const ordered = request.orderedColumnIds;
  if (ordered !== undefined && !isSameSet(ordered, ids)) {
    throw badRequest(
      'The provided ordered column IDs does not match resulting columns in the table schema.',
    );
  }
  return { schema: getSchema(world, ordered ?? ids), replacements };
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((id) => set.has(id));
}

/**
 * Checks whether columns can replace each other. Only the rows of a table are converted.
 *
 * @throws 400 for conversions that the service does not support
 */
export function checkConversions(
  world: World,
  type: M.EntityType,
  replacements: readonly ColumnReplacement[],
): void {
  for (const { oldId, newId } of replacements) {
    const from = oldId === undefined ? undefined : findColumn(world, oldId);
    const to = newId === undefined ? undefined : getColumn(world, newId);
    const fault = from && to && conversionFault(type, from, to);
    if (fault !== undefined) {
      throw badRequest(fault);
    }
  }
}

/** Why a column cannot replace another one. */
function conversionFault(
  type: M.EntityType,
  from: StoredColumn,
  to: StoredColumn,
): string | undefined {
  const [old, next] = [from.columnType, to.columnType];
  if (old !== next && [old, next].includes('FILEHANDLEID')) {
    return `A ${old} column cannot be changed to ${next}`;
  }
  if (type !== 'table') {
    return undefined;
  }
  const isShorter = (from.maximumSize ?? 0) > (to.maximumSize ?? Infinity);
  if (old === 'STRING' && next === 'STRING_LIST' && isShorter) {
    return 'Cannot convert to a STRING_LIST column with a smaller maximum size string length than original';
  }
  if (isListType(old) || isListType(next)) {
    return listFault(old, next);
  }
  return old !== next && [old, next].includes('JSON')
    ? 'Cannot change from/to a JSON column type'
    : undefined;
}

function listFault(old: M.ColumnType, next: M.ColumnType): string | undefined {
  if (!isListType(next)) {
    return 'Cannot perform schema change from _LIST type to non-_LIST type';
  }
  if (isListType(old)) {
    return old === next ? undefined : 'Cannot change a _LIST to a different type of _LIST';
  }
  const list = listTypeOf(old);
  if (list === undefined) {
    return `${old} is not a ColumnType that has a list type associated with it`;
  }
  return list === next
    ? undefined
    : 'Cannot convert to a TYPE_LIST that does not match the original TYPE';
}
