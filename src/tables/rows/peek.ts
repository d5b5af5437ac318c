/** An iterator whose first item is known. */
export interface Peeked<T> {
  /** `undefined` when there are no items. */
  first: T | undefined;
  /** All items, including the first one. */
  items: AsyncGenerator<T>;
}

/** Reads the first item of an iterator, and returns it together with an iterator of all items. */
export async function peek<T>(iterator: AsyncGenerator<T>): Promise<Peeked<T>> {
  const first = await iterator.next();
  return { first: first.done ? undefined : first.value, items: continued(first, iterator) };
}

async function* continued<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return(undefined);
  }
}
