import { Collection } from './collection.js';
import { assertPlain } from './plain.js';

export type { Collection, Index, IndexKey } from './collection.js';

/** The changes of one transaction, as written to the journal. */
export interface Commit {
  /** Number of the transaction; grows by one. */
  readonly tx: number;
  /** `[collection, id, value]` for a put, `[collection, id]` for a delete. */
  readonly changes: readonly StoredChange[];
  /** New last value of each sequence that was used. */
  readonly sequences?: Readonly<Record<string, number>>;
}

export type StoredChange = readonly [collection: string, id: string, value?: unknown];

/** The whole state of a store. */
export interface StateDump {
  /** Number of the last transaction in it. */
  readonly tx: number;
  readonly sequences: Readonly<Record<string, number>>;
  readonly changes: readonly StoredChange[];
}

export interface StoreOptions {
  /** Writes a commit; when it throws, the transaction is rolled back. */
  readonly write?: (commit: Commit) => void;
  /** Freezes every value put and refuses values that are not plain JSON data. @default false */
  readonly strict?: boolean;
}

type Undo =
  | {
      readonly collection: Collection<unknown>;
      readonly id: string;
      readonly previous: unknown;
      readonly hadSlot: boolean;
    }
  | { readonly sequence: string; readonly previous: number | undefined };

interface OpenTransaction {
  readonly undo: Undo[];
  readonly callbacks: (() => void)[];
}

/**
 * The state of the server: collections of immutable values in memory, changed in transactions.
 *
 * A change outside of a transaction is a transaction of its own.
 */
export class Store {
  readonly #collections = new Map<string, Collection<unknown>>();
  readonly #sequences = new Map<string, number>();
  readonly #options: StoreOptions;
  #open: OpenTransaction | undefined;
  #tx = 0;

  constructor(options: StoreOptions = {}) {
    this.#options = options;
  }

  /** Number of the last transaction that changed something. */
  get tx(): number {
    return this.#tx;
  }

  /**
   * Returns the collection of this name and creates it at the first call. All users of a collection
   * must use the same `T`.
   */
  collection<T>(name: string): Collection<T> {
    return this.#collection(name) as Collection<T>;
  }

  /** Whether any user or file has named the collection. */
  hasCollection(name: string): boolean {
    return this.#collections.has(name);
  }

  /** Creates a durable counter: each call of the result returns the next number. */
  sequence(name: string, start = 1): () => number {
    return () =>
      this.transaction(() => {
        const previous = this.#sequences.get(name);
        const next = previous === undefined ? start : previous + 1;
        this.#open?.undo.push({ sequence: name, previous });
        this.#sequences.set(name, next);
        return next;
      });
  }

  /**
   * Runs `fn` so that either all of its changes are kept and durable when this returns, or, when
   * `fn` throws, none. A nested transaction joins the outer one; when it throws, its own changes
   * are undone. `fn` must be synchronous: of an async function only the part before its first
   * `await` belongs to the transaction.
   */
  transaction<T>(fn: () => T): T {
    const outer = this.#open;
    const open = outer ?? { undo: [], callbacks: [] };
    const undoMark = open.undo.length;
    const callbackMark = open.callbacks.length;
    this.#open = open;
    try {
      const result = fn();
      if (outer === undefined) {
        this.#commit(open);
      }
      return result;
    } catch (error) {
      this.#rollback(open, undoMark);
      open.callbacks.length = callbackMark;
      throw error;
    } finally {
      this.#open = outer;
      if (outer === undefined) {
        for (const callback of open.callbacks) {
          callback();
        }
      }
    }
  }

  /** Runs `fn` once the open transaction is durable, not at all when it is rolled back. */
  afterCommit(fn: () => void): void {
    if (this.#open === undefined) {
      fn();
    } else {
      this.#open.callbacks.push(fn);
    }
  }

  /** Applies a commit that was read from disk. */
  replay(commit: Commit): void {
    for (const [name, id, value] of commit.changes) {
      const collection = this.#collection(name);
      collection.apply(id, value);
      collection.sweep(id);
    }
    for (const [name, value] of Object.entries(commit.sequences ?? {})) {
      this.#sequences.set(name, value);
    }
    this.#tx = commit.tx;
  }

  /** The whole state at this moment; later changes do not show in it. */
  dump(): StateDump {
    const changes: StoredChange[] = [];
    for (const collection of this.#collections.values()) {
      for (const [id, value] of collection.entries()) {
        changes.push([collection.name, id, value]);
      }
    }
    return { tx: this.#tx, sequences: Object.fromEntries(this.#sequences), changes };
  }

  #collection(name: string): Collection<unknown> {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = new Collection<unknown>(name, {
        record: (target, id, next) => this.#record(target as Collection<unknown>, id, next),
      });
      this.#collections.set(name, collection);
    }
    return collection;
  }

  #record(collection: Collection<unknown>, id: string, next: unknown): void {
    if (this.#options.strict === true && next !== undefined) {
      assertPlain(next, `${collection.name}/${id}`);
    }
    if (this.#open === undefined) {
      this.transaction(() => this.#record(collection, id, next));
      return;
    }
    this.#open.undo.push({
      collection,
      id,
      previous: collection.get(id),
      hadSlot: collection.hasSlot(id),
    });
    collection.apply(id, next);
  }

  #commit(open: OpenTransaction): void {
    const commit = this.#netChanges(open);
    if (commit !== undefined) {
      this.#options.write?.(commit);
      this.#tx = commit.tx;
    }
    for (const entry of open.undo) {
      if ('collection' in entry) {
        entry.collection.sweep(entry.id);
      }
    }
  }

  #netChanges(open: OpenTransaction): Commit | undefined {
    const seen = new Map<Collection<unknown>, Set<string>>();
    const changes: StoredChange[] = [];
    const sequences: Record<string, number> = {};
    for (const entry of open.undo) {
      if ('sequence' in entry) {
        sequences[entry.sequence] = this.#sequences.get(entry.sequence) ?? 0;
        continue;
      }
      const { collection, id, previous } = entry;
      const ids = seen.get(collection) ?? new Set<string>();
      seen.set(collection, ids);
      if (ids.has(id)) {
        continue;
      }
      ids.add(id);
      const value = collection.get(id);
      if (value !== previous) {
        changes.push(value === undefined ? [collection.name, id] : [collection.name, id, value]);
      }
    }
    if (changes.length === 0 && Object.keys(sequences).length === 0) {
      return undefined;
    }
    return {
      tx: this.#tx + 1,
      changes,
      ...(Object.keys(sequences).length > 0 && { sequences }),
    };
  }

  #rollback(open: OpenTransaction, mark: number): void {
    for (const entry of open.undo.splice(mark).reverse()) {
      if ('sequence' in entry) {
        if (entry.previous === undefined) {
          this.#sequences.delete(entry.sequence);
        } else {
          this.#sequences.set(entry.sequence, entry.previous);
        }
        continue;
      }
      entry.collection.apply(entry.id, entry.previous);
      if (!entry.hadSlot) {
        entry.collection.sweep(entry.id);
      }
    }
  }
}
