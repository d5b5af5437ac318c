import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { getChildren } from '../entities/getChildren.js';
import { AuthenticationError, AuthorizationError, NotFoundError } from '../errors.js';
import type { CommonOptions } from '../options.js';

/** Children in one page of `POST /entity/children`. */
const pageSize = 50;

/** Nothing else can be done with such a container. */
const refusals = [AuthenticationError, AuthorizationError, NotFoundError];

/** The children of one container. */
interface Children {
  byName: ReadonlyMap<string, M.EntityHeader>;
  /** Whether these are all of them. */
  isComplete: boolean;
}

/** What is known of a name: the entity that has it, or `undefined` when it is free. */
export interface KnownChild {
  id: string | undefined;
  header: M.EntityHeader | undefined;
}

/**
 * The children of containers that files are stored in. A name that is known to be free needs no lookup before it is
 * created, and one that is known to be taken only the entity itself.
 */
export class KnownChildren {
  readonly #ctx: Context;
  readonly #containers = new Map<string, Promise<Children>>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Notes a container that was just created, and so is empty. */
  created(id: string): void {
    this.#containers.set(id, Promise.resolve({ byName: new Map(), isComplete: true }));
  }

  /**
   * Reads the children of a container, in no more requests than looking up each name would take.
   *
   * @param expected - How many names will be looked up. `Infinity` reads all children.
   */
  expect(id: string, expected: number, options: CommonOptions): void {
    if (expected === 0 || this.#containers.has(id)) return;
    const children = this.#read(id, expected * pageSize, options);
    // The failure is reported to those who look up a name.
    children.catch(() => undefined);
    this.#containers.set(id, children);
  }

  /**
   * @returns what is known of a name, or `undefined` when it has to be looked up
   * @throws what listing the container failed with
   */
  async find(id: string, name: string): Promise<KnownChild | undefined> {
    const children = await this.#containers.get(id);
    if (children === undefined) return undefined;
    const header = children.byName.get(name);
    return header !== undefined || children.isComplete ? { id: header?.id, header } : undefined;
  }

  /** The children of a container that was expected. */
  async list(id: string): Promise<M.EntityHeader[]> {
    const children = await this.#containers.get(id);
    return [...(children?.byName.values() ?? [])];
  }

  /** A list that breaks off is no failure where only some names are needed: they can be looked up. */
  async #read(id: string, most: number, options: CommonOptions): Promise<Children> {
    try {
      return await this.#readPages(id, most, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const isRefused = refusals.some((type) => error instanceof type);
      if (isRefused || most === Infinity) throw error;
      return { byName: new Map(), isComplete: false };
    }
  }

  async #readPages(id: string, most: number, options: CommonOptions): Promise<Children> {
    const byName = new Map<string, M.EntityHeader>();
    const children: AsyncIterable<M.EntityHeader> = getChildren(this.#ctx, id, {
      signal: options.signal,
    });
    for await (const child of children) {
      if (byName.size >= most) return { byName, isComplete: false };
      byName.set(child.name, child);
    }
    return { byName, isComplete: true };
  }
}
