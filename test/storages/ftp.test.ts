import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ArgumentError, NetworkError, SynapseError, TimeoutError } from '../../src/errors.js';
import { downloadFile, downloadStream } from '../transfer/transfers.js';
import { StorageWire } from '../../src/transfer/storageWire.js';
import type { DownloadContext } from '../../src/storages/synapse/synapseContext.js';
import { startFtpServer, type FtpBehaviour, type FtpServer } from './ftpServer.js';

const content = randomBytes(300_000);
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function serve(more: Partial<FtpBehaviour> = {}): Promise<FtpServer> {
  const server = await startFtpServer({ files: new Map([['data/file 1.bin', content]]), ...more });
  ends.push(() => server.close());
  return server;
}

async function tempDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'synapseclient-ftp-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** With no Synapse in it: the address is all that is needed. */
function context(
  options: { retryFor?: number; limitRate?: number; stallTimeout?: number } = {},
): DownloadContext {
  const storage = new StorageWire({ retryFor: 1, ...options });
  ends.push(() => storage.close());
  return { storage } as DownloadContext;
}

const address = ({ url }: FtpServer): string => `${url}/data/file%201.bin`;

describe('a file on an FTP server', () => {
  test('is downloaded whole', async () => {
    const server = await serve();
    const folder = await tempDir();
    const destination = join(folder, 'file.bin');
    const { bytes } = await downloadFile(context(), { url: address(server), destination });
    expect(bytes).toBe(content.length);
    expect(content.equals(await readFile(destination))).toBe(true);
    expect(await readdir(folder)).toEqual(['file.bin']);
  });

  test('is streamed from any byte to any other', async () => {
    const server = await serve();
    const read = async (start: number, end?: number): Promise<Buffer> =>
      buffer(await downloadStream(context(), { url: address(server), range: { start, end } }));
    expect(content.equals(await read(0))).toBe(true);
    expect(await read(0, 10)).toEqual(content.subarray(0, 10));
    expect(await read(1000, 2000)).toEqual(content.subarray(1000, 2000));
    expect(await read(299_990, 400_000)).toEqual(content.subarray(299_990));
    expect(await read(400_000)).toHaveLength(0);
  });

  test('comes from a server that knows the oldest commands alone', async () => {
    const server = await serve({ isOld: true });
    const whole = await buffer(await downloadStream(context(), { url: address(server) }));
    expect(content.equals(whole)).toBe(true);
    const range = { start: 1000, end: 1010 };
    const part = await buffer(await downloadStream(context(), { url: address(server), range }));
    expect(part).toEqual(content.subarray(1000, 1010));
    expect(server.commands).toContain('PASV');
  });

  test('goes on where the connection broke', async () => {
    const server = await serve({ cutFirstAt: 100_000 });
    const whole = await buffer(await downloadStream(context(), { url: address(server) }));
    expect(content.equals(whole)).toBe(true);
    expect(server.commands.filter((command) => command === 'REST')).toHaveLength(1);
  });

  test('asks for user and password of its address', async () => {
    const server = await serve({ user: 'me', password: 's3cret word' });
    const { port } = server;
    const url = `ftp://me:s3cret%20word@127.0.0.1:${port}/data/file%201.bin`;
    const whole = await buffer(await downloadStream(context(), { url }));
    expect(content.equals(whole)).toBe(true);

    const wrong = `ftp://me:wr0ng@127.0.0.1:${port}/data/file%201.bin`;
    const failure = await downloadFile(context(), {
      url: wrong,
      destination: join(await tempDir(), 'x'),
    }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'FTP_LOGIN' });
    expect((failure as Error).message).toContain('refuses the login of me: No');
    expect((failure as Error).message).not.toContain('wr0ng');
  });

  test('that is not there is an error that says so', async () => {
    const server = await serve();
    const destination = join(await tempDir(), 'x');
    const missing = downloadFile(context(), { url: `${server.url}/nothing`, destination });
    await expect(missing).rejects.toThrow('refuses: 550 There is none');
    await server.close();
    const gone = downloadFile(context(), { url: address(server), destination });
    await expect(gone).rejects.toThrow(NetworkError);
  });

  test('whose address has line breaks or no name sends no command', async () => {
    const server = await serve();
    for (const path of ['/a%0d%0aDELE%20b', '/', '/%zz']) {
      const url = `${server.url}${path}`;
      const failure = await buffer(await downloadStream(context(), { url })).catch(
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(ArgumentError);
    }
    expect(server.commands).toEqual([]);
  });

  test('that stops in the middle is given up after the stall limit', async () => {
    const server = await serve({ stallAt: 100_000 });
    const stream = await downloadStream(context({ stallTimeout: 100 }), { url: address(server) });
    await expect(buffer(stream)).rejects.toThrow(TimeoutError);
  });

  test('of a server that says nothing is given up after the stall limit', async () => {
    const server = await serve({ isSilent: true });
    const stream = await downloadStream(context({ stallTimeout: 100 }), { url: address(server) });
    await expect(buffer(stream)).rejects.toThrow(TimeoutError);
  });

  test('is not given up while the reader takes its time', async () => {
    const server = await serve();
    const stream = await downloadStream(context({ stallTimeout: 100 }), { url: address(server) });
    await once(stream, 'readable');
    const first = stream.read(1) as Buffer;
    await setTimeout(500);
    expect(content.equals(Buffer.concat([first, await buffer(stream)]))).toBe(true);
    expect(server.commands.filter((command) => command === 'RETR')).toHaveLength(1);
  });

  test('ends with its signal', async () => {
    const server = await serve();
    const stop = new AbortController();
    const stream = await downloadStream(context({ limitRate: 1000 }), {
      url: address(server),
      signal: stop.signal,
    });
    stream.once('data', () => stop.abort());
    await expect(buffer(stream)).rejects.toThrow('aborted');
  });
});

test('nothing is uploaded to an FTP server', async () => {
  const storage = new StorageWire();
  ends.push(() => storage.close());
  await expect(storage.put('ftp://127.0.0.1/x', { headers: {}, size: 0 })).rejects.toThrow(
    SynapseError,
  );
});
