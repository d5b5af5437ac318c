import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { File, Folder, PartialFailureError, Project, Synapse } from '../../src/index.js';
import type { Stored } from '../../src/index.js';
import { runSynapse, type Ended } from '../cli/runSynapse.js';
import { InterceptedSynapse } from './interceptedSynapse.js';

/** A child as `POST /entity/children` answers it. */
interface Child {
  id: string;
  name: string;
  type: string;
}

/** The children of a container, and the token of the next page. */
type Lie = (parentId: string, token: string | undefined) => { page: Child[]; next?: string };

let synapse: InterceptedSynapse;
let syn: Synapse;
let project: Project & Stored;
let fileId: string;
let home: string;

const folder = (id: string): Child => ({
  id,
  name: `folder ${id}`,
  type: 'org.sagebionetworks.repo.model.Folder',
});

beforeAll(async () => {
  synapse = await InterceptedSynapse.start();
  const { endpoint, authToken } = synapse.local;
  const top = await mkdtemp(join(tmpdir(), 'synapse-trees-'));
  syn = new Synapse({
    endpoint,
    cacheDir: join(top, 'cache'),
    environment: {},
    configPath: '/dev/null',
  });
  await syn.login({ authToken });
  project = await syn.store(new Project({ name: 'Trees' }));
  await writeFile(join(top, 'real.txt'), 'real');
  fileId = (await syn.store(new File({ path: join(top, 'real.txt'), parent: project }))).id;
  await syn.store(new Folder({ name: 'real', parent: project }));
  await rm(top, { recursive: true });
});
afterAll(async () => {
  await syn.close();
  await synapse.close();
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-trees-'));
});
afterEach(async () => {
  synapse.answer = undefined;
  await rm(home, { recursive: true, force: true });
});

/** Answers for the server when children are listed. */
function tell(lie: Lie): void {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { parentId = '', nextPageToken } = (await json(request)) as {
      parentId?: string;
      nextPageToken?: string;
    };
    const { page, next } = lie(parentId, nextPageToken);
    const details = {
      versionNumber: 1,
      versionLabel: '1',
      isLatestVersion: true,
      benefactorId: 1,
      createdOn: '2026-01-01T00:00:00.000Z',
      modifiedOn: '2026-01-01T00:00:00.000Z',
      createdBy: '1',
      modifiedBy: '1',
    };
    const body = { page: page.map((child) => ({ ...child, ...details })), nextPageToken: next };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  synapse.answer = (request, response) => {
    if (request.url?.endsWith('/entity/children') !== true) return false;
    answer(request, response).catch(() => response.destroy());
    return true;
  };
}

function run(args: string[]): Promise<Ended> {
  const { endpoint, authToken } = synapse.local;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  return runSynapse(args, { home, env });
}

const real = (): Child => ({
  id: fileId,
  name: 'real.txt',
  type: 'org.sagebionetworks.repo.model.FileEntity',
});

const lies: Record<string, Lie> = {
  'a folder in itself': (parentId) => ({
    page: parentId === project.id ? [real(), folder('syn11')] : [folder('syn11')],
  }),
  'folders in a circle': (parentId) => ({
    page:
      parentId === project.id
        ? [real(), folder('syn11')]
        : [folder(parentId === 'syn11' ? 'syn12' : 'syn11')],
  }),
  'the top in a folder of its own': (parentId) => ({
    page: parentId === project.id ? [real(), folder('syn11')] : [folder(project.id)],
  }),
  'a folder in every folder, without end': (parentId) => ({
    page: [
      ...(parentId === project.id ? [real()] : []),
      folder(`syn${BigInt(parentId.slice(3)) + 1000n}`),
    ],
  }),
  'folders that are in each of many folders': (parentId) => ({
    page:
      parentId === project.id
        ? [real(), folder('syn11'), folder('syn12')]
        : Number(parentId.slice(3)) < 80
          ? [11, 12].map((step) => folder(`syn${Number(parentId.slice(3)) + step}`))
          : [],
  }),
};

describe.each(Object.entries(lies))('%s', (_what, lie) => {
  beforeEach(() => tell(lie));

  test('ends a walk with an error', async () => {
    const all = async (): Promise<void> => {
      for await (const { id } of syn.walk(project)) expect(id).toMatch(/^syn/);
    };
    await expect(all()).rejects.toMatchObject({ code: 'MALFORMED_RESPONSE' });
  });

  test('ends a list with an error', async () => {
    const { status, stdout, stderr } = await run(['list', project.id, '--recursive']);
    expect(status).toBe(1);
    expect(stdout).toContain('real.txt');
    expect(stderr).toMatch(/^synapse list: Synapse lists the folder .* as no folder can be/);
  });

  test('is a failure of a download, which gets the rest', async () => {
    const got: string[] = [];
    const download = async (): Promise<void> => {
      const target = join(home, 'target');
      for await (const { name } of syn.sync.getDirectory(project, target)) got.push(name);
    };
    const error: unknown = await download().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PartialFailureError);
    expect((error as Error).message).toContain('as no folder can be');
    expect(got).toEqual(['real.txt']);
  });

  test('has the status of a partial failure', async () => {
    const { status } = await run(['get', project.id, '--recursive', '--download-location', 'to']);
    expect(status).toBe(5);
    expect(await readdir(join(home, 'to'))).toContain('real.txt');
  });
});

describe('one page that comes again and again, each time with a new token', () => {
  beforeEach(() => {
    tell((_parentId, token = '0') => ({
      page: Array.from({ length: 50 }, (_, index) => folder(`syn${100 + index}`)),
      next: String(Number(token) + 1),
    }));
  });

  test('ends a list with an error', async () => {
    const ids: string[] = [];
    const all = async (): Promise<void> => {
      for await (const { id } of syn.getChildren(project)) ids.push(id);
    };
    await expect(all()).rejects.toMatchObject({
      code: 'MALFORMED_RESPONSE',
      message: expect.stringContaining('that it had sent before'),
    });
    expect(ids).toHaveLength(50);
    const { status, stderr } = await run(['list', project.id]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('that it had sent before')]);
  });

  test('does not keep a directory from being stored', async () => {
    const source = join(home, 'source');
    await mkdir(source);
    await writeFile(join(source, 'new.txt'), home);
    const names: string[] = [];
    for await (const { name } of syn.sync.storeDirectory(source, project)) names.push(name);
    expect(names).toEqual(['new.txt']);
  });
});

describe('folders with names that no directory can have', () => {
  const names = [
    '..',
    '.',
    '',
    'x'.repeat(256),
    '数'.repeat(86),
    '../../outside',
    'a/b',
    'a\\b',
    'a_b',
    'nul\u0000byte',
    'in\u200bvisible',
    'in_visible',
    'turned\u202eeman',
    'tag\u{e0041}',
    '\u2028',
    '~',
    '$HOME',
    '-rf',
    'Case',
    'case',
    'é',
    'e\u0301',
  ];
  const impossible = 5;

  test('are failures each, and never lead out of the target', async () => {
    const ids = names.map((_, index) => `syn${2000 + index}`);
    tell((parentId) => ({
      page:
        parentId === project.id
          ? names.map((name, index) => ({ ...folder(ids[index] ?? ''), name }))
          : [real()],
    }));
    const options = ['--manifest', 'suppress', '--download-location', 'target'];
    const args = ['get', project.id, '--recursive', ...options];
    const ended = await run(args);
    expect(ended.status).toBe(5);
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.startsWith('real'));
    const folders = files
      .map(({ parentPath }) => parentPath)
      .filter((path) => !path.startsWith(join(home, '.synapseCache')));
    for (const path of folders) expect(path.startsWith(join(home, 'target', '/'))).toBe(true);
    // Names that become the same have a directory each.
    expect(new Set(folders).size).toBe(names.length - impossible);
    expect(folders.map((path) => basename(path))).toEqual(
      expect.arrayContaining(['a_b', 'a_b(1)', 'a_b(2)', 'in_visible', 'in_visible(1)']),
    );
    expect(ended.stderr.match(/names no file|longer than 255 bytes/g)).toHaveLength(impossible);

    const again = await run(args);
    expect(again.status).toBe(5);
    expect((await readdir(join(home, 'target'))).length).toBe(names.length - impossible);
  });
});
