import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { VersionOptions } from '../options.js';
import type { EntityRef } from '../values/ids.js';
import type { ActivityInput } from './activity.js';
import { deleteProvenance } from './deleteProvenance.js';
import { getProvenance } from './getProvenance.js';
import { setProvenance } from './setProvenance.js';

/** How entities were made: `syn.provenance`. */
export class Provenance {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads the activity that generated an entity.
   *
   * @returns `undefined` when none is recorded.
   * @throws {@link NotFoundError} when the entity does not exist.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/generatedBy.html
   */
  get(entity: EntityRef, options: VersionOptions = {}): Promise<M.Activity | undefined> {
    return getProvenance(this.#ctx, entity, options);
  }

  /**
   * Records the activity that generated the current version of an entity. An activity with an id is updated; any other is
   * created.
   *
   * @returns The stored activity.
   * @throws {@link ArgumentError} for a used item that is neither an entity nor a URL.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/generatedBy.html
   */
  set(
    entity: EntityRef,
    activity: ActivityInput | M.Activity,
    options: CallOptions = {},
  ): Promise<M.Activity> {
    return setProvenance(this.#ctx, entity, activity, options);
  }

  /**
   * Removes the activity from the current version of an entity and deletes it. Does nothing when there is none.
   *
   * @throws {@link AuthorizationError} when another user created the activity.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/generatedBy.html
   */
  delete(entity: EntityRef, options: CallOptions = {}): Promise<void> {
    return deleteProvenance(this.#ctx, entity, options);
  }
}
