import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** Challenges: `syn.challenges`. */
export class Challenges {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads a challenge.
   *
   * @throws {@link NotFoundError} when there is none with that id.
   * @see https://rest-docs.synapse.org/rest/GET/challenge/challengeId.html
   */
  get(challenge: string | number, options: CallOptions = {}): Promise<M.Challenge> {
    return this.#ctx.services.challenge.getChallenge({ challengeId: String(challenge) }, options);
  }
}
