import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { entityTypeOf } from '../entities/entityTypeOf.js';
import { childTypes, getChildren } from '../entities/getChildren.js';
import { isContainer } from '../entities/isContainer.js';
import { ArgumentError, SynapseError } from '../errors.js';
import { shortened } from '../files/safeName.js';
import { openScope, type Scope } from '../net/clock.js';
import { runPool } from '../transfer/pool.js';
import { aType } from './findFiles.js';
import { linkType } from '../entities/entityTypes.js';
import { followLink, type LinkTarget, type TreePlace } from './links.js';
import type { WalkedEntity, WalkOptions } from './walkStep.js';

/** A container to walk. */
export interface WalkPlace extends TreePlace {
  id: string;
  /** The names from the start down to it. */
  names: readonly string[];
  /** Why it cannot be walked. */
  refusal?: Error;
}

/** The content of a container. */
export interface ListedContainer {
  id: string;
  /** The links that are followed have the id and the type of their target. */
  children: readonly WalkedEntity[];
  /** The links that lead to nothing. They are children too. */
  dead: readonly { link: M.EntityHeader; reason: string }[];
  sumFileSizesBytes?: number | undefined;
}

/** Headers that are read with one request. Synapse allows 1000. */
const headersAtOnce = 500;

const defaultConcurrency = 8;

/** Lists containers, some of them ahead of the walk. */
export class WalkListing {
  readonly #ctx: Context;
  readonly #options: WalkOptions;
  readonly #concurrency: number;
  readonly #scope: Scope;
  /** What is being listed, or was listed and is not taken yet. */
  readonly #started = new Map<WalkPlace, Promise<ListedContainer>>();
  /** What links lead to. Links can lead to one folder, and the links in it, many times. */
  readonly #targets = new Map<string, LinkTarget>();
  #running = 0;
  #ahead: readonly WalkPlace[] = [];

  constructor(ctx: Context, options: WalkOptions) {
    const { concurrency = defaultConcurrency, signal } = options;
    if (!(concurrency >= 1)) {
      throw new ArgumentError(`concurrency is ${concurrency}, and should be 1 or more.`);
    }
    this.#ctx = ctx;
    this.#options = options;
    this.#concurrency = concurrency;
    this.#scope = openScope(signal);
  }

  /**
   * Lists the start. A link is followed when the options say so.
   *
   * @throws {@link ArgumentError} when it is no project or folder.
   */
  async listTop(id: string): Promise<ListedContainer> {
    const listed = await this.#read(id);
    // Only a container has children, so only an empty one is looked at.
    if (listed.children.length > 0) return listed;
    const { signal } = this.#scope;
    const header = await this.#ctx.services.entity.getEntityHeader({ id }, { signal });
    const { name, type } = header;
    if (isContainer(header)) return listed;
    if (type !== linkType) {
      throw new ArgumentError(`${id} (${name}) is ${aType(type)}: it has nothing in it to list.`);
    }
    if (this.#options.followLinks !== true) {
      throw new ArgumentError(
        `${id} (${name}) is a Link, not a project or folder: follow it (followLinks) to list its target.`,
      );
    }
    const target = await followLink(this.#ctx, id, { signal });
    if (isContainer(target)) return this.#read(target.id);
    throw new ArgumentError(
      `${id} (${name}) is a link to ${target.id}, which is ${aType(target.type)}: it has nothing in it to list.`,
    );
  }

  /**
   * The content of a container, whether it was listed ahead or not.
   *
   * @throws SynapseError that names the container.
   */
  async list(place: WalkPlace): Promise<ListedContainer> {
    const listing = this.#started.get(place) ?? this.#start(place);
    this.#started.delete(place);
    this.#ahead = this.#ahead.filter((each) => each !== place);
    try {
      return await listing;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      throw cannotList(place, error);
    }
  }

  /**
   * Starts to list the containers that come next.
   *
   * @param pending - The containers to come, the next one last.
   */
  lookAhead(pending: readonly WalkPlace[]): void {
    this.#ahead = pending.slice(-this.#concurrency).reverse();
    this.#fill();
  }

  /** Cancels what is being listed, and waits for it. */
  async end(): Promise<void> {
    this.#ahead = [];
    this.#scope.abort(new Error('The walk was left'));
    await Promise.allSettled(this.#started.values());
    this.#scope.end();
  }

  #fill(): void {
    if (this.#concurrency === 1) return;
    for (const place of this.#ahead) {
      if (this.#running >= this.#concurrency) return;
      if (!this.#started.has(place)) void this.#start(place);
    }
  }

  #start(place: WalkPlace): Promise<ListedContainer> {
    this.#running += 1;
    const listing = this.#read(place.id).finally(() => {
      this.#running -= 1;
      this.#fill();
    });
    // A failure is thrown when the walk arrives there. It may never arrive.
    listing.catch(() => undefined);
    this.#started.set(place, listing);
    return listing;
  }

  async #read(id: string): Promise<ListedContainer> {
    const { includeTypes, followLinks = false, includeSumFileSizes = false } = this.#options;
    const { signal } = this.#scope;
    const asked = new Set<M.EntityType>(includeTypes ?? childTypes);
    asked.add('folder');
    if (followLinks) asked.add('link');
    let sumFileSizesBytes: number | undefined;
    const children: M.EntityHeader[] = [];
    const listing = getChildren(this.#ctx, id, {
      includeTypes: [...asked],
      signal,
      ...(includeSumFileSizes && {
        includeSumFileSizes,
        onTotals: (totals) => (sumFileSizesBytes = totals.sumFileSizesBytes),
      }),
    });
    for await (const child of listing) children.push(child);
    const listed = { id, children, dead: [], sumFileSizesBytes };
    return followLinks ? { ...listed, ...(await this.#followAll(children)) } : listed;
  }

  /** Puts what links lead to in their place. */
  async #followAll(
    children: readonly M.EntityHeader[],
  ): Promise<Pick<ListedContainer, 'children' | 'dead'>> {
    const links = children.filter(({ type }) => type === linkType);
    const unknown = links.filter(({ id }) => !this.#targets.has(id));
    const targets = this.#targets;
    const reasons = new Map<string, string>();
    const { signal } = this.#scope;
    await runPool(unknown, { limit: this.#concurrency, signal }, async ({ id }, each) => {
      try {
        targets.set(id, await followLink(this.#ctx, id, { signal: each }));
      } catch (error) {
        each.throwIfAborted();
        reasons.set(id, (error as Error).message);
      }
    });
    const headers = await this.#headersOf(links.flatMap(({ id }) => targets.get(id) ?? []));
    const { includeTypes } = this.#options;
    const isWanted = (child: M.EntityHeader): boolean =>
      includeTypes === undefined || includeTypes.includes(entityTypeOf(child.type));
    const dead: { link: M.EntityHeader; reason: string }[] = [];
    const followed = children.flatMap((child): WalkedEntity[] => {
      if (child.type !== linkType) return [child];
      const target = targets.get(child.id);
      const header = target && headers.get(keyOf(target));
      if (header !== undefined) {
        const entity = { ...header, name: child.name, link: { id: child.id } };
        return isContainer(header) || isWanted(header) || isWanted(child) ? [entity] : [];
      }
      const missing = `its target ${target?.id ?? ''} does not exist, or you may not read it`;
      dead.push({ link: child, reason: reasons.get(child.id) ?? missing });
      return isWanted(child) ? [child] : [];
    });
    return { children: followed, dead };
  }

  /** The headers of entities; one that does not exist, or that the caller may not read, has none. */
  async #headersOf(targets: readonly LinkTarget[]): Promise<Map<string, M.EntityHeader>> {
    const found = new Map<string, M.EntityHeader>();
    const { signal } = this.#scope;
    const wanted = [...new Map(targets.map((target) => [keyOf(target), target])).values()];
    for (let start = 0; start < wanted.length; start += headersAtOnce) {
      const batch = wanted.slice(start, start + headersAtOnce);
      const references = batch.map(({ id, version }) => ({
        targetId: id,
        targetVersionNumber: version,
      }));
      const { entity } = this.#ctx.services;
      const { results } = await entity.listEntityHeaders({ body: { references } }, { signal });
      for (const target of batch) {
        const isIt = ({ id, versionNumber }: M.EntityHeader): boolean =>
          id === target.id && (target.version === undefined || versionNumber === target.version);
        const header = results.find(isIt);
        if (header !== undefined) found.set(keyOf(target), header);
      }
    }
    return found;
  }
}

function keyOf({ id, version }: LinkTarget): string {
  return version === undefined ? id : `${id}.${version}`;
}

/** The error of a folder within the tree, which says which one it is. */
function cannotList({ id, names }: WalkPlace, error: unknown): unknown {
  if (!(error instanceof SynapseError)) return error;
  return new SynapseError(
    `Cannot list the folder ${shortened(names.join('/'))} (${id}): ${error.message}`,
    { code: error.code, cause: error },
  );
}
