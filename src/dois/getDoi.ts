import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { doiInfo, doiTarget, type DoiInfo, type DoiObject, type DoiOptions } from './doiTypes.js';

/** Implements {@link Dois.get}. */
export async function getDoi(
  { services }: Context,
  object: DoiObject,
  options: DoiOptions = {},
): Promise<DoiInfo> {
  const { signal } = options;
  return doiInfo(await services.doi.getDoi(doiTarget(object, options), { signal }));
}

/** Implements {@link Dois.find}. */
export async function findDoi(
  ctx: Context,
  object: DoiObject,
  options: DoiOptions = {},
): Promise<DoiInfo | undefined> {
  try {
    return await getDoi(ctx, object, options);
  } catch (error) {
    const isMissing = error instanceof NotFoundError && /\bdoi\b/i.test(error.reason);
    if (isMissing) return undefined;
    throw error;
  }
}

/** Implements {@link Dois.locate}. */
export function locateDoi(
  { services }: Context,
  object: DoiObject,
  options: DoiOptions = {},
): Promise<string> {
  const { signal } = options;
  return services.doi.getDoiObjectUrl(doiTarget(object, options), { signal });
}
