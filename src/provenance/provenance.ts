import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { VersionOptions } from '../options.js';
import type { EntityRef } from '../values/ids.js';
import type { AnyActivity } from './activity.js';
import { generatedEntities, type GeneratedEntity } from './generatedEntities.js';
import type { ActivityRef } from './getActivity.js';
import type { ProvenanceGraph } from './graph/provenanceGraph.js';
import type { GraphOptions } from './graph/readGraph.js';

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
  async get(entity: EntityRef, options: VersionOptions = {}): Promise<M.Activity | undefined> {
    const { getProvenance } = await import('./getProvenance.js');
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
  async graph(entity: EntityRef, options: GraphOptions = {}): Promise<ProvenanceGraph> {
    const { readGraph } = await import('./graph/readGraph.js');
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
  async set(
    entity: EntityRef,
    activity: AnyActivity,
    options: CallOptions = {},
  ): Promise<M.Activity> {
    const { setProvenance } = await import('./setProvenance.js');
    return setProvenance(this.#ctx, entity, activity, options);
  }

  /**
   * Stores an activity without an entity: an activity with an id is updated, any other is created. `set` and `syn.store` connect
   * entities to it.
   *
   * @returns The stored activity.
   * @throws {@link ArgumentError} for a used item that is neither an entity nor a URL.
   * @throws {@link PreconditionFailedError} when another user changed the activity since it was read.
   * @see https://rest-docs.synapse.org/rest/POST/activity.html
   */
  async store(activity: AnyActivity, options: CallOptions = {}): Promise<M.Activity> {
    const { writeActivity } = await import('./storeActivity.js');
    return writeActivity(this.#ctx, activity, options);
  }

  /**
   * Reads an activity by its id.
   *
   * @throws {@link NotFoundError} when there is no such activity.
   * @throws {@link AuthorizationError} when the caller neither created it nor may read an entity that it generated.
   * @see https://rest-docs.synapse.org/rest/GET/activity/id.html
   */
  async getActivity(activity: ActivityRef, options: CallOptions = {}): Promise<M.Activity> {
    const { getActivity } = await import('./getActivity.js');
    return getActivity(this.#ctx, activity, options);
  }

  /**
   * Lists the entities that an activity generated and that the caller may read, in the version that it generated.
   *
   * @throws {@link NotFoundError} when there is no such activity.
   * @see https://rest-docs.synapse.org/rest/GET/activity/id/generated.html
   */
  generated(activity: ActivityRef, options: CallOptions = {}): Listing<GeneratedEntity> {
    return generatedEntities(this.#ctx, activity, options);
  }

  /**
   * Removes the activity from the current version of an entity, and keeps the activity.
   *
   * @returns The activity; `undefined` when there was none.
   * @throws {@link AuthorizationError} when the caller may not change the entity.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/generatedBy.html
   */
  async disassociate(
    entity: EntityRef,
    options: CallOptions = {},
  ): Promise<M.Activity | undefined> {
    const { disassociateActivity } = await import('./disassociateActivity.js');
    return disassociateActivity(this.#ctx, entity, options);
  }

  /**
   * Removes the activity from the current version of an entity and deletes it, unless it also generated something else that the
   * caller may read: other entities and versions keep it. Does nothing when there is none.
   *
   * @throws {@link AuthorizationError} when another user created the activity.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/generatedBy.html
   */
  async delete(entity: EntityRef, options: CallOptions = {}): Promise<void> {
    const { deleteProvenance } = await import('./deleteProvenance.js');
    return deleteProvenance(this.#ctx, entity, options);
  }
}
