import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** Submissions to evaluation queues: `syn.submissions`. */
export class Submissions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Deletes a submission.
   *
   * @throws {@link NotFoundError} when there is none with that id.
   * @see https://rest-docs.synapse.org/rest/DELETE/evaluation/submission/subId.html
   */
  async delete(submission: string | number, options: CallOptions = {}): Promise<void> {
    await this.#ctx.services.evaluation.deleteEvaluationSubmission(
      { subId: String(submission) },
      options,
    );
  }
}
