import { describe, expect, test } from '@jest/globals';
import { curlCommand } from '../../src/cli/api/curlCommand.js';
import { matchPath } from '../../src/cli/api/matchPath.js';
import { operationTable } from '../../src/cli/api/operationTable.js';
import { pathOfUrl } from '../../src/cli/api/pathOfUrl.js';
import { jsonItems } from '../../src/cli/jsonItems.js';
import { textWidth } from '../../src/cli/textWidth.js';

async function* from(items: readonly unknown[], failure?: Error): AsyncGenerator {
  yield* items;
  await Promise.resolve();
  if (failure) throw failure;
}

/** What is written before the end or a failure. */
async function written(items: AsyncIterable<unknown>, lines = false): Promise<string> {
  let text = '';
  try {
    for await (const chunk of jsonItems(items, { lines })) text += chunk;
  } catch {
    // What was written until then counts.
  }
  return text;
}

describe('items of pages', () => {
  const items = [1, 'ü\n', { a: [12345678901234567890n] }, null, []];

  test('are one array, as JSON is printed everywhere', async () => {
    const numbers = Array.from({ length: 5000 }, (_, index) => ({ index, text: 'x'.repeat(50) }));
    expect(await written(from(numbers))).toBe(`${JSON.stringify(numbers, null, 2)}\n`);
    expect(await written(from([]))).toBe('[]\n');
    expect(await written(from(items))).toContain('12345678901234567890');
  });

  test('are one a line with `lines`', async () => {
    expect((await written(from(items), true)).split('\n')).toEqual([
      '1',
      '"ü\\n"',
      '{"a":[12345678901234567890]}',
      'null',
      '[]',
      '',
    ]);
    expect(await written(from([]), true)).toBe('');
  });

  test('are no valid JSON when the next page fails', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => `item ${index}`);
    const text = await written(from(many, new Error('no page')));
    expect(text).not.toBe('');
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(await written(from([], new Error('no page')))).toBe('');
  });
});

describe('the operation of a path', () => {
  test.each([
    ['GET', '/entity/syn1', 'entity.getEntity', { id: 'syn1' }],
    ['GET', 'entity/syn1', 'entity.getEntity', { id: 'syn1' }],
    ['POST', '/entity/children', 'entity.listEntityChildren', {}],
    ['GET', '/repo/v1/entity/a%2Fb', 'entity.getEntity', { id: 'a/b' }],
    ['GET', '/fileHandle/7/url?redirect=false', 'file.getFileHandleUrl', { handleId: '7' }],
    ['GET', '/entity/syn1/version?limit=2&offset=1', 'entity.listEntityVersions', { id: 'syn1', limit: '2', offset: '1' }],
    ['GET', '/entity/syn1/version?newer=2', undefined, {}],
    ['GET', '/some/new', undefined, {}],
    ['GET', '/repo/v1/entity/%zz', undefined, {}],
  ] as const)('%s %s is %s', (method, path, id, args) => {
    const match = matchPath(method, path);
    expect([match.operation?.id, match.args]).toEqual([id, args]);
  }); // prettier-ignore
});

describe('the path of a URL', () => {
  const services = [
    { prefix: '/repo/v1', address: 'https://repo.test:8443/proxy/repo/v1' },
    { prefix: '/auth/v1', address: 'https://auth.test/auth/v1' },
    { prefix: '/file/v1', address: 'https://repo.test:8443/file/v1' },
    { prefix: '', address: 'https://root.test' },
  ];

  test.each([
    ['https://repo.test:8443/proxy/repo/v1/entity/syn1?a=b', '/repo/v1/entity/syn1?a=b'],
    ['HTTPS://AUTH.test:443/auth/v1/userInfo', '/auth/v1/userInfo'],
    ['https://root.test/docker/v1/x', '/docker/v1/x'],
  ])('%s is below a service', (url, path) => {
    expect(pathOfUrl(url, services)).toBe(path);
  });

  test.each([
    ['https://repo.test/proxy/repo/v1/entity/syn1'],
    ['http://auth.test/auth/v1/x'],
    ['https://auth.test.evil.test/auth/v1/x'],
    ['https://auth.test@evil.test/auth/v1/x'],
    ['https://me:pass@auth.test/auth/v1/x'],
    ['https://root.test/repo/v1/x'],
    ['https://auth.test/auth/v1/../../x'],
    ['https://'],
  ])('%s is refused', (url) => {
    expect(() => pathOfUrl(url, services)).toThrow('another server would receive the access token');
  });

  test('is refused without the password and the signature in it', () => {
    expect(() => pathOfUrl('https://me:pass@h.test/x?signature=s', services)).toThrow(
      '"https://h.test/x" is not below',
    );
  });
});

describe('a request as a command', () => {
  const request = {
    method: 'POST',
    url: 'http://h/x',
    headers: { 'content-type': 'application/json' },
  };

  test('has the body as one word, and nothing that a terminal obeys', () => {
    const body = `{"a":"it's\u001b\u202e"}`;
    expect(curlCommand({ ...request, body })).toBe(
      [
        `curl --globoff -X POST 'http://h/x' \\`,
        `  -H "Authorization: Bearer $SYNAPSE_AUTH_TOKEN" \\`,
        `  -H 'content-type: application/json' \\`,
        `  --data-raw '{"a":"it'\\''s\\u001b\\u202e"}'`,
      ].join('\n'),
    );
  });

  test('has no other credentials', () => {
    const headers = { authorization: 'Bearer secret', cookie: 'secret', 'user-agent': 'x' };
    expect(curlCommand({ ...request, headers })).not.toContain('secret');
  });
});

describe('the table of operations', () => {
  const found = ['a', 'bcd'].map((name) => ({
    operation: `service.${name}`,
    method: 'GET',
    path: `/repo/v1/${name}`,
    summary: 'Ünïcode 日本 in a summary that is long enough to be cut',
  }));

  test('has all of a summary without a terminal', () => {
    expect(operationTable(found, undefined)).toEqual([
      'OPERATION    METHOD  PATH          SUMMARY',
      'service.a    GET     /repo/v1/a    Ünïcode 日本 in a summary that is long enough to be cut',
      'service.bcd  GET     /repo/v1/bcd  Ünïcode 日本 in a summary that is long enough to be cut',
    ]);
  });

  test.each([40, 60, 100])('fits %i columns', (width) => {
    const lines = operationTable(found, width);
    expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
    expect(lines.join('\n')).toContain('service.bcd');
    expect(lines.join('\n')).toContain('/repo/v1/bcd');
  });
});
