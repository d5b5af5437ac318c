import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { lockDataDir } from '../../src/server/state/dataDirLock.js';
import { Journal } from '../../src/server/state/journal.js';
import { openKeys } from '../../src/server/state/keyFile.js';
import { Store, type Commit } from '../../src/server/state/store.js';
import { withTempDir } from '../helpers/tempDir.js';

fc.configureGlobal({ seed: 20_260_103, numRuns: 200 });

interface Item {
  readonly tags: readonly string[];
  readonly n: number;
}

type Step =
  | { readonly kind: 'put'; readonly in: string; readonly id: string; readonly item: Item }
  | { readonly kind: 'delete'; readonly in: string; readonly id: string }
  | { readonly kind: 'count' }
  | { readonly kind: 'nested'; readonly steps: readonly Step[]; readonly fails: boolean };

interface Transaction {
  readonly steps: readonly Step[];
  readonly fails: boolean;
}

const collectionName = fc.constantFrom('a', 'b');
const id = fc.constantFrom('1', '2', '3', '__proto__');
const item: fc.Arbitrary<Item> = fc.record({
  tags: fc.uniqueArray(fc.constantFrom('x', 'y', 'é'), { maxLength: 3 }),
  n: fc.nat(9),
});
const { step } = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('put'), in: collectionName, id, item }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete'), in: collectionName, id }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('count') }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('nested'),
        steps: fc.array(tie('step'), { maxLength: 4 }),
        fails: fc.boolean(),
      }),
    },
  ),
}));
const transaction: fc.Arbitrary<Transaction> = fc.record({
  steps: fc.array(step, { maxLength: 8 }),
  fails: fc.boolean(),
});

/** A plain model of the store: what every transaction that did not fail should leave. */
interface Model {
  items: Record<'a' | 'b', Map<string, Item>>;
  counter: number;
}

class Failure extends Error {}

function copyModel(model: Model): Model {
  return {
    items: { a: new Map(model.items.a), b: new Map(model.items.b) },
    counter: model.counter,
  };
}

function applyToModel(model: Model, steps: readonly Step[]): Model {
  let next = copyModel(model);
  for (const one of steps) {
    if (one.kind === 'put') {
      next.items[one.in as 'a'].set(one.id, one.item);
    } else if (one.kind === 'delete') {
      next.items[one.in as 'a'].delete(one.id);
    } else if (one.kind === 'count') {
      next.counter += 1;
    } else if (!one.fails) {
      next = applyToModel(next, one.steps);
    }
  }
  return next;
}

function applyToStore(store: Store, { steps, fails }: Transaction): void {
  store.transaction(() => {
    for (const one of steps) {
      if (one.kind === 'put') {
        store.collection<Item>(one.in).put(one.id, one.item);
      } else if (one.kind === 'delete') {
        store.collection<Item>(one.in).delete(one.id);
      } else if (one.kind === 'count') {
        store.sequence('counter')();
      } else {
        try {
          applyToStore(store, one);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }
    }
    if (fails) {
      throw new Failure();
    }
  });
}

function attempt(store: Store, one: Transaction): void {
  try {
    applyToStore(store, one);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
  }
}

function tagIndex(store: Store, name: string) {
  return store.collection<Item>(name).index('tags', ({ tags }) => tags);
}

function sorted(items: Iterable<Item>): string[] {
  return [...items].map((one) => JSON.stringify(one)).sort();
}

function expectState(store: Store, model: Model): void {
  for (const name of ['a', 'b'] as const) {
    const collection = store.collection<Item>(name);
    const expected = model.items[name];
    expect(new Map(collection.entries())).toEqual(expected);
    expect(collection.size).toBe(expected.size);
    for (const tag of ['x', 'y', 'é']) {
      const found = tagIndex(store, name).find(tag);
      expect(sorted(found)).toEqual(
        sorted([...expected.values()].filter(({ tags }) => tags.includes(tag))),
      );
      expect(tagIndex(store, name).count(tag)).toBe(found.length);
    }
  }
}

const emptyModel: Model = { items: { a: new Map(), b: new Map() }, counter: 0 };

describe('store', () => {
  test('a transaction keeps all of its changes or none', () => {
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 12 }), (transactions) => {
        const store = new Store({ strict: true });
        tagIndex(store, 'a');
        let model = emptyModel;
        for (const one of transactions) {
          const before = [...store.collection<Item>('a').entries()].map(([key]) => key);
          attempt(store, one);
          model = one.fails ? model : applyToModel(model, one.steps);
          expectState(store, model);
          if (one.fails) {
            const after = [...store.collection<Item>('a').entries()].map(([key]) => key);
            expect(after).toEqual(before);
          }
        }
        expect(store.sequence('counter')()).toBe(model.counter + 1);
      }),
    );
  });

  test('the journal is enough to get the state back in its order', () => {
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 12 }), (transactions) => {
        const lines: string[] = [];
        const store = new Store({ write: (commit) => lines.push(JSON.stringify(commit)) });
        for (const one of transactions) {
          const written = lines.length;
          attempt(store, one);
          expect(lines.length - written).toBeLessThanOrEqual(one.fails ? 0 : 1);
        }
        const replayed = new Store();
        for (const line of lines) {
          replayed.replay(JSON.parse(line) as Commit);
        }
        expect(sortCollections(replayed.dump())).toEqual(sortCollections(store.dump()));
      }),
    );
  });

  test('a transaction that cannot be written is undone', () => {
    let isFull = false;
    const store = new Store({
      write: () => {
        if (isFull) {
          throw new Error('full');
        }
      },
    });
    const things = store.collection<number>('things');
    things.put('kept', 1);
    isFull = true;
    expect(() => {
      store.transaction(() => {
        things.put('kept', 2);
        things.put('new', 3);
        store.sequence('ids')();
      });
    }).toThrow('full');
    isFull = false;
    expect(new Map(things.entries())).toEqual(new Map([['kept', 1]]));
    expect(store.sequence('ids', 7)()).toBe(7);
  });

  test('what waits for the commit runs after it', () => {
    const done: string[] = [];
    const store = new Store({ write: () => done.push('written') });
    const things = store.collection<number>('things');
    store.transaction(() => {
      store.afterCommit(() => done.push('after'));
      things.put('1', 1);
      expect(done).toEqual([]);
    });
    expect(done).toEqual(['written', 'after']);
  });

  test('what waits for the commit never runs after a rollback', () => {
    const done: string[] = [];
    const store = new Store({ write: () => done.push('written') });
    expect(() => {
      store.transaction(() => {
        store.afterCommit(() => done.push('never'));
        throw new Error('no');
      });
    }).toThrow('no');
    expect(done).toEqual([]);
  });

  test('in strict mode values are frozen', () => {
    const things = new Store({ strict: true }).collection<unknown>('things');
    const value = { inner: { list: [1] } };
    things.put('1', value);
    expect(() => value.inner.list.push(2)).toThrow(TypeError);
  });

  test('in strict mode values must be plain data', () => {
    const things = new Store({ strict: true }).collection<unknown>('things');
    expect(() => {
      things.put('2', { when: new Date(0) });
    }).toThrow('things/2.when is neither a plain object nor an array');
    expect(() => {
      things.put('3', [NaN]);
    }).toThrow('things/3.0 is NaN');
    expect(things.size).toBe(0);
  });
});

/** Collections appear in the order of their first use, which is no part of the state. */
function sortCollections(dump: ReturnType<Store['dump']>) {
  const byName = (name: string) => dump.changes.filter(([collection]) => collection === name);
  return { sequences: dump.sequences, a: byName('a'), b: byName('b') };
}

function openStore(directory: string, compactionBytes?: number): [Store, Journal] {
  const journal = new Journal(directory, compactionBytes === undefined ? {} : { compactionBytes });
  const store = new Store({ write: (commit) => journal.write(commit) });
  journal.load(store);
  return [store, journal];
}

describe('journal', () => {
  test('an unfinished last record, which was never answered, is dropped', async () => {
    await withTempDir(async (directory) => {
      const [store, journal] = openStore(directory);
      store.collection<string>('names').put('1', 'Zoë');
      expect(store.sequence('ids', 5)()).toBe(5);
      const file = join(directory, 'journal.jsonl');
      const head = await readFile(join(directory, 'head.json'));
      const answered = (await stat(file)).size;
      store
        .collection<string>('names')
        .put('2', 'written, and not answered: the head does not name it');
      await journal.close();
      const whole = await readFile(file);

      for (const size of [answered + 1, answered + 40, whole.length - 1]) {
        await writeFile(file, whole.subarray(0, size));
        await writeFile(join(directory, 'head.json'), head);
        const [again, secondJournal] = openStore(directory);
        expect([...again.collection<string>('names').entries()]).toEqual([['1', 'Zoë']]);
        expect((await stat(file)).size).toBe(answered);
        await secondJournal.close();
      }
    });
  });

  test('a whole last record, which was never answered, is kept', async () => {
    await withTempDir(async (directory) => {
      const [store, journal] = openStore(directory);
      store.collection<string>('names').put('1', 'one');
      const head = await readFile(join(directory, 'head.json'));
      store.collection<string>('names').put('2', 'two');
      await journal.close();
      await writeFile(join(directory, 'head.json'), head);
      const [again, second] = openStore(directory);
      expect(again.dump()).toEqual(store.dump());
      again.collection<string>('names').put('3', 'three');
      await second.close();
      const [last, third] = openStore(directory);
      expect(last.dump()).toEqual(again.dump());
      await third.close();
    });
  });

  test('damage in the middle is reported', async () => {
    await withTempDir(async (directory) => {
      const [store, journal] = openStore(directory);
      store.collection<string>('names').put('1', 'one');
      await journal.close();
      const file = join(directory, 'journal.jsonl');
      const good = await readFile(file, 'utf8');
      await writeFile(file, `{"tx":1,"chan\n${good}`);
      expect(() => openStore(directory)).toThrow(/journal\.jsonl is damaged at byte 0/);
    });
  });

  test('a large journal is folded into a snapshot while writing goes on', async () => {
    await withTempDir(async (directory) => {
      const [store, journal] = openStore(directory, 2000);
      const names = store.collection<string>('names');
      for (let n = 0; n < 200; n += 1) {
        names.put(String(n % 20), `value ${n}`);
        if (n % 10 === 0) {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      await journal.settled();
      names.put('0', 'one more, to fold what was written meanwhile');
      await journal.settled();
      const sizes = await Promise.all(
        ['snapshot.jsonl', 'journal.jsonl'].map(
          async (file) => (await stat(join(directory, file))).size,
        ),
      );
      expect(sizes[0]).toBeGreaterThan(500);
      expect(sizes[1]).toBeLessThan(2500);
      names.delete('7');
      const expected = store.dump();
      await journal.close();

      const [again, second] = openStore(directory);
      expect(again.dump()).toEqual(expected);
      await second.close();
    });
  });

  test('a crash between the snapshot and the cut of the journal changes nothing', async () => {
    await withTempDir(async (directory) => {
      const [store, journal] = openStore(directory, 400);
      const names = store.collection<string>('names');
      names.put('1', 'x'.repeat(200));
      names.delete('1');
      const file = join(directory, 'journal.jsonl');
      const before = await readFile(file);
      names.put('2', 'y'.repeat(400));
      await journal.settled();
      await journal.close();
      expect((await stat(join(directory, 'snapshot.jsonl'))).size).toBeGreaterThan(400);
      await writeFile(file, before);
      const [again, second] = openStore(directory);
      expect([...again.collection<string>('names').entries()]).toEqual([['2', 'y'.repeat(400)]]);
      await second.close();
    });
  });
});

describe('data directory', () => {
  test('is locked against a second server', async () => {
    await withTempDir(async (directory) => {
      const lock = await lockDataDir(directory);
      await expect(lockDataDir(directory)).rejects.toThrow(/in use by another embedded Synapse/);
      lock.release();
      (await lockDataDir(directory)).release();

      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      await once(child, 'spawn');
      const stats = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => undefined);
      const started = stats?.slice(stats.lastIndexOf(')') + 2).split(' ')[19];
      const mark = started === undefined ? `${child.pid}` : `${child.pid} ${started}`;
      await writeFile(join(directory, 'lock'), mark);
      await expect(lockDataDir(directory)).rejects.toThrow(`process ${child.pid}`);
      child.kill('SIGKILL');
      await once(child, 'exit');
      (await lockDataDir(directory)).release();
    });
  });

  test('a lock left by a killed server is taken over', async () => {
    await withTempDir(async (directory) => {
      await writeFile(join(directory, 'lock'), `${process.pid} 1`);
      (await lockDataDir(directory)).release();
      await writeFile(join(directory, 'lock'), '');
      (await lockDataDir(directory)).release();
    });
  });

  test('keeps the keys for the owner alone', async () => {
    await withTempDir(async (directory) => {
      const first = await openKeys(directory);
      const second = await openKeys(directory);
      expect(second.publicKey.equals(first.publicKey)).toBe(true);
      expect(second.publicKey.asymmetricKeyDetails).toEqual({
        modulusLength: 2048,
        publicExponent: 65537n,
      });
      expect(second.secret('a')).toEqual(first.secret('a'));
      expect(second.secret('a')).not.toEqual(second.secret('b'));
      expect((await stat(join(directory, 'keys.json'))).mode & 0o777).toBe(0o600);
      expect((await openKeys()).publicKey.equals(first.publicKey)).toBe(false);
    });
  });
});
