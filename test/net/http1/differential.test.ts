import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SynapseHttpError } from '../../../src/errors.js';
import { StorageWire, type ResponseHead } from '../../../src/transfer/storageWire.js';
import { cases, chunked, five, ok, refused } from './answers.js';
import { RawServer, type RawAnswer } from './rawServer.js';

/** What a download made of an answer. */
interface Outcome {
  heads: ResponseHead[];
  body: string;
  /** The class of the error, with the status and the reason of an HTTP error. */
  error: string | undefined;
}

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.start();
});
afterAll(async () => {
  await server.close();
});

/** Milliseconds: a busy machine sends an answer in many pieces slowly. */
const patient = 5_000;

/** A short time for an answer that stops. */
function stallTimeoutFor(expected: string): number {
  return expected === 'TimeoutError' ? 250 : patient;
}

async function download(useSockets: boolean, stallTimeout = patient): Promise<Outcome> {
  const wire = new StorageWire({ env: {}, stallTimeout, useSockets });
  const heads: ResponseHead[] = [];
  let body = '';
  const sink = {
    head: (head: ResponseHead) => void heads.push(head),
    data: (chunk: Buffer) => void (body += chunk.toString('latin1')),
  };
  const error: unknown = await wire.get(server.url, sink).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await wire.close();
  return { heads, body, error: error === undefined ? undefined : kindOf(error as Error) };
}

async function upload(useSockets: boolean, stallTimeout: number): Promise<unknown> {
  const wire = new StorageWire({ env: {}, stallTimeout, useSockets });
  try {
    return await wire.put(server.url, { headers: {}, size: 0 });
  } catch (error) {
    return kindOf(error as Error);
  } finally {
    await wire.close();
  }
}

function kindOf(error: Error): string {
  if (!(error instanceof SynapseHttpError)) return error.name;
  return ['HTTP', error.status, error.reason].join(' ').trim();
}

describe('sockets and node:http read the same from', () => {
  test.each(cases)('%s: %s', async (_name, expected, answer) => {
    server.answers = [answer];
    const overSockets = await download(true, stallTimeoutFor(expected));
    const overHttp = await download(false, stallTimeoutFor(expected));
    expect(overSockets).toEqual(overHttp);
    expect(overHttp.error ?? overHttp.body).toBe(expected);
    expect(overHttp.heads.length).toBeLessThanOrEqual(1);
  });

  describe.each<RawAnswer['ending'] & string>(['close', 'reset'])(
    'an answer with a %s',
    (ending) => {
      test.each([
        ['a length', `${ok}etag: "x"\r\n${five}hello`],
        ['chunks', `${ok}${chunked}5\r\nhello\r\n0\r\n\r\n`],
        ['a reason in chunks', `${refused}${chunked}5\r\nhello\r\n0\r\n\r\n`],
      ])('at each byte of %s', async (_name, text) => {
        for (let length = 0; length < text.length; length += 1) {
          server.answers = [{ pieces: [text.slice(0, length)], ending }];
          const overSockets = await download(true);
          const overHttp = await download(false);
          expect([length, overSockets]).toEqual([length, overHttp]);
          expect(overHttp.error).toBe('NetworkError');
        }
      });
    },
  );
});

describe('sockets and node:http write the same to', () => {
  test.each(cases)('%s', async (_name, expected, answer) => {
    server.answers = [answer];
    const before = server.requests;
    const overSockets = await upload(true, stallTimeoutFor(expected));
    expect(server.requests).toBe(before + 1);
    expect(overSockets).toEqual(await upload(false, stallTimeoutFor(expected)));
  });
});
