import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import { listVersions, type Version } from './listVersions.js';
import { namedVersion } from './namedVersion.js';
import type { RestoredVersion, RestoreVersionOptions } from './restoreVersion.js';
import type { LabelledVersion, UpdateVersionOptions, VersionChange } from './updateVersion.js';

/** Versions of entities: `syn.versions`. `syn.get('syn1.2')` reads one. */
export class Versions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Lists the versions of an entity, the newest first. An entity whose type has no versions has one. Of a table or view, they are its
   * snapshots and the current rows.
   *
   * @throws {@link NotFoundError} when the entity does not exist.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/version.html
   */
  list(entity: EntityRef, options: CallOptions = {}): Listing<Version> {
    return listVersions(this.#ctx, entity, options);
  }

  /**
   * Makes an old version of a file or record set current again: a new version gets its content, its annotations and other properties, and
   * the activity that generated it. Nothing is uploaded, and all versions stay. Name and place of the entity are those of now.
   *
   * What other users created is used as a copy where only its creator may use it: the file handle, the activity.
   *
   * @example
   * const { versionNumber, changed } = await syn.versions.restore('syn123', 2);
   *
   * @param version - The version to restore. Default: the one in the id (`syn123.2`) or object.
   * @returns The number of the new version. `changed` is empty when the current version has all of that already: then nothing is written.
   * @throws {@link ArgumentError} for a table or view, and for what has no versions.
   * @throws {@link NotFoundError} when there is no such version.
   * @throws {@link AuthorizationError} when the caller may not change the entity, or may not download content that others stored.
   * @throws {@link PreconditionFailedError} when another user changes the entity at the same time.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id.html
   */
  async restore(
    entity: EntityRef,
    version?: number,
    options: RestoreVersionOptions = {},
  ): Promise<RestoredVersion> {
    const { restoreVersion } = await import('./restoreVersion.js');
    return restoreVersion(this.#ctx, entity, version, options);
  }

  /**
   * Changes the label and the comment of the current version of a file or record set. Synapse does not change those of older versions.
   * Nothing is sent when nothing changes.
   *
   * @throws {@link ArgumentError} for an older version, for a table or view, and for a text that is too long.
   * @throws {@link SynapseHttpError} when another version has the label.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id.html
   */
  async update(
    entity: EntityRef,
    change: VersionChange,
    options: UpdateVersionOptions = {},
  ): Promise<LabelledVersion> {
    const { updateVersion } = await import('./updateVersion.js');
    return updateVersion(this.#ctx, entity, change, options);
  }

  /**
   * Deletes a version permanently. When it is the current one, the newest of the others becomes current. Numbers are not used again.
   *
   * @param version - The version to delete. Default: the one in the id (`syn123.2`) or object.
   * @throws {@link ArgumentError} for the only version.
   * @throws {@link NotFoundError} when there is no such version.
   * @throws {@link AuthorizationError} when the caller may not delete it.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/version/versionNumber.html
   */
  async delete(entity: EntityRef, version?: number, options: CallOptions = {}): Promise<void> {
    const { id, versionNumber } = namedVersion(entity, version, 'deleted');
    const { deleteEntity } = await import('../entities/deleteEntity.js');
    await deleteEntity(this.#ctx, id, { ...options, version: versionNumber });
  }
}
