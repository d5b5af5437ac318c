import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { idOf } from '../values/ids.js';

/** Settings of projects: `syn.projectSettings`. */
export class ProjectSettings {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Deletes a setting.
   *
   * @throws {@link NotFoundError} when there is none with that id.
   * @see https://rest-docs.synapse.org/rest/DELETE/projectSettings/id.html
   */
  async delete(
    setting: string | { id?: string | undefined },
    options: CallOptions = {},
  ): Promise<void> {
    await this.#ctx.services.projectSettings.deleteProjectSetting({ id: idOf(setting) }, options);
  }
}
