import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import {
  startLocalSynapse,
  type LocalSynapse,
  type LocalSynapseOptions,
} from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { Session } from './entitySession.js';
import {
  add,
  begin,
  bytesOf,
  complete,
  contentUrl,
  errorCode,
  md5Of,
  mebibyte,
  partUrls,
  sendPart,
  storage,
  uploadFile,
  uploadRequest,
} from './filesClient.js';

const content = bytesOf(10 * mebibyte + 4321, 3);
const parts = [
  content.subarray(0, 5 * mebibyte),
  content.subarray(5 * mebibyte, 10 * mebibyte),
  content.subarray(10 * mebibyte),
].map((bytes, index) => ({ number: index + 1, content: bytes, md5: md5Of(bytes) }));
type Part = (typeof parts)[number];
const [first, second, third] = parts as [Part, Part, Part];

/** Paths of all stored content, half written or not. */
async function storedFiles(dataDir: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

async function eventually(check: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      await check();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  await check();
}

async function withServerOn<T>(
  dataDir: string,
  use: (session: Session) => Promise<T>,
  options: LocalSynapseOptions = {},
): Promise<T> {
  const synapse = await startLocalSynapse({ dataDir, strict: true, ...options });
  try {
    const result = await use(new Session(api(synapse, synapse.authToken)));
    expect(synapse.internalErrors).toEqual([]);
    return result;
  } finally {
    await synapse.close();
  }
}

async function putPart(session: Session, uploadId: string, part: Part): Promise<void> {
  const [target] = await partUrls(session, uploadId, [part.number]);
  const answer = await storage(target?.uploadPresignedUrl ?? '', {
    method: 'PUT',
    body: part.content,
  });
  expect(answer).toMatchObject({ status: 200, headers: { etag: `"${part.md5}"` } });
}

/** Sends half of a part and leaves the connection open. */
async function beginPart(session: Session, uploadId: string, part: Part): Promise<() => void> {
  const [target] = await partUrls(session, uploadId, [part.number]);
  const outgoing = request(target?.uploadPresignedUrl ?? '', {
    method: 'PUT',
    headers: { 'content-length': part.content.length },
  });
  outgoing.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    outgoing.write(part.content.subarray(0, part.content.length / 2), () => resolve());
  });
  return () => outgoing.destroy();
}

test('an upload goes on after a restart', async () => {
  await withTempDir(async (dataDir) => {
    const { uploadId, handleId } = await withServerOn(dataDir, async (session) => {
      const handle = await uploadFile(session, bytesOf(50, 5), { fileName: 'kept.bin' });
      const started = await begin(session, uploadRequest(content));
      await sendPart(session, started.uploadId, first);
      return { uploadId: started.uploadId, handleId: handle.id };
    });
    await withServerOn(dataDir, async (session) => {
      const kept = await storage(await contentUrl(session, handleId));
      expect(kept.body.equals(bytesOf(50, 5))).toBe(true);
      const resumed = await begin(session, uploadRequest(content));
      expect(resumed).toMatchObject({ uploadId, partsState: '100' });
      await sendPart(session, uploadId, second);
      await sendPart(session, uploadId, third);
      const completed = await complete(session, uploadId);
      const { resultFileHandleId } = completed.body as { resultFileHandleId: string };
      const answer = await storage(await contentUrl(session, resultFileHandleId));
      expect(answer.body.equals(content)).toBe(true);
    });
  });
});

test('an upload is given up with its content after a week without a request', async () => {
  await withTempDir(async (dataDir) => {
    const small = bytesOf(30, 6);
    const week = 7 * 24 * 3_600_000;
    const clock = (at: number) => ({ now: () => new Date(Date.now() + at) });
    const waiting = { number: 1, content: small, md5: md5Of(small) };
    const { uploadId } = await withServerOn(dataDir, async (session) => {
      const begun = await begin(session, uploadRequest(small));
      await putPart(session, begun.uploadId, waiting);
      const other = await begin(session, uploadRequest(small, { fileName: 'added.bin' }));
      await sendPart(session, other.uploadId, waiting);
      return begun;
    });
    await withServerOn(
      dataDir,
      async (session) => {
        expect(await begin(session, uploadRequest(small))).toMatchObject({ uploadId });
        expect(await storedFiles(dataDir)).toHaveLength(2);
      },
      clock(week - 60_000),
    );
    await withServerOn(
      dataDir,
      async (session) => {
        expect((await begin(session, uploadRequest(small))).uploadId).not.toBe(uploadId);
        await eventually(async () => expect(await storedFiles(dataDir)).toEqual([]));
      },
      clock(week + 60_000),
    );
  });
});

/** A server in a process of its own, which is killed at the latest when `use` is done. */
async function withChildServer(
  dataDir: string,
  use: (session: Session, kill: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const script = fileURLToPath(new URL('filesKilledServer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const running = JSON.parse(line) as { endpoint: string; authToken: string };
    await use(new Session(api(running, running.authToken)), kill);
  } finally {
    await kill();
  }
}

test('kill -9 in the middle of a part leaves exactly what was answered', async () => {
  await withTempDir(async (dataDir) => {
    let uploadId = '';
    await withChildServer(dataDir, async (session, kill) => {
      ({ uploadId } = await begin(session, uploadRequest(content)));
      await sendPart(session, uploadId, first);
      await putPart(session, uploadId, second);
      const stop = await beginPart(session, uploadId, third);
      await eventually(async () => expect(await storedFiles(dataDir)).toHaveLength(3));
      await kill();
      stop();
    });
    // Content whose record was never written: the process died right after it was renamed.
    await mkdir(join(dataDir, 'blobs', 'ab'), { recursive: true });
    await writeFile(join(dataDir, 'blobs', 'ab', `ab${'0'.repeat(30)}`), 'orphan');
    await withServerOn(dataDir, async (session) => {
      expect(await begin(session, uploadRequest(content))).toMatchObject({
        uploadId,
        partsState: '100',
      });
      expect(await add(session, uploadId, second)).toMatchObject({
        body: { addPartState: 'ADD_SUCCESS' },
      });
      expect(await add(session, uploadId, third)).toMatchObject({
        body: { addPartState: 'ADD_FAILED' },
      });
      await sendPart(session, uploadId, third);
      const completed = await complete(session, uploadId);
      const { resultFileHandleId } = completed.body as { resultFileHandleId: string };
      const answer = await storage(await contentUrl(session, resultFileHandleId));
      expect(answer.body.equals(content)).toBe(true);
      await eventually(async () => expect(await storedFiles(dataDir)).toHaveLength(3));
      await session.delete(`/file/v1/fileHandle/${resultFileHandleId}`);
      await eventually(async () => expect(await storedFiles(dataDir)).toEqual([]));
    });
  });
});

describe('conditions', () => {
  let synapse: LocalSynapse;
  let session: Session;
  let dataDir: string;
  let leave: () => void;
  let left: Promise<void>;
  let offset = 0;
  const small = bytesOf(4000, 9);

  beforeAll(async () => {
    await new Promise<void>((entered) => {
      left = withTempDir(async (directory) => {
        dataDir = directory;
        synapse = await startLocalSynapse({
          dataDir,
          strict: true,
          now: () => new Date(Date.now() + offset),
        });
        session = new Session(api(synapse, synapse.authToken));
        entered();
        await new Promise<void>((resolve) => (leave = resolve));
        await synapse.close();
      });
    });
  });
  afterAll(async () => {
    leave();
    await left;
    expect(synapse.internalErrors).toEqual([]);
  });

  const fault = (effect: object) =>
    synapse.conditions.set({ faults: [{ path: '/storage/*', times: 1, ...effect }] });

  async function download(): Promise<string> {
    const handle = await uploadFile(session, small, { fileName: 'small.bin' });
    return contentUrl(session, handle.id);
  }

  async function uploadUrl(name: string): Promise<{ uploadId: string; url: string }> {
    const { uploadId } = await begin(session, uploadRequest(small, { fileName: name }));
    const [target] = await partUrls(session, uploadId, [1]);
    return { uploadId, url: target?.uploadPresignedUrl ?? '' };
  }
  const put = (url: string) => storage(url, { method: 'PUT', body: small });
  const addSmall = async (uploadId: string) =>
    (await add(session, uploadId, { number: 1, md5: md5Of(small) })).body;

  test('a download meets the fault that is set', async () => {
    const url = await download();
    fault({ dropAt: 1000 });
    await expect(storage(url)).rejects.toThrow('aborted');
    fault({ corruptAt: 1234 });
    const damaged = (await storage(url)).body;
    expect(damaged.findIndex((byte, at) => byte !== small[at])).toBe(1234);
    fault({ stallAt: 10, stallFor: 20 });
    expect((await storage(url)).body.equals(small)).toBe(true);
    fault({ bytesPerSecond: 40_000 });
    expect((await storage(url)).body.equals(small)).toBe(true);
    fault({ status: 503 });
    expect(await storage(url)).toMatchObject({ status: 503 });
    expect((await storage(url)).body.equals(small)).toBe(true);
  });

  test('downloads at the same time keep their content when some are cut off', async () => {
    const contents = Array.from({ length: 24 }, (_, index) => bytesOf(300_000, 100 + index));
    const urls = await Promise.all(
      contents.map(async (bytes, index) => {
        const { id } = await uploadFile(session, bytes, { fileName: `many-${index}.bin` });
        return contentUrl(session, id);
      }),
    );
    const cutOff = async (url: string): Promise<void> => {
      const outgoing = request(url).end();
      await once(outgoing, 'response');
      outgoing.on('error', () => undefined).destroy();
    };
    for (let round = 0; round < 3; round += 1) {
      const bodies = await Promise.all([
        ...urls.map(async (url) => (await storage(url)).body),
        ...urls.map(cutOff),
      ]);
      expect(contents.map((bytes, index) => bodies[index]?.equals(bytes))).toEqual(
        contents.map(() => true),
      );
    }
  });

  test('an upload whose connection breaks leaves nothing', async () => {
    const { uploadId, url } = await uploadUrl('fault.bin');
    const before = await storedFiles(dataDir);
    fault({ dropRequestAt: 1000 });
    await expect(put(url)).rejects.toThrow();
    await eventually(async () => expect(await storedFiles(dataDir)).toEqual(before));
    expect(await addSmall(uploadId)).toMatchObject({ addPartState: 'ADD_FAILED' });
    fault({ loseAnswer: true });
    await expect(put(url)).rejects.toThrow();
    expect(await addSmall(uploadId)).toMatchObject({ addPartState: 'ADD_SUCCESS' });
    expect(await complete(session, uploadId)).toMatchObject({ status: 201 });
    // A client that sends a part once more, too late: it is taken, and not kept.
    const finished = await storedFiles(dataDir);
    expect(await put(url)).toMatchObject({ status: 200 });
    expect(await storedFiles(dataDir)).toEqual(finished);
  });

  test('a client that goes away leaves nothing', async () => {
    const { uploadId } = await uploadUrl('gone.bin');
    const before = await storedFiles(dataDir);
    const stop = await beginPart(session, uploadId, { number: 1, content: small, md5: '' });
    await eventually(async () =>
      expect(await storedFiles(dataDir)).toHaveLength(before.length + 1),
    );
    stop();
    await eventually(async () => expect(await storedFiles(dataDir)).toEqual(before));
  });

  test('URLs live as long as they are told to', async () => {
    const handle = await uploadFile(session, small, { fileName: 'life.bin' });
    synapse.conditions.set({ urlLifetime: 60_000 });
    const url = await contentUrl(session, handle.id);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('60');
    offset = 58_000;
    expect(await storage(url)).toMatchObject({ status: 200 });
    offset = 60_000;
    const expired = await storage(url);
    offset = 0;
    synapse.conditions.reset();
    expect(expired.body.toString()).toContain('Request has expired');
  });

  test('a full disk refuses an upload at once', async () => {
    const { uploadId, url } = await uploadUrl('full.bin');
    const before = await storedFiles(dataDir);
    synapse.conditions.set({ diskFull: true });
    const full = await put(url);
    // Without content it is the record that the disk does not take.
    const empty = await storage(url, { method: 'PUT', body: Buffer.alloc(0) });
    synapse.conditions.reset();
    expect([full.status, errorCode(full)]).toEqual([507, 'InsufficientStorage']);
    expect([empty.status, errorCode(empty)]).toEqual([507, 'InsufficientStorage']);
    expect(await storedFiles(dataDir)).toEqual(before);
    expect(await addSmall(uploadId)).toMatchObject({ addPartState: 'ADD_FAILED' });
    expect(await put(url)).toMatchObject({ status: 200 });
    expect(await addSmall(uploadId)).toMatchObject({ addPartState: 'ADD_SUCCESS' });
  });

  test('a server that is read-only takes no content', async () => {
    const { url } = await uploadUrl('readonly.bin');
    const readable = await download();
    synapse.conditions.set({ readOnly: true });
    const refused = await put(url);
    const got = await storage(readable);
    synapse.conditions.reset();
    expect([refused.status, errorCode(refused)]).toEqual([503, 'ServiceUnavailable']);
    expect(got.status).toBe(200);
  });
});
