import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { NotFoundError, SynapseError } from '../errors.js';
import { nearestName } from '../values/nearestName.js';
import { quoted } from '../values/quoted.js';
import { evaluationOf, type Evaluation } from './evaluation.js';
import { pageSize } from './pageSize.js';
import { withMessage } from '../api/withMessage.js';

/** The number of evaluations among which a similar name is looked for. */
const mostCompared = 500;

/**
 * Reads an evaluation by its full name.
 *
 * @throws {@link NotFoundError} when there is none that the caller may read. The message has a similar name, if there is one.
 * @see https://rest-docs.synapse.org/rest/GET/evaluation/name/name.html
 */
export async function evaluationByName(
  ctx: Context,
  name: string,
  options: CallOptions,
): Promise<Evaluation> {
  try {
    return evaluationOf(await ctx.services.evaluation.getEvaluationByName({ name }, options));
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw await unknownName(ctx, name, error, options);
  }
}

async function unknownName(
  ctx: Context,
  name: string,
  cause: NotFoundError,
  options: CallOptions,
): Promise<NotFoundError> {
  const hint = /^syn\d+$/i.test(name)
    ? ' It is the id of an entity: an evaluation is given by its own id, which is digits, or by its name.'
    : await similar(ctx, name, options);
  return withMessage(
    cause,
    `There is no evaluation named ${quoted(name)} that you may read.${hint} Names are compared exactly.`,
  );
}

/** A name that is like another one, as a sentence. */
async function similar(ctx: Context, name: string, options: CallOptions): Promise<string> {
  const ids = new Map<string, string>();
  try {
    const known = ctx.http.paginate('evaluation.listEvaluations', { limit: pageSize }, options);
    for await (const evaluation of known) {
      const { id, name: other } = evaluationOf(evaluation);
      ids.set(other, id);
      if (ids.size >= mostCompared) break;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    // The list is only for the hint.
    if (!(error instanceof SynapseError)) throw error;
  }
  const nearest = nearestName(name, [...ids.keys()]);
  if (nearest === undefined) return '';
  return ` Did you mean ${quoted(nearest)} (${ids.get(nearest) ?? ''})?`;
}
