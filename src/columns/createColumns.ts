import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { MalformedResponseError } from '../errors.js';
import { callOptions } from '../options.js';
import type { StoredColumn, TableColumn } from './columnModel.js';
import { storedColumn } from './getColumns.js';
import { normalColumn } from './normalColumn.js';

/**
 * Creates columns, in one request. Synapse gives equal columns the same id, so that creating one again changes nothing.
 *
 * @returns The columns with their ids, in the same order.
 * @see https://rest-docs.synapse.org/rest/POST/column/batch.html
 */
export async function createColumns(
  ctx: Context,
  columns: readonly TableColumn[],
  options: CallOptions = {},
): Promise<StoredColumn[]> {
  if (columns.length === 0) return [];
  const body = { list: columns.map(normalColumn) };
  const { list = [] } = await ctx.services.table.createColumnBatch({ body }, callOptions(options));
  const created = list.map(storedColumn);
  const isComplete =
    created.length === columns.length &&
    created.every(({ name }, index) => name === columns[index]?.name.trim());
  if (isComplete) return created;
  throw new MalformedResponseError({
    operation: 'table.createColumnBatch',
    field: 'list',
    expected: `the columns ${columns.map(({ name }) => name).join(', ')}`,
    actual: created.map(({ name }) => name).join(', '),
  });
}
