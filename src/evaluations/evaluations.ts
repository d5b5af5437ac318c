import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** Evaluation queues: `syn.evaluations`. */
export class Evaluations {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads an evaluation queue.
   *
   * @throws {@link NotFoundError} when there is none with that id.
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId.html
   */
  get(evaluation: string | number, options: CallOptions = {}): Promise<M.Evaluation> {
    return this.#ctx.services.evaluation.getEvaluation({ evalId: String(evaluation) }, options);
  }
}
