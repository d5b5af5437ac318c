import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { StoredColumn } from './columnModel.js';

/**
 * Reads the columns of a table or view, in their order.
 *
 * @throws {@link NotFoundError} when there is no such table.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/column.html
 */
export async function getColumns(
  ctx: Context,
  id: string,
  options: CallOptions = {},
): Promise<StoredColumn[]> {
  const { results } = await ctx.services.table.listTableColumns({ id }, options);
  return results.map(storedColumn);
}

/** A column as the API returns it; the answer has been checked. */
export function storedColumn(model: M.ColumnModel): StoredColumn {
  const { id = '', name = '', columnType = 'STRING' } = model;
  return { ...model, id, name, columnType };
}
