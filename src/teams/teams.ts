import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { idOf } from '../values/ids.js';

/** Teams: `syn.teams`. */
export class Teams {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Deletes a team.
   *
   * @throws {@link AuthorizationError} when the caller does not manage the team.
   * @see https://rest-docs.synapse.org/rest/DELETE/team/id.html
   */
  async delete(
    team: string | { id?: string | undefined },
    options: CallOptions = {},
  ): Promise<void> {
    await this.#ctx.services.team.deleteTeam({ id: idOf(team) }, options);
  }
}
