import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import {
  EndlessPagesError,
  Md5MismatchError,
  QueryError,
  SynapseError,
  Synapse,
  TimeoutError,
} from '../../src/index.js';

/** Answers by the path of a request. The first that matches is taken. */
type Answers = Readonly<
  Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>
>;

let server: Server | undefined;
let syn: Synapse | undefined;

afterEach(async () => {
  await syn?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

/** A client of a server with these answers. An object is sent as JSON. */
async function clientOf(answers: Answers): Promise<Synapse> {
  server = createServer((request, response) => {
    request.resume();
    const [, answer] =
      Object.entries(answers).find(([path]) => request.url?.includes(path) === true) ?? [];
    const body = answer?.(request, response) ?? {};
    if (response.headersSent || response.writableEnded || body === 'answered') return;
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  syn = new Synapse({ endpoint: addressOf(), configPath: '/nonexistent', environment: {} });
  return syn;
}

function addressOf(): string {
  return `http://127.0.0.1:${(server?.address() as AddressInfo).port}`;
}

const started = { token: 'job' };
const headers = [{ name: 'n', columnType: 'INTEGER' }];

/** A page with rows of these values. */
function page(values: readonly (readonly (string | null)[])[], token?: string): object {
  return {
    queryResults: { headers, rows: values.map((cells, rowId) => ({ rowId, values: cells })) },
    ...(token !== undefined && { nextPageToken: { token } }),
  };
}

function pages(first: object, next: () => object): Answers {
  return {
    'query/async/start': () => started,
    'query/async/get': () => ({ queryResult: first }),
    'nextPage/async/start': () => started,
    'nextPage/async/get': next,
  };
}

/** A CSV file, of which `send` sends the content. */
function csvFile(
  handle: object,
  send: (request: IncomingMessage, response: ServerResponse) => unknown,
): Answers {
  const fileHandle = {
    id: '9',
    concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
    fileName: 'rows.csv',
    ...handle,
  };
  return {
    'csv/async/start': () => started,
    'csv/async/get': () => ({ resultsFileHandleId: '9', tableId: 'syn1', headers }),
    'fileHandle/batch': () => ({
      requestedFiles: [{ fileHandleId: '9', preSignedURL: `${addressOf()}/blob`, fileHandle }],
    }),
    '/blob': (request, response) => {
      send(request, response);
      return 'answered';
    },
  };
}

test.each([
  ['the same page again', () => page([['2']], 'first')],
  ['a page without rows', () => page([], 'other')],
])('pages that never end are an error: %s', async (_name, next) => {
  const client = await clientOf(pages(page([['1']], 'first'), next));
  const query = client.tables.query('select n from syn1', { via: 'pages' });
  await expect(query).rejects.toThrow(EndlessPagesError);
});

test('a row with too few cells is an error, not a row of nulls', async () => {
  const client = await clientOf(pages(page([['1'], []]), () => page([])));
  const reading = client.tables.query('select n from syn1').toArray();
  await expect(reading).rejects.toThrow(SynapseError);
  await expect(reading).rejects.toThrow(/Row 2 .* has 0 cells.* 1 columns/);
});

test('a job that fails without a reason is an error of the query', async () => {
  const client = await clientOf({
    'query/async/start': () => started,
    'query/async/get': (_request, response) => {
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jobState: 'FAILED' }));
    },
  });
  await expect(client.tables.query('select n from syn1')).rejects.toThrow(QueryError);
});

test('a job that takes too long ends with a time-out that names the option', async () => {
  const client = await clientOf({
    'query/async/start': () => started,
    'query/async/get': (_request, response) => {
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jobState: 'PROCESSING' }));
    },
  });
  const query = client.tables.query('select n from syn1', { timeout: 50 });
  await expect(query).rejects.toThrow(TimeoutError);
  await expect(query.count({ stallTimeout: 20 })).rejects.toThrow(/stallTimeout/);
});

test('a connection that breaks in the middle of the rows is resumed', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `"${index}"\n`);
  const content = Buffer.from(`"n"\n${rows.join('')}`);
  const ranges: (string | undefined)[] = [];
  const client = await clientOf(
    csvFile({ contentSize: content.length }, ({ headers: { range } }, response) => {
      ranges.push(range);
      const start = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
      const rest = content.subarray(start);
      response.writeHead(range === undefined ? 200 : 206, {
        'content-length': rest.length,
        etag: '"same"',
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      });
      if (ranges.length > 1) response.end(rest);
      else response.write(rest.subarray(0, 70_000), () => response.destroy());
    }),
  );
  const read = await client.tables.query('select n from syn1', { via: 'csv' });
  expect(read.map(({ n }) => n)).toEqual(rows.map((_, index) => index));
  expect(ranges).toHaveLength(2);
});

test('rows that do not have the MD5 of Synapse are an error at their end', async () => {
  const client = await clientOf(
    csvFile({ contentMd5: '0'.repeat(32) }, (_request, response) => response.end('"n"\n"1"\n')),
  );
  const read: unknown[] = [];
  const reading = (async () => {
    for await (const { n } of client.tables.query('select n from syn1', { via: 'csv' }))
      read.push(n);
  })();
  await expect(reading).rejects.toThrow(Md5MismatchError);
  expect(read).toEqual([1]);
});

test('leaving the loop ends the download, which never runs far ahead of the loop', async () => {
  let sent = 0;
  let close = (): void => undefined;
  const closed = new Promise<void>((resolve) => (close = resolve));
  const chunk = Buffer.from('"1"\n'.repeat(16_384));
  const client = await clientOf(
    csvFile({}, (_request, response) => {
      response.on('close', () => close());
      response.writeHead(200, { 'content-length': 2 ** 40 }).write('"n"\n');
      const more = (): void => {
        do sent += chunk.length;
        while (response.write(chunk));
      };
      response.on('drain', more);
      more();
    }),
  );
  let count = 0;
  for await (const { n } of client.tables.query('select n from syn1', { via: 'csv' })) {
    expect(n).toBe(1);
    count += 1;
    if (count === 1) await setTimeout(200);
    if (count === 100) break;
  }
  // What is on the way fills the buffers of both sockets.
  expect(sent).toBeLessThan(32 * 1024 * 1024);
  await closed;
});
