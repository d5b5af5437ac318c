import type * as M from '../../../generated/models.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import { getColumns } from '../../columns/getColumns.js';
import { tableKind } from '../../columns/tableKinds.js';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { currentOf, type EntityRef } from '../../values/ids.js';

/** A table or view whose rows are changed. */
export interface UpdateTarget {
  id: string;
  columns: readonly StoredColumn[];
  /** The kind of view; `undefined` for a table. */
  view: M.ViewEntityType | undefined;
}

/**
 * Reads what a change of rows depends on.
 *
 * @throws {@link ArgumentError} for a version of a table, and for an entity without rows that can be changed.
 * @throws {@link NotFoundError} when there is no such table.
 */
export async function openTarget(
  ctx: Context,
  table: EntityRef,
  { signal }: CommonOptions = {},
): Promise<UpdateTarget> {
  const id = currentOf(table, 'rows are changed in the current version');
  const { type } = await ctx.services.entity.getEntityHeader({ id }, { signal });
  const kind = tableKind(type);
  if (kind === undefined || kind.defined !== undefined) {
    throw new ArgumentError(
      kind === undefined
        ? `${id} is not a table: it has no rows.`
        : `${id} is a ${kind.defined}: its rows are defined by its SQL. Change the rows of the table that it is made of.`,
    );
  }
  return { id, columns: await getColumns(ctx, id, { signal }), view: kind.view };
}
