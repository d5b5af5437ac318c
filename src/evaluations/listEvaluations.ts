import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { containerOf, idOf, type EntityRef } from '../values/ids.js';
import { evaluationOf, type Evaluation } from './evaluation.js';
import { pageSize } from './pageSize.js';

/** Which evaluations {@link Evaluations.list} lists. */
export interface EvaluationFilter extends CallOptions {
  /** Only those of this project. */
  project?: EntityRef;
  /** Only those on which the caller has this permission. @default 'READ' */
  accessType?: M.ACCESS_TYPE;
  /** Only those that take submissions now: without rounds, or within one. @default false */
  activeOnly?: boolean;
  /** Only those that the caller may submit to: the same as the `accessType` `SUBMIT`. @default false */
  available?: boolean;
  /** Only those with these ids. */
  ids?: readonly (string | number | { id?: string | undefined })[];
}

/** Ids in one request. More would make its URL too long for some servers. */
const mostIds = 200;

/** Implements {@link Evaluations.list}. */
export function listEvaluations(
  ctx: Context,
  { project, accessType, activeOnly, available, ids, ...options }: EvaluationFilter = {},
): Listing<Evaluation> {
  if (available === true && accessType !== undefined && accessType !== 'SUBMIT') {
    throw new ArgumentError(
      `Available evaluations are those with the permission SUBMIT: leave out accessType (${accessType}), or available.`,
    );
  }
  const id = project === undefined ? undefined : containerOf(project);
  const access = available === true ? 'SUBMIT' : accessType;
  const wanted = ids && [...new Set(ids.map(idOf))];
  const chunks = wanted === undefined ? [undefined] : chunksOf(wanted);
  return listing(async function* () {
    for (const chunk of chunks) {
      const filter = {
        accessType: access,
        activeOnly,
        evaluationIds: chunk?.join(','),
        limit: pageSize,
      };
      const found =
        id === undefined
          ? ctx.http.paginate('evaluation.listEvaluations', filter, options)
          : ctx.http.paginate('evaluation.listEntityEvaluations', { ...filter, id }, options);
      for await (const one of found) yield evaluationOf(one);
    }
  });
}

function chunksOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / mostIds);
  return Array.from({ length: count }, (_, i) => ids.slice(i * mostIds, (i + 1) * mostIds));
}
