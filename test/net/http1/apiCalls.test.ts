import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { classifyFault } from '../../../src/net/faults.js';
import { createNodeFetch } from '../../../src/net/nodeFetch.js';
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

/** What a call made of an answer: the answer, or how its failure is classified. */
async function call(useSockets: boolean, patience = 5_000): Promise<unknown> {
  const wire = createNodeFetch({ env: {}, useSockets });
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(stopped), patience);
  try {
    const answer = await wire.fetch(server.url, {
      method: 'POST',
      headers: new Headers(),
      signal: controller.signal,
      redirect: 'manual',
    });
    const { status, headers } = answer;
    return { status, headers: [...new Headers([...headers])], text: await answer.text() };
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
