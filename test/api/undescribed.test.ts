import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHttpCore } from '../../src/api/httpCore.js';
import type { Http, HttpOptions } from '../../src/api/httpCore.js';
import { ArgumentError, NotFoundError } from '../../src/errors.js';
import { startServer } from './scriptedServer.js';
import type { Scripted, ScriptedServer } from './scriptedServer.js';

let server: ScriptedServer;
let answers: Scripted[] = [];
let http: Http;

const options = (): HttpOptions => ({
  endpoint: server.url,
  accessToken: () => 'token',
  retry: { baseDelay: 1, maxDelay: 1 },
});

beforeAll(async () => {
  server = await startServer(() => answers.shift() ?? { json: { ok: true } });
  http = createHttpCore(options());
});
beforeEach(() => {
  answers = [];
  server.requests.length = 0;
});
afterAll(() => server.close());

describe('rest.request', () => {
  test('sends a path that the description lacks, with its parameters and its body', async () => {
    const { data, error, response } = await http.rest.request('PUT', '/repo/v1/new/{id}/part', {
      params: { path: { id: 'a/b' }, query: { limit: 5, tags: ['x', 'y'], none: undefined } },
      body: { name: 'n' },
      headers: { 'x-mine': '1' },
    });
    expect([data, error, response.status]).toEqual([{ ok: true }, undefined, 200]);
    expect(server.requests).toMatchObject([
      {
        method: 'PUT',
        url: '/repo/v1/new/a%2Fb/part?limit=5&tags=x,y',
        headers: {
          authorization: 'Bearer token',
          'content-type': 'application/json',
          'x-mine': '1',
        },
        body: '{"name":"n"}',
      },
    ]);
  });

  test('takes the query from the path', async () => {
    await http.rest.request('GET', '/repo/v1/new?limit=5&name=a%26b&tag=x&tag=y');
    expect(server.requests[0]?.url).toBe('/repo/v1/new?limit=5&name=a%26b&tag=x,y');
  });

  test('returns an error of the server', async () => {
    answers = [{ status: 404, json: { reason: 'gone' } }];
    const { data, error } = await http.rest.request('GET', '/repo/v1/new');
    expect([data, error?.reason]).toEqual([undefined, 'gone']);
  });

  test('gives text where the answer is not JSON, and nothing where it is empty', async () => {
    answers = [
      { headers: { 'content-type': 'text/plain' }, body: 'plain' },
      { status: 204, headers: { 'content-type': 'text/plain' }, body: '' },
    ];
    expect((await http.rest.request('GET', '/repo/v1/new')).data).toBe('plain');
    expect((await http.rest.request('DELETE', '/repo/v1/new')).data).toBeUndefined();
  });

  test('gives the state of a job that has no result yet', async () => {
    answers = [{ status: 202, json: { jobState: 'PROCESSING' } }];
    const { data } = await http.rest.request('GET', '/repo/v1/new/async/get/7');
    expect(data).toEqual({ jobState: 'PROCESSING' });
  });

  test('calls a described endpoint as its method does', async () => {
    answers = [{ status: 307, headers: { location: 'https://store.test/x' }, body: '' }];
    const { data } = await http.rest.request('GET', '/file/v1/fileHandle/{handleId}/url', {
      params: { path: { handleId: '1' } },
    });
    expect(data).toBe('https://store.test/x');
    expect(server.requests[0]?.url).toBe('/file/v1/fileHandle/1/url?redirect=false');
  });

  test('tries again after a failure that passes', async () => {
    answers = [{ status: 503, json: { reason: 'wait' } }, 'drop'];
    expect((await http.rest.request('GET', '/repo/v1/new')).data).toEqual({ ok: true });
    expect(server.requests).toHaveLength(3);
  });

  test('does not send a POST twice that may have been applied', async () => {
    answers = ['drop'];
    await expect(http.rest.request('POST', '/repo/v1/new', { body: {} })).rejects.toThrow();
    expect(server.requests).toHaveLength(1);
  });

  test('goes to the endpoint of its service', async () => {
    const own = createHttpCore({
      ...options(),
      endpoint: 'http://127.0.0.1:1',
      endpoints: { repo: `${server.url}/here` },
    });
    await own.rest.request('GET', '/repo/v1/new');
    expect(server.requests[0]?.url).toBe('/here/new');
  });

  test('aborts with the reason of its signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(http.rest.request('GET', '/repo/v1/new', { signal })).rejects.toThrow('enough');
  });
});

describe('call', () => {
  test('takes a method and a path: what is not in the path goes into the query', async () => {
    const result = await http.call('POST /repo/v1/new/{id}', { id: 'x', limit: 5, body: { a: 1 } });
    expect(result).toEqual({ ok: true });
    expect(server.requests).toMatchObject([
      { method: 'POST', url: '/repo/v1/new/x?limit=5', body: '{"a":1}' },
    ]);
  });

  test('throws the error of the server', async () => {
    answers = [{ status: 404, json: { reason: 'gone' } }];
    await expect(http.call('GET /repo/v1/new')).rejects.toThrow(NotFoundError);
  });

  test('of a described endpoint refuses arguments that it does not take', async () => {
    await expect(http.call('GET /repo/v1/entity/{id}', { id: '1', x: 1 })).rejects.toThrow(
      'GET /repo/v1/entity/{id} does not take `x`. It takes `id`.',
    );
  });

  test('names both forms where the operation is none', async () => {
    await expect(http.call('entity.nothing')).rejects.toThrow(
      'There is no operation entity.nothing: names look like entity.getEntity, or like GET /repo/v1/entity/{id}.',
    );
  });
});

test.each([
  ['another host', '//evil.test/repo/v1/x'],
  ['an absolute URL', 'https://evil.test/repo/v1/x'],
  ['a user in front of another host', '@evil.test/x'],
  ['a dot segment', '/repo/v1/../../auth/v1/x'],
  ['an encoded dot segment', '/repo/v1/%2e%2E/x'],
  ['a dot segment behind a backslash', '/repo/v1/..\\x'],
  ['a dot segment with a line break in it', '/repo/v1/.\n./x'],
  ['half of an encoded dot', '/repo/v1/%2{half}/x'],
  ['a fragment', '/repo/v1/x#y'],
  ['a brace without a name', '/repo/v1/{}/x'],
  ['no path at all', ''],
])('%s is refused', async (_what, path) => {
  const init = { params: { path: { half: 'e' } } };
  await expect(http.rest.request('GET', path, init)).rejects.toThrow(ArgumentError);
  await expect(http.call(`GET ${path}`, { half: 'e' })).rejects.toThrow(ArgumentError);
  expect(server.requests).toEqual([]);
});

test('a value for the path cannot be a dot segment', async () => {
  await expect(http.call('GET /repo/v1/{id}/x', { id: '..' })).rejects.toThrow(ArgumentError);
});

test('a method that the API does not use is refused', async () => {
  await expect(http.rest.request('PATCH' as 'PUT', '/repo/v1/x')).rejects.toThrow(
    'PATCH is not a method of the API: use GET, POST, PUT, DELETE.',
  );
});
