import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { getChildren } from '../entities/getChildren.js';
import type { KnownName } from '../entities/storeEntity.js';
import type { CommonOptions } from '../options.js';

/** Children in one page of `POST /entity/children`. */
const pageSize = 50;

/** The names in one container. */
interface Names {
  ids: ReadonlyMap<string, string>;
  /** Whether these are all of them. */
  isComplete: boolean;
}

/**
 * The children of containers that files are stored in. A name that is known to be free needs no lookup before it is
 * created, and one that is known to be taken only the entity itself.
 */
export class KnownChildren {
  readonly #ctx: Context;
  readonly #containers = new Map<string, Promise<Names>>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Notes a container that was just created, and so is empty. */
  created(id: string): void {
    this.#containers.set(id, Promise.resolve({ ids: new Map(), isComplete: true }));
  }

  /**
   * Reads the names in a container, in no more requests than looking up each name would take.
   *
   * @param expected - How many names will be looked up.
   */
  expect(id: string, expected: number, options: CommonOptions): void {
    if (expected === 0 || this.#containers.has(id)) return;
    // A container that cannot be listed is no failure yet: storing into it tells what is wrong.
    const unknown: Names = { ids: new Map(), isComplete: false };
    this.#containers.set(
      id,
      this.#read(id, expected * pageSize, options).catch(() => unknown),
    );
  }

  /** @returns what is known of a name, or `undefined` when it has to be looked up */
  async find(id: string, name: string): Promise<KnownName | undefined> {
    const names = await this.#containers.get(id);
    if (names === undefined) return undefined;
    const found = names.ids.get(name);
    return found !== undefined || names.isComplete ? { id: found } : undefined;
  }

  async #read(id: string, most: number, options: CommonOptions): Promise<Names> {
    const ids = new Map<string, string>();
    const children: AsyncIterable<M.EntityHeader> = getChildren(this.#ctx, id, {
      signal: options.signal,
    });
    for await (const child of children) {
      if (ids.size >= most) return { ids, isComplete: false };
      ids.set(child.name, child.id);
    }
    return { ids, isComplete: true };
  }
}
