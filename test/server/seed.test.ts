import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import {
  startLocalSynapse,
  type Fixture,
  type LocalSynapse,
  type LocalSynapseOptions,
} from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { Session } from './entitySession.js';
import { contentUrl, storage } from './filesClient.js';

async function withSeed<T>(
  options: LocalSynapseOptions,
  use: (synapse: LocalSynapse) => Promise<T>,
): Promise<T> {
  const synapse = await startLocalSynapse({ strict: true, onWarning: () => undefined, ...options });
  try {
    const result = await use(synapse);
    expect(synapse.contractViolations).toEqual([]);
    expect(synapse.internalErrors).toEqual([]);
    return result;
  } finally {
    await synapse.close();
  }
}

function as(synapse: LocalSynapse, name: string): Session {
  return new Session(api(synapse, synapse.users[name]?.authToken));
}

/** The entity at a path such as `Study/raw/a.txt`. */
async function idOf(session: Session, path: string): Promise<string> {
  let parentId: string | undefined;
  for (const entityName of path.split('/')) {
    const found = await session.post('/entity/child', { parentId, entityName });
    expect([path, found.status]).toEqual([path, 200]);
    parentId = (found.body as { id: string }).id;
  }
  return parentId ?? '';
}

async function contentOf(session: Session, path: string): Promise<string> {
  const entity = (await session.read(await idOf(session, path))) as M.FileEntity;
  const answer = await storage(await contentUrl(session, entity.dataFileHandleId ?? ''));
  return answer.body.toString();
}

const fixture = `
users:
  - name: dora
    firstName: Dora
    password: secret-of-dora
  - { name: erin, certified: false }
teams:
  - { name: Curators, managers: [dora], members: [erin, bob] }
projects:
  - name: Study
    owner: dora
    description: About it
    annotations:
      tissue: [blood, skin]
      year: 2026
      ratio: 0.5
      mixed: [1, 2.5]
      on: 2026-01-02T03:04:05Z
      open: true
      exact: { type: LONG, value: ['9007199254740993'] }
    access: { Curators: download, public: view, alice: [READ, UPDATE] }
    folders:
      - name: raw
        access: { bob: edit }
        files:
          - { name: inline.txt, content: "Grüße\\n", annotations: { kind: note } }
          - { name: beside.csv, path: data/beside.csv }
    tables:
      - name: people
        columns:
          - { name: name, columnType: STRING, maximumSize: 20 }
          - { name: age, columnType: INTEGER }
          - { name: tags, columnType: STRING_LIST }
        rows:
          - [ann, 41, [a, b]]
          - [bea, null, null]
  - name: Empty
`;

async function writeFixture(directory: string, text = fixture): Promise<string> {
  await mkdir(join(directory, 'data'), { recursive: true });
  await writeFile(join(directory, 'data', 'beside.csv'), 'a,b\n1,2\n');
  await writeFile(join(directory, 'seed.yaml'), text);
  return join(directory, 'seed.yaml');
}

async function rowsOf(session: Session, tableId: string): Promise<unknown> {
  const started = await session.post(`/entity/${tableId}/table/query/async/start`, {
    concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
    entityId: tableId,
    query: { sql: `SELECT * FROM ${tableId}` },
    partMask: 1,
  });
  const { token } = started.body as { token: string };
  for (;;) {
    const answer = await session.get(`/entity/${tableId}/table/query/async/get/${token}`);
    if (answer.status === 202) continue;
    expect(answer).toMatchObject({ status: 201 });
    const { queryResult } = answer.body as M.QueryResultBundle;
    return queryResult?.queryResults?.rows?.map(({ values }) => values);
  }
}

/** What the fixture describes, seen through the API. */
async function expectFixture(synapse: LocalSynapse): Promise<void> {
  const dora = as(synapse, 'dora');
  const { dora: user } = synapse.users;
  expect((await dora.get('/userProfile')).body).toMatchObject({
    ownerId: user?.userId,
    userName: 'dora',
    firstName: 'Dora',
    emails: ['dora@example.org'],
  });
  const id = await idOf(dora, 'Study');
  expect(await dora.read(id)).toMatchObject({ description: 'About it', createdBy: user?.userId });
  const annotations = await dora.get(`/entity/${id}/annotations2`);
  expect((annotations.body as M.Annotations).annotations).toEqual({
    tissue: { type: 'STRING', value: ['blood', 'skin'] },
    year: { type: 'LONG', value: ['2026'] },
    ratio: { type: 'DOUBLE', value: ['0.5'] },
    mixed: { type: 'DOUBLE', value: ['1', '2.5'] },
    on: { type: 'TIMESTAMP_MS', value: [String(Date.UTC(2026, 0, 2, 3, 4, 5))] },
    open: { type: 'BOOLEAN', value: ['true'] },
    exact: { type: 'LONG', value: ['9007199254740993'] },
  });
  expect(await contentOf(dora, 'Study/raw/inline.txt')).toBe('Grüße\n');
  expect(await contentOf(dora, 'Study/raw/beside.csv')).toBe('a,b\n1,2\n');
  expect(await rowsOf(dora, await idOf(dora, 'Study/people'))).toEqual([
    ['ann', '41', '["a", "b"]'],
    ['bea', null, null],
  ]);
}

describe('a fixture', () => {
  test('becomes everything that it names', async () => {
    await withTempDir(async (directory) => {
      const seed = await writeFixture(directory);
      await withSeed({ seed }, async (synapse) => {
        await expectFixture(synapse);
        const study = await idOf(as(synapse, 'dora'), 'Study');
        const raw = await idOf(as(synapse, 'dora'), 'Study/raw');
        const permissions = async (name: string, id: string) => {
          const { body } = await as(synapse, name).get(`/entity/${id}/permissions`);
          const { canView, canDownload, canEdit } = body as M.UserEntityPermissions;
          return { canView, canDownload, canEdit };
        };
        // Erin is of the team; what is not certified may still download.
        expect(await permissions('erin', study)).toEqual({
          canView: true,
          canDownload: true,
          canEdit: false,
        });
        expect(await permissions('carol', study)).toMatchObject({
          canView: true,
          canDownload: false,
        });
        expect(await permissions('alice', study)).toMatchObject({ canEdit: true });
        expect(await permissions('bob', raw)).toMatchObject({ canEdit: true });
        expect(await permissions('alice', raw)).toMatchObject({ canView: false });
        const login = await new Session(api(synapse)).post('/auth/v1/login2', {
          username: 'dora',
          password: 'secret-of-dora',
        });
        expect(login).toMatchObject({ status: 201 });
        expect(await idOf(as(synapse, 'alice'), 'Empty')).toMatch(/^syn/);
      });
    });
  });

  test('is what an export of it says', async () => {
    await withTempDir(async (directory) => {
      const out = join(directory, 'out');
      const seed = await writeFixture(directory);
      const again = await withSeed({ seed }, async (synapse) => {
        const dora = as(synapse, 'dora');
        await dora.create('link', {
          name: 'a link',
          parentId: await idOf(dora, 'Study'),
          linksTo: { targetId: await idOf(dora, 'Study/raw') },
        });
        const summary = await synapse.exportTo(out);
        expect(summary).toMatchObject({
          entities: 6,
          leftOut: ['Study/a link: a fixture has no link'],
        });
        await expect(synapse.exportTo(out)).rejects.toThrow('is not empty');
        return summary.fixture;
      });
      const { users, ...rest } = JSON.parse(await readFile(again, 'utf8')) as Fixture;
      // Passwords are kept as hashes only.
      const [dora, ...others] = users ?? [];
      const known = { users: [{ ...dora, password: 'secret-of-dora' }, ...others], ...rest };
      await writeFile(again, JSON.stringify(known));
      await withSeed({ seed: again }, async (synapse) => {
        await expectFixture(synapse);
        await synapse.exportTo(join(directory, 'again'));
      });
      const second = await readFile(join(directory, 'again', 'fixture.json'), 'utf8');
      const withoutIds = (text: string) => text.replace(/files\/syn\d+-/g, 'files/');
      expect(JSON.parse(withoutIds(second))).toEqual(
        JSON.parse(withoutIds(JSON.stringify({ users, ...rest }))),
      );
    });
  });

  test('fills a data directory once', async () => {
    await withTempDir(async (dataDir) => {
      const seed: Fixture = { users: [{ name: 'fred' }], projects: [{ name: 'P', owner: 'fred' }] };
      const before = await withSeed({ seed, dataDir }, async (synapse) => {
        const fred = as(synapse, 'fred');
        const id = await idOf(fred, 'P');
        await fred.delete(`/entity/${id}`);
        return synapse.users;
      });
      await withSeed({ seed, dataDir }, async (synapse) => {
        expect(synapse.users).toEqual(before);
        const found = await as(synapse, 'fred').post('/entity/child', { entityName: 'P' });
        expect(found).toMatchObject({ status: 404 });
      });
    });
  });

  test('is not applied to a data directory that has data', async () => {
    await withTempDir(async (dataDir) => {
      await withSeed({ dataDir }, (synapse) => as(synapse, 'bob').create('project', { name: 'B' }));
      const warnings: string[] = [];
      const onWarning = (message: string) => warnings.push(message);
      const seed = { projects: [{ name: 'P' }] };
      await withSeed({ seed, dataDir, onWarning }, async (synapse) => {
        const found = await as(synapse, 'alice').post('/entity/child', { entityName: 'P' });
        expect(found).toMatchObject({ status: 404 });
      });
      expect(warnings).toEqual([
        'The data directory has data already: the seed the seed was not applied.',
      ]);
    });
  });
});

describe('a directory', () => {
  test('becomes a project with its folders and files', async () => {
    await withTempDir(async (directory) => {
      const seed = join(directory, 'my data');
      await mkdir(join(seed, 'sub', 'deeper'), { recursive: true });
      await writeFile(join(seed, 'a.json'), '{}');
      await writeFile(join(seed, 'sub', 'deeper', 'b.txt'), 'b');
      await writeFile(join(seed, '.hidden'), 'h');
      await writeFile(join(seed, 'empty.txt'), '');
      await symlink('/etc', join(seed, 'elsewhere'));
      const warnings: string[] = [];
      const onWarning = (message: string) => warnings.push(message);
      await withSeed({ seed, onWarning }, async (synapse) => {
        const alice = as(synapse, 'alice');
        expect(await contentOf(alice, 'my data/sub/deeper/b.txt')).toBe('b');
        const file = await alice.read(await idOf(alice, 'my data/a.json'));
        const handle = await alice.get(`/file/v1/fileHandle/${file.dataFileHandleId ?? ''}`);
        expect(handle.body).toMatchObject({ contentType: 'application/json' });
        const children = await alice.post('/entity/children', {
          parentId: await idOf(alice, 'my data'),
          includeTypes: ['folder', 'file'],
        });
        const { page } = children.body as M.EntityChildrenResponse;
        expect(page.map(({ name }) => name)).toEqual(['a.json', 'sub']);
      });
      expect(warnings.sort()).toEqual([
        `${join(seed, 'elsewhere')} is left out of the seed: it is neither a file nor a directory.`,
        `${join(seed, 'empty.txt')} is left out of the seed: it is empty, and Synapse has no empty files.`,
      ]);
    });
  });
});

describe('a seed that is none', () => {
  test.each([
    ['users: dora', "In SEED: users must be a list, not 'dora'."],
    ['projects: [{ name: 7 }]', 'In SEED: projects[0].name must be a name, not 7.'],
    ['projects: [{ nam: x }]', "In SEED: projects[0] has an unknown key 'nam'. Known are: "],
    ['projects: [{ description: x }]', "In SEED: projects[0] lacks 'name'."],
    [
      'projects: [{ name: P, files: [{ name: f }] }]',
      "In SEED: projects[0].files[0] needs either 'content' or 'path'.",
    ],
    [
      'projects: [{ name: P, access: { bob: all } }]',
      "In SEED: projects[0].access.bob must be 'view', 'download', 'edit', 'edit-delete', 'admin' or a list of rights",
    ],
    ['__proto__: { a: 1 }', "In SEED: The seed has an unknown key '__proto__'."],
    ['projects: [', 'SEED is not valid YAML: '],
    ['users: [{ name: alice }]', 'In SEED, user alice: The email address alice@example.org'],
    ['users: [{ name: a }]', "In SEED, user a: Invalid user name: 'a'."],
    [
      'teams: [{ name: Team, members: [nobody] }]',
      "In SEED, team Team: There is no user 'nobody'.",
    ],
    ['projects: [{ name: P, owner: eve }]', "In SEED, P: There is no user 'eve'."],
    ['projects: [{ name: "a/b" }]', "In SEED, a/b: Invalid Name: 'a/b'."],
    [
      'projects: [{ name: P }, { name: P }]',
      'In SEED, P: An entity with the name: P already exists',
    ],
    [
      'projects: [{ name: P, access: { bob: [FLY] } }]',
      'In SEED: projects[0].access.bob[0] must be one of CREATE, ',
    ],
    [
      'projects: [{ name: P, annotations: { a: [1, x] } }]',
      "In SEED, P: The values of the annotation 'a' are not of one type.",
    ],
    [
      'projects: [{ name: P, folders: [{ name: F, files: [{ name: f, path: missing.txt }] }] }]',
      'In SEED, P/F/f: ENOENT',
    ],
    [
      'projects: [{ name: P, files: [{ name: f, content: "" }] }]',
      'In SEED, P/f: Synapse has no empty files.',
    ],
    [
      'projects: [{ name: P, tables: [{ name: T, columns: [{ name: a, columnType: INTEGER }], rows: [[1], [x]] }] }]',
      'In SEED, P/T: Row 2 has "x" as a, which is no INTEGER: ',
    ],
    [
      'projects: [{ name: P, tables: [{ name: T, columns: [{ name: a, columnType: NUMBER }] }] }]',
      'In SEED: projects[0].tables[0].columns[0].columnType must be one of ',
    ],
  ])('%s is refused with its place', async (text, message) => {
    await withTempDir(async (directory) => {
      const seed = await writeFixture(directory, text);
      const dataDir = join(directory, 'server');
      await expect(startLocalSynapse({ seed, dataDir })).rejects.toThrow(
        message.replace('SEED', seed),
      );
      const blobs = join(dataDir, 'blobs');
      const left = await readdir(blobs, { recursive: true, withFileTypes: true }).catch(() => []);
      expect(left.filter((entry) => entry.isFile())).toEqual([]);
      await withSeed({ dataDir, seed: { projects: [{ name: 'P' }] } }, async (synapse) => {
        expect(await idOf(as(synapse, 'alice'), 'P')).toMatch(/^syn/);
      });
    });
  });

  test('of another form is refused', async () => {
    await withTempDir(async (directory) => {
      const missing = join(directory, 'missing.yaml');
      await expect(startLocalSynapse({ seed: missing })).rejects.toThrow(
        `The seed ${missing} cannot be read: it does not exist.`,
      );
      const text = join(directory, 'seed.txt');
      await writeFile(text, 'users: []');
      await expect(
        startLocalSynapse({ seed: text, dataDir: join(directory, 'd') }),
      ).rejects.toThrow(`The seed ${text} must be a directory, or a .json, .yaml or .yml file.`);
      expect((await readdir(directory)).sort()).toEqual(['seed.txt']);
    });
  });
});
