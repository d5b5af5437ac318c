import type * as M from '../../generated/models.js';

/** A queue that takes submissions. */
export interface Evaluation extends Omit<M.Evaluation, 'quota'> {
  id: string;
  etag: string;
  /** Unique in all of Synapse. */
  name: string;
}

/** An evaluation that the service returned. */
export function evaluationOf(answer: M.Evaluation): Evaluation {
  // The answer has been checked for these.
  return answer as Evaluation;
}
