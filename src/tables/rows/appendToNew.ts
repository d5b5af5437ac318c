import { checkColumns } from '../../columns/checkColumns.js';
import type { Context } from '../../context.js';
import type { Parent, Stored } from '../../entities/entityClasses.js';
import { storeEntity } from '../../entities/storeEntity.js';
import { Table } from '../../entities/tableClasses.js';
import { ArgumentError } from '../../errors.js';
import { containerOf } from '../../values/ids.js';
import { CellFiles } from '../files/cellFiles.js';
import {
  appendSource,
  type AppendReport,
  type AppendTarget,
  type SendOptions,
} from './appendSource.js';
import { inferColumns, withoutEmptyDefault, type InferenceProfile } from './inferColumns.js';
import { keepRows } from './keepRows.js';
import { openRows, type RowsInput } from './rowSource.js';

/** How {@link Tables.fromRows} creates a table. */
export interface FromRowsOptions extends SendOptions {
  /** The name of the table. */
  name: string;
  /** The project or folder that the table is created in. */
  parent: Parent;
  /** How the types of the columns are inferred. @default 'python' */
  profile?: InferenceProfile;
}

/** The table that {@link Tables.fromRows} has created. */
export interface FromRowsReport extends AppendReport {
  /** The table, unless it was a `dryRun`. */
  table?: Stored & Table;
  /** Its columns. */
  columns: Table['columns'];
}

/** Implements {@link Tables.fromRows}. */
export async function appendToNew(
  ctx: Context,
  input: RowsInput,
  { name, parent, profile, ...options }: FromRowsOptions,
): Promise<FromRowsReport> {
  const { signal, onProgress } = options;
  const parentId = containerOf(parent);
  const kept = await keepRows(input, signal);
  try {
    const inferred = await inferColumns(kept.open(), { profile, signal });
    const columns = inferred.map(withoutEmptyDefault);
    if (columns.length === 0) {
      throw new ArgumentError('The rows have no columns, so that there is nothing to create.');
    }
    checkColumns(columns);
    const cellFiles = new CellFiles();
    const planned = columns.map((column) => ({ ...column, id: '' }));
    // The ids of rows that a file has are those of another table.
    const source = await openRows(kept.open(), planned, { signal, files: cellFiles });
    let table: (Stored & Table) | undefined;
    const prepare = async (): Promise<AppendTarget> => {
      const store = { createOrUpdate: false, signal, onProgress };
      table = await storeEntity(ctx, new Table({ name, parentId, columns }), store);
      return { tableId: table.id, columns: table.columns.map((each) => ({ id: '', ...each })) };
    };
    const report = await appendSource(ctx, { source, cellFiles, prepare }, options);
    return { ...report, table, columns: table?.columns ?? columns };
  } finally {
    await kept.remove();
  }
}
