import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { File, Folder, SynapseError, type Stored, type Synapse } from '../../src/index.js';
import type { FaultRule } from '../../src/server/index.js';
import { withClients } from '../entities/withClients.js';
import { bytes, md5 } from '../transfer/fakeStore.js';
import { countRounds, isThorough } from './rounds.js';

/** What befalls one request; each flow is run until its last request has met it. */
const faults: readonly [name: string, fault: FaultRule][] = [
  ['503', { status: 503, retryAfter: 0 }],
  ['429', { status: 429, retryAfter: 0 }],
  ['a lost answer', { loseAnswer: true }],
  ['no answer', { dropRequestAt: 0 }],
  ['half an answer', { dropAt: 100 }],
  ['half a file', { dropAt: 700_001 }],
  ['a pause', { stallAt: 0, stallFor: 200 }],
  ['a wrong byte of a file', { path: '/storage/*', method: 'GET', corruptAt: 7 }],
];

const mebibyte = 1024 * 1024;
const small = bytes(1000);
/** Two parts. */
const large = bytes(8 * mebibyte + 5);

/** Sends again at once, and holds nothing back. */
const hasty = { retry: { baseDelay: 1, maxDelay: 5 }, requestsPerMinute: 100_000 };

const clients = withClients();
let syn: Synapse;
let folder: Folder & Stored;
let smallId: string;
let largeId: string;
let round = 0;

beforeAll(async () => {
  syn = await clients.open('alice', hasty);
  folder = await syn.store(new Folder({ name: 'files', parent: await clients.project(syn) }));
  smallId = await stored('small.bin', small);
  largeId = await stored('large.bin', large);
});

async function stored(name: string, content: Buffer): Promise<string> {
  const path = await clients.file(name, content);
  return (await syn.store(new File({ path, parent: folder }))).id;
}

/** One way through the client, begun anew for each fault. */
interface Flow {
  run: (work: Work) => Promise<void>;
  /** What is there after a run that failed: nothing that is wrong. */
  afterFailure: (work: Work) => Promise<void>;
}

/** A place of its own for one run and its repetition. */
interface Work {
  client: Synapse;
  directory: string;
  /** Differs from run to run. */
  content: Buffer;
  parent: Folder & Stored;
}

async function newWork(): Promise<Work> {
  round += 1;
  const content = Buffer.from(large);
  content.writeUInt32BE(round, 0);
  return {
    content,
    client: await clients.open('alice', hasty),
    directory: await mkdtemp(join(clients.folder, 'work-')),
    parent: await syn.store(new Folder({ name: `work ${round}`, parent: folder.parentId ?? '' })),
  };
}

function getFlow(idOf: () => string, name: string, content: Buffer): Flow {
  return {
    run: async ({ client, directory }) => {
      const options = { downloadLocation: directory, ifCollision: 'overwrite.local' } as const;
      const { path = '' } = (await client.get(idOf(), options)) as File;
      expect(path).toBe(join(directory, name));
      expect((await readFile(path)).equals(content)).toBe(true);
      expect(await readdir(directory)).toEqual([name]);
    },
    afterFailure: async ({ directory }) => {
      expect(await readdir(directory)).not.toContain(name);
    },
  };
}

/** The one file of that name has that content, whatever happened before. */
async function expectStored({ parent }: Work, name: string, content: Buffer): Promise<void> {
  const children = [];
  for await (const child of syn.getChildren(parent.id)) children.push(child);
  expect(children.map((child) => child.name)).toEqual([name]);
  const stream = await syn.download(children[0]?.id ?? '');
  expect((await buffer(stream)).equals(content)).toBe(true);
}

const nothingToCheck = (): Promise<void> => Promise.resolve();

const flows: readonly [name: string, flow: Flow][] = [
  ['a small download', getFlow(() => smallId, 'small.bin', small)],
  ['a large download', getFlow(() => largeId, 'large.bin', large)],
  [
    'a stream',
    {
      run: async ({ client }) => {
        expect(md5(await buffer(await client.download(largeId)))).toBe(md5(large));
      },
      afterFailure: nothingToCheck,
    },
  ],
  [
    'the download of a folder',
    {
      run: async ({ client, directory }) => {
        const all = [];
        for await (const file of client.sync.getDirectory(folder.id, directory)) all.push(file);
        expect((await readdir(directory)).sort()).toEqual(['large.bin', 'small.bin']);
        expect((await readFile(join(directory, 'large.bin'))).equals(large)).toBe(true);
        expect((await readFile(join(directory, 'small.bin'))).equals(small)).toBe(true);
      },
      afterFailure: async ({ directory }) => {
        for (const [name, content] of [
          ['large.bin', large],
          ['small.bin', small],
        ] as const) {
          const found = await readFile(join(directory, name)).catch(() => undefined);
          expect(found === undefined || found.equals(content)).toBe(true);
        }
      },
    },
  ],
  [
    'an upload',
    {
      run: async (work) => {
        const { client, directory, content, parent } = work;
        const path = join(directory, 'new.bin');
        await writeFile(path, content);
        await client.store(new File({ path, parent }));
        await expectStored(work, 'new.bin', content);
      },
      afterFailure: nothingToCheck,
    },
  ],
  [
    'the upload of a folder',
    {
      run: async (work) => {
        const { client, directory, parent } = work;
        await mkdir(join(directory, 'sub'), { recursive: true });
        await writeFile(join(directory, 'sub', 'one.bin'), small);
        const all = [];
        for await (const each of client.sync.storeDirectory(directory, parent.id)) all.push(each);
        expect(all.map(({ name }) => name)).toEqual(['sub', 'one.bin']);
        const [sub] = all;
        await expectStored({ ...work, parent: sub as Folder & Stored }, 'one.bin', small);
      },
      afterFailure: nothingToCheck,
    },
  ],
];

/** @returns whether there was a request of that number to meet the fault */
async function runWithFault(flow: Flow, fault: FaultRule, skip: number): Promise<boolean> {
  const { conditions } = clients.server;
  const work = await newWork();
  conditions.set({ faults: [{ ...fault, skip, times: 1 }] });
  const error = await flow.run(work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const [hits = 0] = conditions.faultHits();
  conditions.reset();
  if (error !== undefined) {
    expect(error).toBeInstanceOf(SynapseError);
    await flow.afterFailure(work);
    await flow.run(work);
  }
  await work.client.close();
  await rm(work.directory, { recursive: true });
  return hits > 0;
}

describe.each(flows.map(([name, flow], index) => [name, { flow, index }] as const))(
  '%s',
  (_flow, { flow, index }) => {
    test.each(faults)(
      'gets through or says why whichever request meets %s',
      async (name, fault) => {
        const number = faults.findIndex(([each]) => each === name);
        const sampled = (index + number) % 7;
        let runs = 1;
        if (!isThorough) await runWithFault(flow, fault, sampled);
        else while (await runWithFault(flow, fault, runs - 1)) runs += 1;
        countRounds(runs);
      },
      600_000,
    );
  },
);
