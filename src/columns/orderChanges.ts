import type * as M from '../../generated/models.js';

/** The requests of a schema change, and what could not be ordered. */
export interface OrderedChanges {
  /** Each can be carried out as a whole after the one before it. */
  requests: M.ColumnChange[][];
  /** Changes that wait for each other, such as two columns that exchange their names. */
  waiting: M.ColumnChange[];
}

/**
 * Orders the changes of columns. A column cannot be created while the table has an equal one, which has the same id: the other one
 * is dropped or renamed in an earlier request.
 *
 * @param ids - The ids of the columns of the table.
 */
export function orderChanges(
  changes: readonly M.ColumnChange[],
  ids: readonly string[],
): OrderedChanges {
  const present = new Set(ids);
  const requests: M.ColumnChange[][] = [];
  let waiting = [...changes];
  while (waiting.length > 0) {
    const isFree = ({ newColumnId: id }: M.ColumnChange): boolean =>
      id === undefined || !present.has(id);
    const next = waiting.filter(isFree);
    if (next.length === 0) break;
    waiting = waiting.filter((change) => !isFree(change));
    for (const { oldColumnId } of next) if (oldColumnId !== undefined) present.delete(oldColumnId);
    for (const { newColumnId } of next) if (newColumnId !== undefined) present.add(newColumnId);
    requests.push(next);
  }
  return { requests, waiting };
}
