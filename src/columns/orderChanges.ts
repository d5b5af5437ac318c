import type * as M from '../../generated/models.js';
import type { StoredColumn } from './columnModel.js';

/** The change of one column; without `oldId` it is added, without `next` it is dropped. */
export interface IdChange {
  oldId?: string;
  next?: StoredColumn;
}

/** The requests of a schema change, and what could not be ordered. */
export interface OrderedChanges {
  /** Each can be carried out as a whole after the one before it. */
  requests: M.ColumnChange[][];
  /** Changes that wait for each other, such as two columns that exchange their names. */
  waiting: IdChange[];
  /** The names of the columns by their ids, after the requests. */
  present: ReadonlyMap<string, string>;
}

/**
 * Orders the changes of columns. A column cannot be created while the table has one of its name that stays, or an equal one, which
 * has the same id: the other one is dropped or renamed in an earlier request.
 *
 * @param before - The names of the columns of the table, by their ids.
 */
export function orderChanges(
  changes: readonly IdChange[],
  before: ReadonlyMap<string, string>,
): OrderedChanges {
  const present = new Map(before);
  const requests: M.ColumnChange[][] = [];
  let waiting = [...changes];
  while (waiting.length > 0) {
    const next = possibleNow(waiting, present);
    if (next.size === 0) break;
    waiting = waiting.filter((change) => !next.has(change));
    for (const { oldId } of next) if (oldId !== undefined) present.delete(oldId);
    for (const { next: column } of next) if (column) present.set(column.id, column.name);
    requests.push([...next].map(wireChange));
  }
  return { requests, waiting, present };
}

/** The changes that one request can carry out together. */
function possibleNow(
  changes: readonly IdChange[],
  present: ReadonlyMap<string, string>,
): Set<IdChange> {
  let possible = changes.filter(({ next }) => next === undefined || !present.has(next.id));
  for (;;) {
    const leaving = new Set(possible.map(({ oldId }) => oldId));
    const staying = [...present].filter(([id]) => !leaving.has(id)).map(([, name]) => name);
    const names = new Set(staying);
    const fewer = possible.filter(({ next }) => next === undefined || !names.has(next.name));
    if (fewer.length === possible.length) return new Set(possible);
    possible = fewer;
  }
}

function wireChange({ oldId, next }: IdChange): M.ColumnChange {
  return {
    ...(oldId !== undefined && { oldColumnId: oldId }),
    ...(next !== undefined && { newColumnId: next.id }),
  };
}
