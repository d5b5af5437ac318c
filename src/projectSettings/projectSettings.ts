import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import type { ProjectSettingRef } from './deleteProjectSetting.js';
import type { ProjectSettingType } from './getProjectSetting.js';
import type { ProjectSettingInput } from './setProjectSetting.js';

/**
 * Settings of projects and folders as the REST API has them: `syn.projectSettings`. `syn.storageLocations.use` and `reset` are simpler
 * for what most people need.
 */
export class ProjectSettings {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads a setting of a project or folder itself. `syn.storageLocations.of` tells which setting applies, of this or of a container
   * above.
   *
   * @param type - Synapse has settings of the type `upload` only; it knew the other types earlier.
   * @returns `undefined` when there is none.
   * @throws {@link ArgumentError} for an unknown type, before anything is sent.
   * @throws {@link AuthorizationError} when the caller may not read the project or folder.
   * @see https://rest-docs.synapse.org/rest/GET/projectSettings/projectId/type/type.html
   */
  async get(
    container: EntityRef,
    type: ProjectSettingType = 'upload',
    options: CallOptions = {},
  ): Promise<M.ProjectSetting | undefined> {
    const { getProjectSetting } = await import('./getProjectSetting.js');
    return getProjectSetting(this.#ctx, container, type, options);
  }

  /**
   * Writes a setting: creates it; or, if it has an `id`, changes the one that was read.
   *
   * @returns The setting, with a new etag.
   * @throws {@link ArgumentError} for no locations, more than 10, or an `id` without `etag`; before anything is sent.
   * @throws {@link PreconditionFailedError} when another client has changed the setting since it was read. Read it, apply the change
   * again, and store it.
   * @throws {@link AuthorizationError} when the caller lacks the permission `CREATE` (or `UPDATE`, with an `id`).
   * @see https://rest-docs.synapse.org/rest/PUT/projectSettings.html
   *
   * @example
   * const setting = await syn.projectSettings.get('syn123');
   * if (setting) await syn.projectSettings.set({ ...setting, locations: [...(setting.locations ?? []), 42] });
   */
  async set(setting: ProjectSettingInput, options: CallOptions = {}): Promise<M.ProjectSetting> {
    const { setProjectSetting } = await import('./setProjectSetting.js');
    return setProjectSetting(this.#ctx, setting, options);
  }

  /**
   * Deletes a setting.
   *
   * @throws {@link NotFoundError} when no setting has the id.
   * @throws {@link AuthorizationError} when the caller lacks the permission `DELETE`.
   * @see https://rest-docs.synapse.org/rest/DELETE/projectSettings/id.html
   */
  async delete(setting: ProjectSettingRef, options: CallOptions = {}): Promise<void> {
    const { deleteProjectSetting } = await import('./deleteProjectSetting.js');
    return deleteProjectSetting(this.#ctx, setting, options);
  }
}
