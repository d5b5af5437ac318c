import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { VersionOptions } from '../options.js';
import type { EntityRef } from '../values/ids.js';
import type { ActivityInput } from './activity.js';
import { deleteProvenance } from './deleteProvenance.js';
import { getProvenance } from './getProvenance.js';
import type { ProvenanceGraph } from './graph/provenanceGraph.js';
import { readGraph, type GraphOptions } from './graph/readGraph.js';
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
   * Reads how an entity came about, back to where nothing is recorded any more: the activity that generated it, what that used and
   * executed, the activities that generated that, and so on. Versions of an entity are different nodes, and each is read once, so
   * cycles end. What does not exist or may not be read is a node that says so.
   *
   * `toMermaid`, `toDot`, `toSvg` and `toProvJson` turn the graph into text, a picture, or a document.
   *
   * @returns Nodes and edges. The first node is the entity.
   * @throws {@link NotFoundError} when the entity does not exist.
   * @throws {@link AuthorizationError} when the caller may not read the entity.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/version/versionNumber/generatedBy.html
   */
  graph(entity: EntityRef, options: GraphOptions = {}): Promise<ProvenanceGraph> {
    return readGraph(this.#ctx, entity, options);
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
