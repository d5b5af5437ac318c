import type { CallOptions } from '../../generated/services.js';
import type { StoredColumn } from '../columns/columnModel.js';
import { getColumns } from '../columns/getColumns.js';
import type { SchemaPlan } from '../columns/schemaPlan.js';
import type { Context } from '../context.js';
import { entityVersionOf, type EntityRef } from '../values/ids.js';
import { alterTable, type AlterOptions, type ColumnChanges } from './schema/alterTable.js';
import { snapshotTable, type Snapshot, type SnapshotOptions } from './snapshots/snapshotTable.js';
import { waitForView, type WaitOptions } from './views/waitForView.js';

/** Tables and views: query, write, change. `syn.tables`. */
export class Tables {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads the columns of a table or view, in their order.
   *
   * @throws {@link NotFoundError} when there is no such table.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/column.html
   */
  columns(table: EntityRef, options: CallOptions = {}): Promise<StoredColumn[]> {
    return getColumns(this.#ctx, entityVersionOf(table).id, options);
  }

  /**
   * Changes the columns of a table or view: adds, renames, retypes, drops and orders them. Columns that are renamed or retyped
   * keep their values.
   *
   * @example
   * const plan = await syn.tables.alter(
   *   'syn789',
   *   { add: { tags: 'STRING_LIST' }, rename: { a: 'age' }, retype: { a: 'DOUBLE' } },
   *   { dryRun: true },
   * );
   * console.log(String(plan));
   *
   * @returns The plan: what was changed, or with `dryRun` what would be.
   * @throws {@link ArgumentError} for a column that does not exist, for an invalid one, and for a conversion that Synapse
   * refuses. Nothing is changed.
   * @throws {@link AsyncJobError} when a value cannot be converted. Nothing is changed.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
   */
  alter(table: EntityRef, changes: ColumnChanges, options: AlterOptions = {}): Promise<SchemaPlan> {
    return alterTable(this.#ctx, table, changes, options);
  }

  /**
   * Makes the current rows of a table or view a version that does not change any more. Query it by its id with the version.
   *
   * @example
   * const { versionedId } = await syn.tables.snapshot('syn789', { label: 'v1', comment: 'as submitted' });
   *
   * @throws {@link ArgumentError} for an id with a version, and for an entity that has no snapshots.
   * @throws {@link SynapseHttpError}, or {@link AsyncJobError} for a view, when the label is taken.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/snapshot.html
   */
  snapshot(table: EntityRef, options: SnapshotOptions = {}): Promise<Snapshot> {
    return snapshotTable(this.#ctx, table, options);
  }

  /**
   * Waits until a view has caught up with changes of the entities that it shows. Views are updated some time after a change.
   *
   * @throws {@link TimeoutError} that says what the view does not show yet.
   */
  waitForView(view: EntityRef, options: WaitOptions = {}): Promise<void> {
    return waitForView(this.#ctx, view, options);
  }
}
