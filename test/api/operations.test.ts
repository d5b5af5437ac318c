import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operations } from '../../generated/operations.js';
import { createHttpCore } from '../../src/api/httpCore.js';
import type { Http } from '../../src/api/httpCore.js';
import { startServer } from './scriptedServer.js';
import type { ScriptedServer } from './scriptedServer.js';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
}
interface DescribedOperation {
  method: string;
  path: string;
  parameters: Parameter[];
  hasBody: boolean;
}
interface Description {
  paths: Record<
    string,
    Record<string, { parameters?: Parameter[]; requestBody?: unknown; responses: object }>
  >;
}

/** Endpoints that the service has and its description lacks (openapi/overlay.yaml). */
const undescribed = [
  'GET /repo/v1/curation/task/{taskId}/status',
  'GET /repo/v1/entity/{id}/table/query/nextPage/async/get/{asyncToken}',
  'GET /repo/v1/status',
  'GET /repo/v1/version',
  'POST /repo/v1/entity/{id}/table/query/nextPage/async/start',
  'PUT /repo/v1/curation/task/{taskId}/status',
];

const hostile = 'a/b c é😀?#%&+=.\\"<>';
const valueOf: Readonly<Record<string, unknown>> = {
  s: hostile,
  i: 12,
  n: 7,
  b: true,
  a: ['x/y', 'z w'],
};

let described: Map<string, DescribedOperation>;
let server: ScriptedServer;
let http: Http;

beforeAll(async () => {
  const { paths } = JSON.parse(await readFile('openapi/synapse.json', 'utf8')) as Description;
  described = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([name, { parameters = [], requestBody }]) => {
        const method = name.toUpperCase();
        const operation = { method, path, parameters, hasBody: requestBody !== undefined };
        return [`${method} ${path}`, operation] as const;
      }),
    ),
  );
  server = await startServer(() => ({ json: {} }));
  http = createHttpCore({ endpoint: server.url, maxConcurrent: 20, requestsPerMinute: 100_000 });
});

afterAll(() => server.close());

/** A value for every parameter of an operation, by the kind that the operation data gives it. */
function argumentsFor(params: string, body: string): Record<string, unknown> {
  const tokens = params.split(' ').filter((token) => token !== '');
  const values = tokens.map((token) => {
    const [, kind = '', name = ''] = /^[pq][!?]([snibA-Za-z]):([^=]+)/.exec(token) ?? [];
    return [name, valueOf[kind]] as const;
  });
  return { ...Object.fromEntries(values), ...(body !== '' && { body: { marker: hostile } }) };
}

describe('the operation data', () => {
  test('has each operation of the description once', () => {
    const known = Object.values(operations).map(([method, path]) => `${method} ${path}`);
    expect(new Set(known).size).toBe(known.length);
    expect(described.size).toBe(562);
    expect([...described.keys()].filter((key) => !known.includes(key))).toEqual([]);
    expect(known.filter((key) => !described.has(key)).sort()).toEqual(undescribed);
  });

  test('every operation is a method of its service', () => {
    const services = http.services as unknown as Record<string, Record<string, unknown>>;
    const missing = Object.keys(operations).filter((id) => {
      const [service = '', name = ''] = id.split('.');
      return typeof services[service]?.[name] !== 'function';
    });
    expect(missing).toEqual([]);
  });
});

describe('every operation, called by name', () => {
  test('sends all its arguments in their places', async () => {
    const services = http.services as unknown as Record<
      string,
      Record<string, (...args: unknown[]) => Promise<unknown>>
    >;
    for (const [id, [method, path, params, body, parse]] of Object.entries(operations)) {
      const { redirect, ...args } = argumentsFor(params, body);
      const [service = '', name = ''] = id.split('.');
      const call = services[service]?.[name];
      const before = server.requests.length;
      await (Object.keys(args).length === 0 ? call?.() : call?.(args));
      const request = server.requests[before];
      const expected = expectedRequest(
        `${method} ${path}`,
        { ...args, redirect },
        parse === 'redirect',
      );
      const url = new URL(request?.url ?? '', 'http://h');
      const actual = {
        method: request?.method,
        path: request?.url.split('?')[0],
        query: Object.fromEntries(url.searchParams),
        body: request?.body,
      };
      expect({ id, ...actual }).toEqual({ id, ...expected });
    }
    expect(server.requests).toHaveLength(568);
  }, 60_000);
});

/** What the description says that the request is; of an added endpoint, what its path says. */
function expectedRequest(key: string, args: Record<string, unknown>, redirects: boolean) {
  const [method = '', path = ''] = key.split(' ');
  const operation = described.get(key) ?? { parameters: [], hasBody: method !== 'GET' };
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => [name, name === 'redirect' && redirects ? 'false' : String(args[name])]);
  return {
    method,
    path: path.replace(/\{([^}]+)\}/g, (_match, name: string) =>
      encodeURIComponent(String(args[name])),
    ),
    query: Object.fromEntries(query) as Record<string, string>,
    body: operation.hasBody ? JSON.stringify(args.body) : '',
  };
}
