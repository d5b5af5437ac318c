import { PreconditionFailedError } from '../errors.js';

/** An object that Synapse stores with an etag, and a change of it that can be repeated on a newer state. */
export interface MergeUpdate<T> {
  read: () => Promise<T>;
  /** @returns the changed object, or `undefined` when there is nothing to change */
  change: (current: T) => T | undefined;
  write: (changed: T) => Promise<T>;
}

/** Reads before a change is given up that others are always faster than. */
const attempts = 5;

/**
 * Reads an object, changes it and writes it. When somebody else writes it in between (412), it is read and changed again. So it is
 * after a lost answer: the object then already has the change, and is not written again.
 *
 * @returns The object as it is stored.
 * @throws {@link PreconditionFailedError} when the object changes all the time.
 */
export async function mergeUpdate<T>({ read, change, write }: MergeUpdate<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await read();
    const changed = change(current);
    if (changed === undefined) return current;
    try {
      return await write(changed);
    } catch (error) {
      if (!(error instanceof PreconditionFailedError) || attempt === attempts) throw error;
    }
  }
}
