import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { idOf } from '../values/ids.js';
import { quoted } from '../values/quoted.js';
import { evaluationByName } from './evaluationByName.js';

/** An evaluation: its id, its name, or an object that has its id or its name. */
export type EvaluationRef = string | number | EvaluationObject | { name: string };

/** An evaluation that was read, or as much of it as is known. */
export interface EvaluationObject {
  id?: string | undefined;
  contentSource?: string | undefined;
  submissionReceiptMessage?: string | undefined;
}

/** The name by which an evaluation is given; `undefined` when its id is. A text of digits is an id. */
export function nameOfEvaluation(evaluation: EvaluationRef): string | undefined {
  if (typeof evaluation === 'string') {
    const text = evaluation.trim();
    if (text === '')
      throw new ArgumentError('The evaluation is an empty text: pass an id or a name.');
    return /^\d+$/.test(text) ? undefined : text;
  }
  const isNamed = typeof evaluation === 'object' && 'name' in evaluation;
  return isNamed && !('id' in evaluation && evaluation.id) ? evaluation.name : undefined;
}

/** The id of an evaluation. One that is given by its name is looked up. */
export async function evaluationIdOf(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions,
): Promise<string> {
  const name = nameOfEvaluation(evaluation);
  if (name !== undefined) return (await evaluationByName(ctx, name, options)).id;
  const id = idOf(evaluation).trim();
  if (!/^\d+$/.test(id)) {
    throw new ArgumentError(`${quoted(id)} is not the id of an evaluation: ids are digits.`);
  }
  return id;
}
