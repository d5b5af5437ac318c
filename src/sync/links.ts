import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { endlessTree, maximumDepth } from '../entities/endlessTree.js';
import { fetchBundle } from '../entities/entityBundle.js';
import { fileType, linkType } from '../entities/entityTypes.js';
import { SynapseError } from '../errors.js';

/** Links to links. Synapse does not follow them at all. */
const maximumLinks = 10;

/** Links can multiply a folder without end, even when none leads back to where it is. */
const maximumCopies = 100;

/** What a link leads to. */
export interface LinkTarget {
  id: string;
  /** Absent for a link to the current version. */
  version?: number | undefined;
  /** The concrete type. */
  type: string;
}

/** How a link is followed. */
export interface FollowOptions {
  signal?: AbortSignal | undefined;
  /** The most links that lead to each other. @default 10 */
  maximum?: number | undefined;
}

/**
 * Follows a link, and links to links, to what is no link.
 *
 * @throws SynapseError (`LINK_LOOP`, `NOT_FOUND`) for a link that leads to no entity; NotFoundError for a deleted target.
 */
export async function followLink(
  ctx: Context,
  link: string,
  { signal, maximum = maximumLinks }: FollowOptions = {},
): Promise<LinkTarget> {
  const seen = new Set<string>();
  let target: LinkTarget = { id: link, type: linkType };
  while (target.type === linkType) {
    if (seen.has(target.id) || seen.size >= maximumLinks) {
      throw new SynapseError(`it is a link that leads to no entity, only to other links`, {
        code: 'LINK_LOOP',
      });
    }
    seen.add(target.id);
    const { entity } = await fetchBundle(ctx, target, { signal });
    if (entity.concreteType !== linkType) return { ...target, type: entity.concreteType };
    if (seen.size > maximum) {
      throw new SynapseError(
        `it is a link that leads over more than ${maximum} links (linkHops): it is not followed`,
        { code: 'LINK_LOOP' },
      );
    }
    const { targetId: id, targetVersionNumber: version } = entity.linksTo ?? {};
    if (id === undefined) throw new SynapseError('the link has no target', { code: 'NOT_FOUND' });
    // Most links say what they lead to. That saves a request for each link to a file.
    const isFile = entity.linksToClassName === fileType;
    target = { id, version, type: isFile ? fileType : linkType };
  }
  return target;
}

/** Where a container is in a tree that links can be a part of. */
export interface TreePlace {
  /** The containers that it is in, and itself. */
  ancestors: ReadonlySet<string>;
  /** Whether it was reached through a link. */
  isLinked: boolean;
}

/** Sees to it that a tree ends, also when links make a graph of it. */
export class LinkGuard {
  /** How often each container was reached. */
  readonly #visits = new Map<string, number>();
  /** The containers that were reached without a link. */
  readonly #real = new Set<string>();

  /** The place of the container at the top. */
  top(id: string): TreePlace {
    this.#count(id, false);
    return { ancestors: new Set([id]), isLinked: false };
  }

  /**
   * The place of a container in another one.
   *
   * @param child - The container, or the link to it.
   * @param id - The container.
   * @throws SynapseError `LINK_LOOP` for a link that would never end, `MALFORMED_RESPONSE` for folders that a correct server
   * cannot have.
   */
  enter(place: TreePlace, child: M.EntityHeader, id: string): TreePlace {
    const isLinked = place.isLinked || child.type === linkType;
    if (place.ancestors.has(id)) {
      throw isLinked ? linkLoop(child, id) : endlessTree(child, 'the folder is in itself');
    }
    if (isLinked && (this.#visits.get(id) ?? 0) >= maximumCopies) {
      throw new SynapseError(
        `${id} was reached ${maximumCopies} times through links: this link is not followed any more.`,
        { code: 'LINK_LOOP' },
      );
    }
    if (!isLinked && this.#real.has(id)) throw endlessTree(child, 'the folder is in two places');
    if (place.ancestors.size > maximumDepth) throw endlessTree(child, 'its folders are too deep');
    this.#count(id, isLinked);
    return { ancestors: new Set([...place.ancestors, id]), isLinked };
  }

  #count(id: string, isLinked: boolean): void {
    this.#visits.set(id, (this.#visits.get(id) ?? 0) + 1);
    if (!isLinked) this.#real.add(id);
  }
}

function linkLoop({ type }: M.EntityHeader, id: string): SynapseError {
  const what = type === linkType ? `it is a link to ${id}` : `through a link, it is ${id} again`;
  return new SynapseError(
    `${what}, which it is in: following it would never end. It is not followed.`,
    { code: 'LINK_LOOP' },
  );
}
