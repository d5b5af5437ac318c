import { ConflictError } from '../errors.js';
import { isLostAnswer } from './isLostAnswer.js';

/** A request that creates something, and how it is found when the answer to the request was lost. */
export interface Creation<T> {
  create: () => Promise<T>;
  /** Looks for what the request created; `undefined` when it is not there. */
  find: () => Promise<T | undefined>;
  signal?: AbortSignal | undefined;
}

/** Creates something. After a lost answer it is looked up, and created again only when it is not there. */
export async function createOrFind<T>({ create, find, signal }: Creation<T>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    signal?.throwIfAborted();
    if (!isLostAnswer(error)) throw error;
    return (await find()) ?? (await create());
  }
}

/**
 * Like {@link createOrFind}, for something whose name is unique: the first request can still be at work during the lookup, and the
 * second one is then refused.
 *
 * @throws {@link ConflictError} when the name belongs to something that this call has not created.
 */
export function createNamed<T>({ create, find, signal }: Creation<T>): Promise<T> {
  const findOrCreate = async (): Promise<T> => {
    const found = await find();
    if (found !== undefined) return found;
    try {
      return await create();
    } catch (error) {
      // The first request was still at work during the lookup.
      const created = error instanceof ConflictError ? await find() : undefined;
      if (created === undefined) throw error;
      return created;
    }
  };
  return createOrFind({ create, find: findOrCreate, signal });
}
