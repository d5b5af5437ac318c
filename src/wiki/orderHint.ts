import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { PreconditionFailedError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';

const rule = 'all versions of an entity have one wiki';

/** The order in which the website shows the pages of a wiki. */
export interface WikiOrder {
  /** The ids of pages. Pages that are not among them follow. */
  ids: string[];
  /** Changes with each change of the order. */
  etag: string;
}

/** Implements {@link Wiki.orderHint}. */
export async function getOrderHint(
  ctx: Context,
  entity: EntityRef,
  { signal }: CommonOptions = {},
): Promise<WikiOrder> {
  const args = { ownerId: currentOf(entity, rule) };
  return orderOf(await ctx.services.wiki.getEntityWikiOrderHint(args, { signal }));
}

/** Implements {@link Wiki.setOrderHint}. */
export async function setOrderHint(
  ctx: Context,
  entity: EntityRef,
  ids: readonly string[],
  { etag, signal }: CommonOptions & { etag?: string } = {},
): Promise<WikiOrder> {
  const id = currentOf(entity, rule);
  const current = await getOrderHint(ctx, id, { signal });
  const isSame = sameOrder(current.ids, ids);
  if (isSame && (etag === undefined || etag === current.etag)) return current;
  const body: M.V2WikiOrderHint = {
    ownerId: id,
    ownerObjectType: 'ENTITY',
    idList: [...ids],
    etag: etag ?? current.etag,
  };
  try {
    return orderOf(
      await ctx.services.wiki.updateEntityWikiOrderHint({ ownerId: id, body }, { signal }),
    );
  } catch (error) {
    // Sent again after a lost answer: the first request has changed the etag.
    if (!(error instanceof PreconditionFailedError)) throw error;
    const next = await getOrderHint(ctx, id, { signal });
    if (isSame || !sameOrder(next.ids, ids)) throw error;
    return next;
  }
}

function orderOf({ idList = [], etag = '' }: M.V2WikiOrderHint): WikiOrder {
  return { ids: idList, etag };
}

function sameOrder(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, index) => id === others[index]);
}

/**
 * Puts the copies of pages into the order of their originals, after the pages that the destination has put into an order.
 *
 * @param ids - The ids of the copies by those of the originals.
 */
export async function mapOrderHint(
  ctx: Context,
  { from, to, ids }: { from: string; to: string; ids: ReadonlyMap<string, string> },
  options: Pick<CommonOptions, 'signal'>,
): Promise<void> {
  const order = await getOrderHint(ctx, from, options);
  const mapped = order.ids.flatMap((id) => ids.get(id) ?? []);
  if (mapped.length === 0) return;
  const current = await getOrderHint(ctx, to, options);
  const added = mapped.filter((id) => !current.ids.includes(id));
  if (added.length > 0) {
    await setOrderHint(ctx, to, [...current.ids, ...added], { ...options, etag: current.etag });
  }
}
