/** Finds the values of a collection by a derived key. Kept up to date by the collection. */
export interface Index<T> {
  /** Every value with this key, in no particular order. */
  find(key: string): T[];
  /** Any value with this key. */
  first(key: string): T | undefined;
  /** How many values have this key. */
  count(key: string): number;
}

type Keys = string | readonly string[] | undefined;

/** The key or keys of a value in an index; `undefined` leaves it out. */
export type IndexKey<T> = (value: T) => Keys;

/** Records the changes of a collection in the open transaction. */
export interface ChangeRecorder {
  record<T>(collection: Collection<T>, id: string, next: T | undefined): void;
}

/** Marks a deleted value until its transaction ends, so that a rollback restores the order too. */
const deleted = Symbol('deleted');

/**
 * Values by id, in the order in which they were first put.
 *
 * Values are plain JSON data and are replaced, never mutated.
 */
export class Collection<T> {
  readonly name: string;
  readonly #slots = new Map<string, T | typeof deleted>();
  readonly #indexes = new Map<string, CollectionIndex<T>>();
  readonly #recorder: ChangeRecorder;
  #size = 0;

  constructor(name: string, recorder: ChangeRecorder) {
    this.name = name;
    this.#recorder = recorder;
  }

  get size(): number {
    return this.#size;
  }

  get(id: string): T | undefined {
    const slot = this.#slots.get(id);
    return slot === deleted ? undefined : slot;
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  put(id: string, value: T): void {
    this.#recorder.record(this, id, value);
  }

  delete(id: string): void {
    if (this.has(id)) {
      this.#recorder.record(this, id, undefined);
    }
  }

  *values(): IterableIterator<T> {
    for (const slot of this.#slots.values()) {
      if (slot !== deleted) {
        yield slot;
      }
    }
  }

  *entries(): IterableIterator<[string, T]> {
    for (const [id, slot] of this.#slots) {
      if (slot !== deleted) {
        yield [id, slot];
      }
    }
  }

  /**
   * Returns the index of this name and creates it at the first call. The key function must be pure.
   */
  index(name: string, key: IndexKey<T>): Index<T> {
    const known = this.#indexes.get(name);
    if (known !== undefined) {
      return known;
    }
    const index = new CollectionIndex<T>(key, (id) => this.get(id));
    for (const [id, value] of this.entries()) {
      index.replace(id, undefined, value);
    }
    this.#indexes.set(name, index);
    return index;
  }

  /** Only for the store. Sets a value, or marks it as deleted. */
  apply(id: string, next: T | undefined): void {
    const previous = this.get(id);
    this.#slots.set(id, next ?? deleted);
    this.#size += (next === undefined ? 0 : 1) - (previous === undefined ? 0 : 1);
    for (const index of this.#indexes.values()) {
      index.replace(id, previous, next);
    }
  }

  /** Only for the store. Whether the id has a position in the order, deleted or not. */
  hasSlot(id: string): boolean {
    return this.#slots.has(id);
  }

  /** Only for the store. Removes the position of a deleted value. */
  sweep(id: string): void {
    if (this.#slots.get(id) === deleted) {
      this.#slots.delete(id);
    }
  }
}

class CollectionIndex<T> implements Index<T> {
  readonly #ids = new Map<string, Set<string>>();
  readonly #key: IndexKey<T>;
  readonly #get: (id: string) => T | undefined;

  constructor(key: IndexKey<T>, get: (id: string) => T | undefined) {
    this.#key = key;
    this.#get = get;
  }

  find(key: string): T[] {
    const found: T[] = [];
    for (const id of this.#ids.get(key) ?? []) {
      const value = this.#get(id);
      if (value !== undefined) {
        found.push(value);
      }
    }
    return found;
  }

  first(key: string): T | undefined {
    for (const id of this.#ids.get(key) ?? []) {
      return this.#get(id);
    }
    return undefined;
  }

  count(key: string): number {
    return this.#ids.get(key)?.size ?? 0;
  }

  replace(id: string, previous: T | undefined, next: T | undefined): void {
    const before = previous === undefined ? undefined : this.#key(previous);
    const after = next === undefined ? undefined : this.#key(next);
    // Most changes of a value do not change its key.
    if (before !== after) {
      this.#remove(id, before);
      this.#add(id, after);
    }
  }

  #add(id: string, keys: Keys): void {
    for (const key of listKeys(keys)) {
      const ids = this.#ids.get(key);
      if (ids === undefined) {
        this.#ids.set(key, new Set([id]));
      } else {
        ids.add(id);
      }
    }
  }

  #remove(id: string, keys: Keys): void {
    for (const key of listKeys(keys)) {
      const ids = this.#ids.get(key);
      ids?.delete(id);
      if (ids?.size === 0) {
        this.#ids.delete(key);
      }
    }
  }
}

function listKeys(keys: Keys): readonly string[] {
  if (keys === undefined) {
    return [];
  }
  return typeof keys === 'string' ? [keys] : keys;
}
