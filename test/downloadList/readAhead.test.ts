import { expect, test } from '@jest/globals';
import { ReadAhead } from '../../src/downloadList/readAhead.js';

function withResolvers() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Lets a test decide when an item comes. */
function gated(items: readonly (number | Error)[]) {
  const gates = items.map(() => withResolvers());
  async function* read(): AsyncGenerator<number> {
    for (const [index, item] of items.entries()) {
      await gates[index]?.promise;
      if (item instanceof Error) throw item;
      yield item;
    }
  }
  return { source: read(), open: (index: number) => gates[index]?.resolve() };
}

test('a list is read before anybody asks, and a loop gets all of it', async () => {
  const { source, open } = gated([1, 2, 3]);
  const list = new ReadAhead(source);
  open(0);
  open(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(list.items).toEqual([1, 2]);
  expect(list.isComplete).toBe(false);
  const loop = list[Symbol.asyncIterator]();
  expect(await loop.next()).toEqual({ value: 1, done: false });
  expect(await loop.next()).toEqual({ value: 2, done: false });
  const third = loop.next();
  open(2);
  expect(await third).toEqual({ value: 3, done: false });
  expect(await loop.next()).toEqual({ value: undefined, done: true });
  expect(list.isComplete).toBe(true);
});

test('a failure comes after the items before it, and the list is not complete', async () => {
  const { source, open } = gated([1, new Error('broken')]);
  const list = new ReadAhead(source);
  open(0);
  open(1);
  const read: number[] = [];
  const loop = async (): Promise<void> => {
    for await (const item of list) read.push(item);
  };
  await expect(loop()).rejects.toThrow('broken');
  expect(read).toEqual([1]);
  expect(list.isComplete).toBe(false);
});
