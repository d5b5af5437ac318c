import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { idOf, type EntityRef } from '../values/ids.js';

/** Versions of entities: `syn.versions`. */
export class Versions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Deletes a version of an entity.
   *
   * @throws {@link NotFoundError} when there is no such version.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/version/versionNumber.html
   */
  async delete(entity: EntityRef, version: number, options: CallOptions = {}): Promise<void> {
    const versionNumber = String(version);
    await this.#ctx.services.entity.deleteEntityVersion(
      { id: idOf(entity), versionNumber },
      options,
    );
  }
}
