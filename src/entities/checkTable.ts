import { checkColumns } from '../columns/checkColumns.js';
import { isSameColumn } from '../columns/normalColumn.js';
import { readColumns } from '../columns/readColumns.js';
import { ArgumentError } from '../errors.js';
import { storedState } from './storedState.js';
import { DefinedBase, EntityView, type TableEntity } from './tableClasses.js';

/**
 * Checks a table or view before anything is sent.
 *
 * @throws {@link ArgumentError} for columns that Synapse does not allow, and for what is missing or cannot be changed.
 */
export function checkTable(entity: TableEntity): void {
  const state = storedState(entity);
  const isRead = state !== undefined && state.entity.id === entity.id;
  // Callers add columns in any of the forms that the constructor takes.
  const columns = readColumns(entity.columns);
  checkColumnIds(entity, isRead ? state.entity : undefined);
  if (entity instanceof DefinedBase) {
    const before = isRead ? (state.columns ?? []) : [];
    const isSame =
      before.length === columns.length &&
      before.every((column, index) => isSameColumn(column, columns[index] ?? column));
    if (!isSame)
      throw new ArgumentError(
        `The columns of ${titleOf(entity)} follow from its definingSQL: change that.`,
      );
    if (entity.id === undefined && !entity.definingSQL?.trim()) {
      throw new ArgumentError(
        `${titleOf(entity)} has no definingSQL: pass the query whose result it is.`,
      );
    }
    return;
  }
  checkColumns(columns);
  if (entity.id !== undefined || !(entity instanceof EntityView)) return;
  if (!entity.viewTypeMask) {
    throw new ArgumentError(
      `${titleOf(entity)} has no types: pass the types of entities that it shows, such as types: ['file'].`,
    );
  }
}

function titleOf({ name, id }: TableEntity): string {
  return name ?? id ?? 'The view';
}

/** Ids alone do not say which column replaces which, so the values of columns would be lost. */
function checkColumnIds(entity: TableEntity, before: object | undefined): void {
  const known = before !== undefined && 'columnIds' in before ? before.columnIds : undefined;
  const old = Array.isArray(known) ? known.join() : '';
  if ((entity.columnIds ?? []).join() === old) return;
  throw new ArgumentError(
    `The columnIds of ${titleOf(entity)} cannot be changed: change its columns instead.`,
  );
}
