import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { File, Folder, type Project, type Stored, type Synapse } from '../../src/index.js';
import * as synapseutils from '../../src/synapseutils/index.js';
import { startSynapse } from '../cli/runSynapse.js';
import { withClients } from '../entities/withClients.js';
import { withTempDir } from '../helpers/tempDir.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;

beforeAll(async () => {
  syn = await clients.open('alice');
});
beforeEach(async () => {
  project = await clients.project(syn);
});

async function storeFile(
  name: string,
  content: string,
  parent: { id: string } = project,
  more: object = {},
): Promise<File & Stored> {
  const path = await clients.file(name, content);
  return syn.store(new File({ path, parent, ...more }));
}

/** The operations that a piece of work calls. Requests to the file store are no calls. */
async function callsOf(run: () => Promise<unknown>): Promise<string[]> {
  const { requests } = clients.server;
  requests.clear();
  await run();
  return requests.entries.flatMap(({ operation }) => operation ?? []);
}

/** The data files of a directory with their content. */
async function contentOf(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !/^(manifest\.|SYNAPSE_METADATA)/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const contents = await Promise.all(files.map((path) => readFile(path, 'utf8')));
  return Object.fromEntries(
    files.map((path, at) => [path.slice(root.length + 1), contents[at] ?? '']),
  );
}

/** Folders with files: `f0/0.txt`, ... */
async function newTree(folders: number, files: number): Promise<Record<string, string>> {
  const expected: Record<string, string> = {};
  await Promise.all(
    Array.from({ length: folders }, async (_, at) => {
      const folder = await syn.store(new Folder({ name: `f${at}`, parent: project }));
      for (let each = 0; each < files; each += 1) {
        const content = `${at} ${each} ${'x'.repeat(each)}`;
        await storeFile(`${each}.txt`, content, folder);
        expected[`f${at}/${each}.txt`] = content;
      }
    }),
  );
  return expected;
}

describe('manifests', () => {
  test('have annotations, provenance and facts, and upload as what is there already', async () => {
    const input = await storeFile('input.txt', 'in');
    const more = {
      annotations: { tissue: ['liver', 'lung'], count: [3] },
    };
    const file = await storeFile('a.txt', 'aaa', project, more);
    await syn.provenance.set(file, {
      name: 'counting',
      used: [`${input.id}.1`],
      executed: ['https://example.org/code'],
    });
    await withTempDir(async (root) => {
      const { manifests, failures } = await syn.syncFromSynapse(project, root);
      expect(failures).toEqual([]);
      expect(manifests).toEqual([
        join(root, 'SYNAPSE_METADATA_MANIFEST.tsv'),
        join(root, 'manifest.csv'),
      ]);
      const rows = [];
      for await (const { row } of syn.sync.readManifest(join(root, 'manifest.csv'))) {
        if (row) rows.push(row);
      }
      expect(rows.find(({ id }) => id === file.id)).toMatchObject({
        path: join(root, 'a.txt'),
        parentId: project.id,
        used: [`${input.id}.1`],
        executed: ['https://example.org/code'],
        activityName: 'counting',
        annotations: {
          tissue: { value: ['liver', 'lung'] },
          count: { type: 'LONG', value: ['3'] },
        },
        facts: { versionNumber: 1, dataFileSizeBytes: 3 },
      });
      const plan = await syn.sync.planUpload(join(root, 'manifest.csv'));
      expect(plan.problems).toEqual([]);
      expect(plan.totals.actions).toMatchObject({ skip: 2, create: 0, updateContent: 0 });
    });
  });

  test('are in each directory, only at the top, or nowhere', async () => {
    await newTree(2, 1);
    const found = async (root: string): Promise<string[]> =>
      (await readdir(root, { recursive: true })).filter((path) => path.endsWith('.csv')).sort();
    await withTempDir(async (root) => {
      await syn.syncFromSynapse(project, join(root, 'all'));
      expect(await found(join(root, 'all'))).toHaveLength(3);
      await syn.syncFromSynapse(project, join(root, 'root'), { manifest: 'root' });
      expect(await found(join(root, 'root'))).toEqual(['manifest.csv']);
      await syn.syncFromSynapse(project, join(root, 'none'), { manifest: 'suppress' });
      expect(await found(join(root, 'none'))).toEqual([]);
    });
  });

  test('do not replace a downloaded or another file of that name', async () => {
    await storeFile('manifest.csv', 'data of its own');
    await withTempDir(async (root) => {
      await writeFile(join(root, 'SYNAPSE_METADATA_MANIFEST.tsv'), 'mine\n');
      const { failures } = await syn.syncFromSynapse(project, root);
      expect(failures).toHaveLength(2);
      expect(await readFile(join(root, 'manifest.csv'), 'utf8')).toBe('data of its own');
      expect(await readFile(join(root, 'SYNAPSE_METADATA_MANIFEST.tsv'), 'utf8')).toBe('mine\n');
    });
  });
});

test('synapseutils has it', async () => {
  await storeFile('a.txt', 'a');
  await withTempDir(async (root) => {
    const report = await synapseutils.syncFromSynapse(syn, project, root);
    expect(report.done).toMatchObject([{ path: 'a.txt' }]);
  });
});

describe('a tree of 200 files in 20 folders', () => {
  test('takes a page a folder, a request a file, and nothing more the second time', async () => {
    const expected = await newTree(20, 10);
    const reader = await clients.open('alice');
    await withTempDir(async (root) => {
      const calls = await callsOf(async () => {
        const report = await reader.syncFromSynapse(project, root, { manifest: 'suppress' });
        expect(report.failures).toEqual([]);
      });
      const count = (name: string): number => calls.filter((call) => call === name).length;
      expect(count('entity.listEntityChildren')).toBe(21);
      expect(count('entityBundle.getEntityBundle')).toBe(200);
      expect(count('file.getFileHandleBatch')).toBeLessThan(12);
      expect(await contentOf(root)).toEqual(expected);
      const again = await callsOf(async () => {
        const report = await reader.syncFromSynapse(project, root);
        expect([report.done, report.failures]).toEqual([[], []]);
      });
      // Also with the provenance of the files, for the manifests.
      expect(again.length).toBe(221);
    });
  });

  test('is complete when 5 % of all requests fail', async () => {
    const expected = await newTree(5, 10);
    const reader = await clients.open('alice');
    await withTempDir(async (root) => {
      clients.server.conditions.set({ faults: [{ probability: 0.05, status: 503 }] });
      try {
        const report = await reader.syncFromSynapse(project, root);
        expect(report.failures).toEqual([]);
      } finally {
        clients.server.conditions.set({ faults: [] });
      }
      expect(await contentOf(root)).toEqual(expected);
    });
  }, 60_000);

  test('is complete after the command was killed, and run again', async () => {
    const expected = await newTree(5, 20);
    const { endpoint, users } = clients.server;
    await withTempDir(async (home) => {
      const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users.alice.authToken };
      const root = join(home, 'data');
      const child = startSynapse(['get', '-r', project.id, root, '--concurrency', '2'], {
        home,
        env,
      });
      child.stderr?.resume();
      let lines = 0;
      child.stdout?.on('data', () => {
        lines += 1;
        if (lines === 3) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const again = await syn.syncFromSynapse(project, root);
      expect(again.failures).toEqual([]);
      expect(await contentOf(root)).toEqual(expected);
    });
  }, 60_000);

  test('is the same from four shards, one of which ran twice', async () => {
    const expected = await newTree(4, 10);
    await withTempDir(async (root) => {
      const sizes: number[] = [];
      for (const index of [1, 2, 3, 4, 2]) {
        const report = await syn.syncFromSynapse(project, root, { shard: `${index}/4` });
        expect(report.failures).toEqual([]);
        const files = [...report.done, ...report.skipped].filter(({ kind }) => kind === 'file');
        sizes.push(files.reduce((sum, { size = 0 }) => sum + size, 0));
      }
      expect(await contentOf(root)).toEqual(expected);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(20);
      expect((await readdir(root)).filter((name) => name.startsWith('manifest')).sort()).toEqual(
        [1, 2, 3, 4].map((index) => `manifest.${index}-of-4.csv`),
      );
    });
  });
});

/** An edit on one of the sides. */
type Edit =
  | { side: 'remote' | 'local'; kind: 'write'; name: string; content: string }
  | { side: 'remote' | 'local'; kind: 'remove'; name: string }
  | { side: 'sync' };

const names = ['a.txt', 'b.txt', 'sub/c.txt'];
const someName = fc.constantFrom(...names);
const someSide = fc.constantFrom('remote' as const, 'local' as const);
const someEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    side: someSide,
    kind: fc.constant('write' as const),
    name: someName,
    content: fc.constantFrom('one', 'two', 'three', 'four!'),
  }),
  fc.record({ side: someSide, kind: fc.constant('remove' as const), name: someName }),
  fc.constant({ side: 'sync' as const }),
);

test('no edit is lost, and a second run has nothing to do, whatever was edited in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someEdit, { minLength: 3, maxLength: 10 }), async (edits) => {
      const top = await clients.project(syn);
      const sub = await syn.store(new Folder({ name: 'sub', parent: top }));
      const stored = new Map<string, File & Stored>();
      const versions = new Map<string, Set<string>>();
      await withTempDir(async (root) => {
        await mkdir(join(root, 'sub'));
        for (const edit of [...edits, { side: 'sync' } as const]) {
          if (edit.side === 'remote') await editRemote(edit, { top, sub, stored, versions });
          else if (edit.side === 'local') {
            const path = join(root, edit.name);
            if (edit.kind === 'write') await writeFile(path, edit.content);
            else await rm(path, { force: true });
          } else await checkSync(top, root, { stored, versions });
        }
      });
    }),
    { numRuns: 15, seed: 11 },
  );
}, 120_000);

interface Remote {
  /** By path. */
  stored: Map<string, File & Stored>;
  /** The contents that each file has had in Synapse, by path. */
  versions: Map<string, Set<string>>;
}

async function editRemote(
  edit: Extract<Edit, { name: string }>,
  { top, sub, stored, versions }: Remote & { top: { id: string }; sub: { id: string } },
): Promise<void> {
  const { name } = edit;
  const file = stored.get(name);
  if (edit.kind === 'remove') {
    if (file) await syn.delete(file.id);
    stored.delete(name);
    return;
  }
  const path = await clients.file(name.replace('sub/', ''), edit.content);
  const parent = name.startsWith('sub/') ? sub : top;
  stored.set(name, await syn.store(new File({ path, parent })));
  versions.set(name, (versions.get(name) ?? new Set<string>()).add(edit.content));
}

/** Syncs, and compares with what may have happened: a file is replaced only by what Synapse has, and only if Synapse had it. */
async function checkSync(
  top: { id: string },
  root: string,
  { stored, versions }: Remote,
): Promise<void> {
  const before = await contentOf(root);
  const report = await syn.syncFromSynapse(top, root);
  const after = await contentOf(root);
  const conflicts = report.failures.map(({ path }) => path.replace(/ \(.*$/, ''));
  for (const name of names) {
    const remote = stored.get(name);
    const wanted = remote && (await readFile(remote.path ?? '', 'utf8'));
    const [local, now] = [before[name], after[name]];
    if (wanted === undefined) expect(now).toBe(local);
    else if (local === undefined || local === wanted) expect(now).toBe(wanted);
    else if (conflicts.includes(name)) expect(now).toBe(local);
    else {
      expect(now).toBe(wanted);
      expect(versions.get(name)).toContain(local);
    }
  }
  const again = await syn.syncFromSynapse(top, root);
  expect(again.done).toEqual([]);
  expect(again.failures).toHaveLength(report.failures.length);
}
