import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import type { Parent } from '../entities/entityClasses.js';
import { isContainer } from '../entities/isContainer.js';
import { SynapseError } from '../errors.js';
import { shortened } from '../files/safeName.js';
import { containerOf } from '../values/ids.js';
import { linkType } from '../entities/entityTypes.js';
import { LinkGuard } from './links.js';
import { WalkListing, type ListedContainer, type WalkPlace } from './walkListing.js';
import type { SkippedLink, WalkedEntity, WalkOptions, WalkStep } from './walkStep.js';

/**
 * Implements {@link Sync.walk}.
 *
 * @throws SynapseError (`MALFORMED_RESPONSE`) when the server lists a folder in itself.
 */
export async function* walk(
  ctx: Context,
  parent: Parent,
  options: WalkOptions = {},
): AsyncGenerator<WalkStep> {
  const { maxDepth = Infinity } = options;
  const listing = new WalkListing(ctx, options);
  const tree = new WalkTree(ctx, options);
  /** The containers to come, the next one last. */
  const pending: WalkPlace[] = [];
  try {
    let listed = await listing.listTop(containerOf(parent));
    let place: WalkPlace | undefined = tree.top(listed.id);
    for (;;) {
      const { step, below } = tree.step(place, listed);
      if (place.names.length < maxDepth) pending.push(...below.reverse());
      listing.lookAhead(pending);
      yield step;
      place = pending.pop();
      if (place === undefined) return;
      if (place.refusal !== undefined) throw place.refusal;
      listed = await listing.list(place);
    }
  } finally {
    await listing.end();
  }
}

/** Turns what is listed into steps, and says which containers come next. */
class WalkTree {
  readonly #guard = new LinkGuard();
  readonly #maxDepth: number;
  readonly #onSkippedLink: (link: SkippedLink) => void;

  constructor(ctx: Context, { maxDepth = Infinity, onSkippedLink }: WalkOptions) {
    this.#maxDepth = maxDepth;
    this.#onSkippedLink = onSkippedLink ?? ((link) => ctx.log(skippedLine(link)));
  }

  top(id: string): WalkPlace {
    return { id, names: [], ...this.#guard.top(id) };
  }

  step(place: WalkPlace, listed: ListedContainer): { step: WalkStep; below: WalkPlace[] } {
    const { id, names } = place;
    const step: WalkStep = {
      path: names.join('/'),
      id,
      depth: names.length,
      folders: [],
      files: [],
    };
    if (listed.sumFileSizesBytes !== undefined) step.sumFileSizesBytes = listed.sumFileSizesBytes;
    for (const { link, reason } of listed.dead) this.#skip(place, link, reason);
    const below: WalkPlace[] = [];
    for (const child of listed.children) {
      if (!isContainer(child)) {
        step.files.push(child);
        continue;
      }
      const next = this.#enter(place, child);
      if (next !== undefined) below.push(next);
      step.folders.push(next === undefined ? { ...child, isSkipped: true } : child);
    }
    return { step, below };
  }

  /** @returns `undefined` for a link that is not followed */
  #enter(place: WalkPlace, child: WalkedEntity): WalkPlace | undefined {
    const names = [...place.names, child.name];
    const { id, link } = child;
    // Nothing below the limit is walked, so it cannot loop.
    if (place.names.length >= this.#maxDepth) return { ...place, id, names };
    const via = link === undefined ? child : { ...child, id: link.id, type: linkType };
    try {
      return { id, names, ...this.#guard.enter(place, via, id) };
    } catch (error) {
      if (!(error instanceof SynapseError)) throw error;
      // The entities before it are still walked.
      if (error.code !== 'LINK_LOOP') return { ...place, id, names, refusal: error };
      this.#skip(place, via, error.message);
      return undefined;
    }
  }

  #skip(place: WalkPlace, { id, name }: M.EntityHeader, reason: string): void {
    this.#onSkippedLink({ id, name, path: [...place.names, name].join('/'), reason });
  }
}

/** One line about a link that is not followed. */
export function skippedLine({ id, path, reason }: SkippedLink): string {
  return `not followed: ${shortened(path)} (${id}): ${reason}`;
}
