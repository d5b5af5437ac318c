import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { classifyFault } from '../../../src/net/faults.js';
import { createNodeFetch, type NodeFetch } from '../../../src/net/nodeFetch.js';
import type { WireRequest } from '../../../src/net/wireFetch.js';
import { cases, chunked, five, ok } from './answers.js';
import { RawServer, type RawAnswer } from './rawServer.js';

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.start();
});
afterAll(async () => {
  await server.close();
});

const stopped = new Error('stopped');

/** Sends a POST, and reads its answer. */
async function post(
  wire: NodeFetch,
  url: string,
  init: Partial<WireRequest> = {},
): Promise<{ status: number; headers: [string, string][]; text: string }> {
  const answer = await wire.fetch(url, {
    method: 'POST',
    headers: new Headers(),
    signal: new AbortController().signal,
    redirect: 'manual',
    ...init,
  });
  const { status, headers } = answer;
  return { status, headers: [...new Headers([...headers])], text: await answer.text() };
}

/** What a call made of an answer: the answer, or how its failure is classified. */
async function call(useSockets: boolean, patience = 5_000): Promise<unknown> {
  const wire = createNodeFetch({ env: {}, useSockets });
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(stopped), patience);
  try {
    return await post(wire, server.url, { signal: controller.signal });
  } catch (error) {
    return error === stopped ? 'no end' : classifyFault(error);
  } finally {
    clearTimeout(timer);
    await wire.close();
  }
}

describe('a POST over sockets is sent once, and its answer is what node:http makes of', () => {
  test.each(cases)('%s', async (_name, expected, answer) => {
    const patience = expected === 'TimeoutError' ? 250 : 5_000;
    server.answers = [answer];
    const before = server.requests;
    const overSockets = await call(true, patience);
    expect(server.requests).toBe(before + 1);
    expect(overSockets).toEqual(await call(false, patience));
  });

  describe.each<RawAnswer['ending'] & string>(['close', 'reset'])(
    'an answer with a %s',
    (ending) => {
      test.each([
        ['a length', `${ok}etag: "x"\r\n${five}hello`],
        ['chunks', `${ok}${chunked}5\r\nhello\r\n0\r\n\r\n`],
        ['chunks and a trailer', `${ok}${chunked}5\r\nhello\r\n0\r\na: b\r\n\r\n`],
      ])('at each byte of %s', async (_name, text) => {
        for (let length = 0; length < text.length; length += 1) {
          server.answers = [{ pieces: [text.slice(0, length)], ending }];
          expect([length, await call(true)]).toEqual([length, await call(false)]);
        }
      });
    },
  );
});

describe('a connection', () => {
  const hello = `${ok}${five}hello`;
  let wire: NodeFetch;
  beforeEach(() => {
    wire = createNodeFetch({ env: {} });
    server.connections = 0;
    server.requests = 0;
  });
  afterEach(() => wire.close());

  test('that the server closes at the moment of a POST: it may have been applied, and is not sent again', async () => {
    server.answers = [{ pieces: [hello] }, { pieces: [], ending: 'reset' }];
    await post(wire, `${server.url}0`);
    const failure: unknown = await post(wire, `${server.url}1`).catch((error: unknown) => error);
    expect(classifyFault(failure)).toMatchObject({ code: 'ECONNRESET', sent: 'maybe' });
    expect([server.requests, server.connections]).toEqual([2, 1]);
  });

  test('with bytes after the answer is not used again', async () => {
    server.answers = [{ pieces: [`${hello}more`] }];
    for (let count = 0; count < 3; count += 1) await post(wire, server.url);
    expect(server.connections).toBe(3);
  });

  test('is not used again after an answer before the end of the request', async () => {
    server.answersEarly = true;
    server.answers = [{ pieces: [hello] }];
    const body = 'x'.repeat(30_000_000);
    expect(await post(wire, server.url, { body })).toMatchObject({ text: 'hello' });
    server.answersEarly = false;
    await post(wire, server.url);
    expect(server.connections).toBe(2);
  });

  test('is closed by the client before the server closes it', async () => {
    server.answers = [{ pieces: [`${ok}keep-alive: timeout=0\r\n${five}hello`] }];
    await post(wire, server.url);
    // Those of earlier tests may not have ended yet.
    await Promise.all([...server.sockets].map((socket) => once(socket, 'close')));
    expect(server.sockets.size).toBe(0);
  });

  test('is not asked again for what the socket engine cannot read', async () => {
    server.answers = [{ pieces: [`HTTP/1.1 103 Early Hints\r\n\r\n${hello}`] }];
    for (let count = 0; count < 3; count += 1) {
      expect(await post(wire, server.url)).toMatchObject({ text: 'hello' });
    }
    // The first one closes, and node:http keeps its own.
    expect([server.requests, server.connections]).toEqual([3, 2]);
  });
});

test.each([
  ['ASCII', 'plain text'],
  ['other characters', 'Größe, 大きさ, \ud83d\ude00'],
])('a body of %s arrives as it was sent', async (_name, body) => {
  const wire = createNodeFetch({ env: {} });
  server.answers = [{ pieces: [`${ok}${five}hello`] }];
  const headers = new Headers({ 'x-latin1': 'gr\u00fc\u00df' });
  await post(wire, server.url, { headers, body });
  const [head = '', received = ''] = server.received.split('\r\n\r\n');
  expect(Buffer.from(received, 'latin1').toString()).toBe(body);
  expect(head).toContain('x-latin1: gr\u00fc\u00df');
  await wire.close();
});
