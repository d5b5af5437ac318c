import type * as M from '../../../../generated/models.js';
import { downloadActions } from '../../access/downloadActions.js';
import { hasAccess } from '../../access/requireAccess.js';
import { badRequest } from '../../kernel/serviceError.js';
import { limits } from '../../limits.js';
import type { World } from '../../world.js';
import { translateStatement } from '../sql/translateQuery.js';
import type { Select } from '../sql/tree.js';
import { columnExpression } from './combineQuery.js';
import type { PreparedQuery } from './prepareQuery.js';

/** Maximum number of files that are checked. */
const maxFiles = limits.checkedFiles;

/**
 * The actions that the caller must take before downloading the files of the rows, with the number
 * of files for each action.
 *
 * @throws 400 when no column with the files is selected
 */
export function actionsRequired(world: World, prepared: PreparedQuery): M.ActionRequiredCount[] {
  const counts = new Map<string, { action: M.Action; count: number }>();
  for (const id of fileIds(prepared)) {
    if (!hasAccess(world, prepared.caller, id, 'READ')) {
      continue;
    }
    for (const action of downloadActions(world, prepared.caller, id)) {
      const key = JSON.stringify(action);
      const known = counts.get(key);
      counts.set(key, { action, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

function fileIds({ db, environment, combined, query, table }: PreparedQuery): string[] {
  const columnId = query.selectFileColumn;
  const column = table.schema.find(({ id }) => id === String(columnId));
  if (column?.columnType !== 'ENTITYID') {
    throw badRequest(
      'The query.selectFileColumn must be the ID of a column of type ENTITYID to get the required actions',
    );
  }
  const { from, where, definingWhere } = combined.unlimited.query.first;
  const select: Select = {
    quantifier: 'DISTINCT',
    list: [{ expression: columnExpression(column.name) }],
    from,
    definingWhere,
    where,
    limit: String(maxFiles),
  };
  const statement = { ...combined.unlimited, query: { first: select, unions: [] } };
  const { sql, parameters } = translateStatement(statement, environment);
  return db
    .all(sql, parameters)
    .flatMap(({ v0 }) => (v0 === null || v0 === undefined ? [] : [`syn${String(v0)}`]));
}
