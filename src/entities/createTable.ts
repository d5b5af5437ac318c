import { getColumns } from '../columns/getColumns.js';
import type { Context } from '../context.js';
import { createOnce } from './createOnce.js';
import { newColumns } from './newTable.js';
import type { StoredState } from './storedState.js';
import { DefinedBase } from './tableClasses.js';
import type { TableChange } from './updateTable.js';

/** Creates a table or view. Its columns are created before it, in one request; creating them again changes nothing. */
export async function createTable(ctx: Context, change: TableChange): Promise<StoredState> {
  const { entity, options } = change;
  const columns = await newColumns(ctx, entity, options);
  const columnIds = columns.map(({ id }) => id);
  const wire = columns.length === 0 ? change.wire : { ...change.wire, columnIds };
  const state = await createOnce(ctx, { ...change, wire });
  if (!(entity instanceof DefinedBase)) return { ...state, columns };
  const call = { signal: options.signal };
  return { ...state, columns: await getColumns(ctx, state.entity.id ?? '', call) };
}
