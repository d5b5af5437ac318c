import type { CallOptions } from '../../generated/services.js';
import type { StoredColumn } from '../columns/columnModel.js';
import { getColumns } from '../columns/getColumns.js';
import type { Context } from '../context.js';
import { entityVersionOf, type EntityRef } from '../values/ids.js';

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
}
