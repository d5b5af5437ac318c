import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { getUserProfile } from './getUserProfile.js';

/** The users of Synapse: `syn.users`. */
export class Users {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads the profile of a user.
   *
   * @param user - Id or user name. Default: the user who is logged in.
   * @throws {@link ArgumentError} when no user has the name.
   * @throws {@link NotFoundError} when no user has the id.
   * @see https://rest-docs.synapse.org/rest/GET/userProfile/profileId.html
   */
  get(user?: string | number, options: CallOptions = {}): Promise<M.UserProfile> {
    return getUserProfile(this.#ctx, user, options);
  }
}
