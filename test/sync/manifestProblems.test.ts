import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  Link,
  type PlanProblem,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { withTempDir } from '../helpers/tempDir.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
/** A file in Synapse. */
let file: File & Stored;
let link: string;
/** A folder that only bob may write into, and alice may read. */
let readOnly: string;
let readOnlyFile: string;
let secret: string;

beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  const path = await clients.file('stored.txt', 'content that is stored');
  file = await syn.store(new File({ path, parent: project }));
  link = (
    await syn.store(new Link({ target: file, parent: await clients.project(syn), name: 'a link' }))
  ).id;
  const bob = await clients.open('bob');
  const shared = await clients.project(bob);
  readOnly = shared.id;
  readOnlyFile = (await bob.store(new File({ path, parent: shared }))).id;
  await bob.setPermissions(shared.id, 'alice', { accessType: 'view' });
  secret = (await clients.project(bob)).id;
});

/** The cells of a row, by column. */
type Row = Readonly<Record<string, string>>;

function csvOf(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (text = ''): string => `"${text.replaceAll('"', '""')}"`;
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => cells.map(cell).join(','))
    .join('\r\n');
}

interface Planted {
  row: Row;
  column: string;
  message: RegExp;
}

/** Puts the local files of the planted rows into a directory. */
async function placeFiles(root: string): Promise<(name: string) => string> {
  const at = (name: string): string => join(root, name);
  for (let index = 0; index < 60; index += 1)
    await writeFile(at(`f${index}.txt`), `content ${index}`);
  await writeFile(at('empty.txt'), '');
  await mkdir(at('directory'));
  await symlink('nowhere', at('dangling'));
  await symlink('loop', at('loop'));
  execFileSync('mkfifo', [at('pipe')]);
  await writeFile(at('naïve.txt'), 'x');
  await writeFile(at('only here.txt'), 'content that Synapse does not have');
  await writeFile(at('also stored.txt'), 'content that is stored');
  return at;
}

async function planted(at: (name: string) => string, socket: string): Promise<Planted[]> {
  const folder = await syn.store(new Folder({ name: 'planted', parent: project }));
  let next = 0;
  const row = (members: Row = {}): Row => {
    next += 1;
    return { path: at(`f${next}.txt`), parentId: folder.id, ...members };
  };
  const bad = (column: string, value: string, message: RegExp): Planted => ({
    row: row({ [column]: value }),
    column,
    message,
  });
  return [
    bad('path', at('missing.txt'), /no such file/),
    bad('path', at('empty.txt'), /is empty/),
    bad('path', at('directory'), /is a directory/),
    bad('path', at('dangling'), /a link to nowhere, which leads nowhere/),
    bad('path', at('loop'), /a link to loop, which leads back to itself/),
    bad('path', at('pipe'), /a named pipe/),
    bad('path', socket, /a socket/),
    bad('path', '', /cell is blank/),
    bad('path', at('naïve.txt'), /does not accept the name "naïve.txt"/),
    bad('name', 'a/b', /does not accept the name "a\/b"/),
    bad('name', 'x'.repeat(257), /at most 256 letters/),
    bad('parentId', '', /cell is blank/),
    bad('parentId', 'syn0', /does not exist/),
    bad('parentId', 'folder', /is not a Synapse id/),
    bad('parentId', `${folder.id}.1`, /write the id without a version/),
    bad('parentId', file.id, /is a FileEntity, not a project or folder/),
    bad('parentId', readOnly, /may not add files/),
    bad('parentId', secret, /may not read it/),
    bad('ID', 'syn0', /does not exist/),
    bad('ID', '12', /is not a Synapse id/),
    bad('ID', `${file.id}.1`, /write the id without a version/),
    bad('ID', folder.id, /is a Folder, not a file/),
    bad('ID', link, /is a Link, not a file/),
    bad('ID', readOnlyFile, /may not change/),
    bad('synapseStore', 'maybe', /expected true, false or a blank cell/),
    bad('forceVersion', 'yes', /expected true, false or a blank cell/),
    bad('count', '9'.repeat(20), /more than 64 bits/),
    bad('counts', '[1.5,9007199254740993]', /would be rounded/),
    bad('tiny', '1e-999', /it would become 0/),
    bad('many', `[${'x,'.repeat(101)}]`, /101 values: Synapse allows 100/),
    bad('used', at('gone.txt'), /not an existing file, a URL or a Synapse id/),
    bad('used', `syn1;${at('only here.txt')}`, /Synapse has no file with its content/),
    bad('executed', 'synapse', /^"synapse" is not an existing file, a URL or a Synapse id/),
    {
      row: { path: at('f1.txt'), parentId: folder.id, name: 'other' },
      column: 'path',
      message: /row \d+ has the same path/,
    },
    { row: row({ name: 'twin' }), column: '', message: /^$/ },
    bad('name', 'twin', /row \d+ has the same name, "twin"/),
    { row: row({ ID: file.id }), column: '', message: /^$/ },
    bad('ID', file.id, /row \d+ has the same id/),
    bad('used', at(`f${next + 1}.txt`), /circle: .*f\d+\.txt -> .*f\d+\.txt$/),
    bad('path', 'https://example.org', /the URL has no file name/),
  ];
}

test('a manifest with planted errors of many kinds reports exactly those, in one go', async () => {
  await withTempDir(async (root) => {
    const at = await placeFiles(root);
    const socket = at('socket');
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(socket, resolve));
    try {
      const all = await planted(at, socket);
      // The row with the same path as another one needs that one.
      const first = { path: at('f1.txt'), parentId: project.id, name: 'the first' };
      const rows = [first, ...all.map(({ row }) => row)];
      const path = at('manifest.csv');
      await writeFile(path, csvOf(rows));
      let problems: PlanProblem[] = [];
      const calls = await clients.calls(async () => {
        ({ problems } = await syn.sync.validateManifest(path));
      });
      const expected = all.flatMap(({ column, message }, index) =>
        column === ''
          ? []
          : [
              {
                row: index + 2,
                column: message.source.startsWith('the URL has') ? 'name' : column,
                value: column === 'many' ? undefined : expect.any(String),
                message: expect.stringMatching(message),
              },
            ],
      );
      const found = problems.map(({ row, column, value, message }) => ({
        row,
        column,
        value,
        message,
      }));
      expect(found).toEqual(expected);
      expect(expected.length).toBeGreaterThanOrEqual(30);
      const writes = calls.filter((call) => /create|update|delete|set|start|add/i.test(call));
      expect(writes).toEqual([]);
    } finally {
      listener.close();
    }
  });
});

describe('a manifest without errors', () => {
  test('names its files, finds those that only Synapse has, and takes few requests', async () => {
    await withTempDir(async (root) => {
      const at = await placeFiles(root);
      const rows: Row[] = Array.from({ length: 50 }, (_, index) => ({
        path: at(`f${index}.txt`),
        parentId: project.id,
        name: index === 0 ? '12345' : '',
        used: index === 0 ? `${at('also stored.txt')};${at('f1.txt')};https://e.org/x` : '',
      }));
      const path = at('manifest.csv');
      await writeFile(path, csvOf(rows));
      const calls = await clients.calls(async () => {
        const { rows: valid, problems, warnings, form } = await syn.sync.validateManifest(path);
        expect({ problems, warnings, form }).toEqual({ problems: [], warnings: [], form: 'csv' });
        expect(valid).toHaveLength(50);
        expect(valid[0]).toMatchObject({
          name: '12345',
          used: [expect.stringMatching(/^syn\d+\.1$/), at('f1.txt'), 'https://e.org/x'],
        });
        expect(valid[1]?.name).toBe('f1.txt');
      });
      expect(calls).toEqual([
        'entity.listEntitiesByMd5',
        'entity.listEntityHeaders',
        'entity.getEntityPermissions',
      ]);
    });
  });

  test('has warnings: names that differ in case only, used entities that do not exist', async () => {
    await withTempDir(async (root) => {
      const at = await placeFiles(root);
      const rows: Row[] = [
        { path: at('f1.txt'), parentId: project.id, name: 'Data.txt' },
        { path: at('f2.txt'), parentId: project.id, name: 'data.txt', used: 'syn0.1' },
      ];
      await writeFile(at('manifest.csv'), csvOf(rows));
      const { problems, warnings } = await syn.sync.validateManifest(at('manifest.csv'));
      expect(problems).toEqual([]);
      expect(warnings).toMatchObject([
        { row: 2, column: 'name', value: 'data.txt' },
        { row: 2, column: 'used', value: 'syn0.1' },
      ]);
    });
  });

  test('can have names that Synapse does not accept, when safe names are asked for', async () => {
    await withTempDir(async (root) => {
      const at = await placeFiles(root);
      await writeFile(at('m.csv'), csvOf([{ path: at('naïve.txt'), parentId: project.id }]));
      const { rows, problems } = await syn.sync.validateManifest(at('m.csv'), { safeNames: true });
      expect(problems).toEqual([]);
      expect(rows[0]?.name).toMatch(/^naive-[\da-f]{8}\.txt$/);
    });
  });
});

const asUser = process.getuid?.() === 0 ? test.skip : test;

asUser('a file that cannot be read is a problem', async () => {
  await withTempDir(async (root) => {
    const at = await placeFiles(root);
    await chmod(at('f1.txt'), 0);
    await writeFile(at('m.csv'), csvOf([{ path: at('f1.txt'), parentId: project.id }]));
    const { problems } = await syn.sync.validateManifest(at('m.csv'));
    expect(problems).toMatchObject([{ row: 1, column: 'path' }]);
  });
});

test('problems of a row do not make problems of others', async () => {
  await withTempDir(async (root) => {
    const at = await placeFiles(root);
    const rows: Row[] = [
      { path: at('f1.txt'), parentId: '', used: at('f2.txt') },
      { path: at('f2.txt'), parentId: project.id, used: at('f1.txt') },
      { path: at('f3.txt'), parentId: project.id, used: at('empty.txt') },
      { path: at('empty.txt'), parentId: project.id },
    ];
    await writeFile(at('m.csv'), csvOf(rows));
    const { rows: valid, problems } = await syn.sync.validateManifest(at('m.csv'));
    expect(problems).toMatchObject([
      { row: 1, column: 'parentId' },
      { row: 4, column: 'path' },
    ]);
    expect(valid.map(({ row }) => row)).toEqual([2, 3]);
  });
});
