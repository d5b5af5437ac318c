import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pages } from '../../generated/pages.js';
import type { Pages } from '../../generated/pages.js';
import { ArgumentError, EndlessPagesError, NotFoundError } from '../../src/errors.js';
import { createHttp } from '../../src/api/createHttp.js';
import { createPaginate } from '../../src/api/paginate.js';
import { settle } from './fakeClock.js';
import { startServer } from './scriptedServer.js';
import type { Received, Scripted } from './scriptedServer.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function connect(script: (request: Received, index: number) => Scripted | Promise<Scripted>) {
  const server = await startServer(script);
  const http = createHttp({ endpoint: server.url });
  cleanUps.push(
    () => http.close(),
    () => server.close(),
  );
  return { server, paginate: http.paginate };
}

async function collect<T>(items: AsyncIterable<T>, most = Infinity): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
    if (found.length >= most) break;
  }
  return found;
}

const query = ({ url }: Received): Record<string, string> =>
  Object.fromEntries(new URL(url, 'http://h').searchParams);

describe('by a token in the body', () => {
  const args = { body: { parentId: 'syn1' } };

  test('toArray gives all items, and again from the first page', async () => {
    const { paginate } = await connect((_request, index) => ({
      json: {
        page: [{ name: String(index % 2) }],
        nextPageToken: index % 2 === 0 ? 'a' : undefined,
      },
    }));
    const list = paginate('entity.listEntityChildren', args);
    expect((await list.toArray()).map(({ name }) => name)).toEqual(['0', '1']);
    expect((await list.toArray()).map(({ name }) => name)).toEqual(['0', '1']);
  });

  test('goes on as long as there is a token', async () => {
    const tokens = ['a', 'b', undefined];
    const lists = [['x', 'y'], [], ['z']];
    const { server, paginate } = await connect((_request, index) => ({
      json: { page: lists[index]?.map((name) => ({ name })), nextPageToken: tokens[index] },
    }));
    const items = await collect(paginate('entity.listEntityChildren', args));
    expect(items.map(({ name }) => name)).toEqual(['x', 'y', 'z']);
    expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { parentId: 'syn1' },
      { parentId: 'syn1', nextPageToken: 'a' },
      { parentId: 'syn1', nextPageToken: 'b' },
    ]);
  });

  test.each<[string, string[]]>([
    ['the same token again', ['a', 'a']],
    ['an earlier one', ['a', 'b', 'a']],
  ])('%s is an error after the items of its page', async (_name, tokens) => {
    const { server, paginate } = await connect((_request, index) => ({
      json: { page: [{ id: String(index) }], nextPageToken: tokens[index] },
    }));
    const found: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const item of paginate('entity.listEntityChildren', args)) found.push(item);
    };
    await expect(read()).rejects.toThrow(
      `has no end: the server sent the token of page ${tokens.length + 1} before`,
    );
    expect(found).toHaveLength(tokens.length);
    expect(server.requests).toHaveLength(tokens.length);
  });

  test.each<[string, (string | null)[]]>([
    ['null', ['a', null]],
    ['an empty one', ['a', '']],
  ])('%s ends it', async (_name, tokens) => {
    const { server, paginate } = await connect((_request, index) => ({
      json: { page: [{ id: String(index) }], nextPageToken: tokens[index] },
    }));
    const items = await collect(paginate('entity.listEntityChildren', args));
    expect(items).toHaveLength(tokens.length);
    expect(server.requests).toHaveLength(tokens.length);
  });

  test('begins where the caller says', async () => {
    const { server, paginate } = await connect(() => ({ json: { page: [] } }));
    await collect(
      paginate('entity.listEntityChildren', { body: { parentId: 'syn1', nextPageToken: 'q' } }),
    );
    expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { parentId: 'syn1', nextPageToken: 'q' },
    ]);
  });
});

test('by a token in the query', async () => {
  const { server, paginate } = await connect((_request, index) => ({
    json: { results: [{ id: String(index) }], ...(index === 0 && { nextPageToken: 't/1' }) },
  }));
  const items = await collect(paginate('authentication.listPersonalAccessTokens', {}));
  expect(items.map(({ id }) => id)).toEqual(['0', '1']);
  expect(server.requests.map(query)).toEqual([{}, { nextPageToken: 't/1' }]);
});

describe('by an offset', () => {
  const total = 45;
  const answer = (request: Received): Scripted => {
    const { offset = '0', limit = '10' } = query(request);
    const left = Math.max(0, Math.min(Number(limit), total - Number(offset)));
    const results = Array.from({ length: left }, (_, index) => ({
      versionNumber: Number(offset) + index,
    }));
    // What Synapse calls a total is an estimate: it says nothing about where to stop.
    return { json: { results, totalNumberOfResults: 1_000_000 } };
  };

  test('ends at a short page whatever the total', async () => {
    const { server, paginate } = await connect(answer);
    const items = await collect(paginate('entity.listEntityVersions', { id: 'syn1' }));
    expect(items.map(({ versionNumber }) => versionNumber)).toEqual(
      Array.from({ length: total }, (_, n) => n),
    );
    expect(server.requests.map(query)).toEqual([
      { limit: '20', offset: '0' },
      { limit: '20', offset: '20' },
      { limit: '20', offset: '40' },
    ]);
  });

  test('a full last page costs one more request', async () => {
    const { server, paginate } = await connect((request, index) =>
      index < 2
        ? { json: { results: Array(3).fill({}), totalNumberOfResults: 1 } }
        : answer(request),
    );
    const items = await collect(
      paginate('entity.listEntityVersions', { id: 'syn1', limit: 3, offset: 39 }),
    );
    expect(items).toHaveLength(6);
    expect(server.requests.map(query)).toEqual([
      { limit: '3', offset: '39' },
      { limit: '3', offset: '42' },
      { limit: '3', offset: '45' },
    ]);
  });

  test('all items come out in order at any size of page', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 20 }), async (count, limit) => {
        let calls = 0;
        const paginate = createPaginate((_operation, { offset }) => {
          calls += 1;
          const left = Math.max(0, Math.min(limit, count - Number(offset)));
          return Promise.resolve({
            results: Array.from({ length: left }, (_, n) => Number(offset) + n),
          });
        });
        const items = await collect(paginate('entity.listEntityVersions', { id: 'syn1', limit }));
        expect(items).toEqual(Array.from({ length: count }, (_, n) => n));
        expect(calls).toBe(Math.floor(count / limit) + 1);
      }),
    );
  });
});

describe('one page ahead', () => {
  test('the next page is asked for while the caller is at the first', async () => {
    const { server, paginate } = await connect((_request, index) => ({
      json: { page: [{ id: String(index) }], nextPageToken: `t${index}` },
    }));
    const iterator = paginate('entity.listEntityChildren', { body: {} })[Symbol.asyncIterator]();
    await iterator.next();
    while (server.requests.length < 2) await settle();
    await settle();
    expect(server.requests).toHaveLength(2);
    await iterator.return?.();
  });

  test('leaving the loop cancels it', async () => {
    const { server, paginate } = await connect((_request, index) =>
      index === 0 ? { json: { page: [{ id: 'a' }], nextPageToken: 't' } } : 'hang',
    );
    for await (const { id } of paginate('entity.listEntityChildren', { body: {} })) {
      expect(id).toBe('a');
      while (server.requests.length < 2) await settle();
      break;
    }
    while (server.aborted.length < 1) await settle();
    expect(server.aborted).toHaveLength(1);
  });

  test('leaving while a page is awaited cancels that page', async () => {
    const { server, paginate } = await connect(() => 'hang');
    const iterator = paginate('entity.listEntityChildren', { body: {} })[Symbol.asyncIterator]();
    const pending = iterator.next();
    while (server.requests.length < 1) await settle();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    while (server.aborted.length < 1) await settle();
    expect(server.aborted).toHaveLength(1);
  });

  test('a failure of the page ahead comes after the items before it', async () => {
    const { paginate } = await connect((_request, index) =>
      index === 0
        ? { json: { page: [{ id: 'a' }, { id: 'b' }], nextPageToken: 't' } }
        : { status: 404, json: { reason: 'gone' } },
    );
    const seen: (string | undefined)[] = [];
    const loop = async (): Promise<void> => {
      for await (const { id } of paginate('entity.listEntityChildren', { body: {} })) {
        await settle();
        seen.push(id);
      }
    };
    await expect(loop()).rejects.toThrow(NotFoundError);
    expect(seen).toEqual(['a', 'b']);
  });
});

test('an abort ends the loop with its reason', async () => {
  const controller = new AbortController();
  const { paginate } = await connect(() => ({ json: { page: [{ id: 'a' }, { id: 'b' }] } }));
  const { signal } = controller;
  const iterator = paginate('entity.listEntityChildren', { body: {} }, { signal })[
    Symbol.asyncIterator
  ]();
  await iterator.next();
  controller.abort('enough');
  await expect(iterator.next()).rejects.toBe('enough');
});

test('every loop begins anew', async () => {
  const { server, paginate } = await connect(() => ({ json: { page: [{ id: 'a' }] } }));
  const children = paginate('entity.listEntityChildren', { body: {} });
  expect(await collect(children)).toEqual(await collect(children));
  expect(server.requests).toHaveLength(2);
});

test('missing arguments are told before any request', async () => {
  const { server, paginate } = await connect(() => ({ json: {} }));
  await expect(collect(paginate('entity.listEntityVersions', {} as never))).rejects.toThrow(
    ArgumentError,
  );
  expect(server.requests).toEqual([]);
});

test('every operation that answers in pages can be gone through', async () => {
  for (const operation of Object.keys(pages) as (keyof Pages)[]) {
    const { mode, items } = pages[operation];
    const asked: Readonly<Record<string, unknown>>[] = [];
    const paginate = createPaginate((_operation, args) => {
      asked.push(args);
      const isFirst = asked.length === 1;
      return Promise.resolve({
        [items]: isFirst ? ['a', 'b'] : ['c'],
        ...(mode !== 'offset' && isFirst && { nextPageToken: 't' }),
      });
    });
    const limit = mode === 'offset' ? { limit: 2 } : {};
    const found = await collect(paginate(operation, { body: {}, ...limit } as never));
    expect([operation, found]).toEqual([operation, ['a', 'b', 'c']]);
    expect(asked).toHaveLength(2);
  }
});

describe('a list without an end is an error that says what was noticed', () => {
  const children = { body: { parentId: 'syn1' } };
  type Endless = (index: number, request: Received) => unknown;

  const listed = (answer: Endless, maxPages?: number) => async () => {
    const { server, paginate } = await connect((request, index) => ({
      json: answer(index, request),
    }));
    const items: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const item of paginate('entity.listEntityChildren', children, { maxPages })) {
        items.push(item);
      }
    };
    const error: unknown = await read().catch((reason: unknown) => reason);
    return { error, items, requests: server.requests.length };
  };

  test.each<[string, Endless, RegExp, number]>([
    [
      'new tokens, always the same page',
      (index) => ({ page: [{ id: 'syn1' }], nextPageToken: `t${index}` }),
      /sent 4 pages again/,
      5,
    ],
    [
      'new tokens, two pages in turn',
      (index) => ({ page: [{ id: `syn${index % 2}` }], nextPageToken: `t${index}` }),
      /sent 4 pages again/,
      6,
    ],
    [
      'new tokens, and no items',
      (index) => ({ page: [], nextPageToken: `t${index}` }),
      /101 pages without items/,
      101,
    ],
    [
      'new tokens, and no list at all',
      (index) => ({ nextPageToken: `t${index}` }),
      /101 pages without items/,
      101,
    ],
    [
      'tokens that come again later',
      (index) => ({ page: [{ id: `syn${index}` }], nextPageToken: `t${index % 7}` }),
      /token of page 9 before/,
      8,
    ],
  ])('%s', async (_name, answer, words, requests) => {
    const result = await listed(answer)();
    expect(result.error).toBeInstanceOf(EndlessPagesError);
    expect((result.error as Error).message).toMatch(words);
    expect((result.error as Error).message).toContain('entity.listEntityChildren');
    expect(result.requests).toBe(requests);
  });

  test('new items for ever: ends at maxPages', async () => {
    const answer: Endless = (index) => ({
      page: [{ id: `syn${index}` }],
      nextPageToken: `t${index}`,
    });
    const { error, items, requests } = await listed(answer, 30)();
    expect((error as Error).message).toContain('it has more than 30 pages (maxPages)');
    expect([items.length, requests]).toEqual([30, 30]);
  });

  test('by an offset: the same page whatever the offset', async () => {
    const { server, paginate } = await connect(() => ({
      json: { results: Array.from({ length: 20 }, (_, n) => ({ versionNumber: n })) },
    }));
    const read = collect(paginate('entity.listEntityVersions', { id: 'syn1' }));
    await expect(read).rejects.toThrow('sent 4 pages again');
    expect(server.requests).toHaveLength(5);
  });

  test('by an offset: new items for ever', async () => {
    const { server, paginate } = await connect((request) => ({
      json: {
        results: Array.from({ length: 20 }, (_, n) => ({
          versionNumber: Number(query(request).offset) + n,
        })),
      },
    }));
    const pages = { maxPages: 7 };
    const read = collect(paginate('entity.listEntityVersions', { id: 'syn1' }, pages));
    await expect(read).rejects.toThrow('more than 7 pages');
    expect(server.requests).toHaveLength(7);
  });

  test('a list that ends with its last allowed page is whole', async () => {
    const { paginate } = await connect((_request, index) => ({
      json: { page: [{ id: `syn${index}` }], ...(index < 2 && { nextPageToken: `t${index}` }) },
    }));
    const read = collect(paginate('entity.listEntityChildren', children, { maxPages: 3 }));
    expect(await read).toHaveLength(3);
  });
});
