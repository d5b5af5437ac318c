import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ConflictError,
  EntityView,
  File,
  Folder,
  Link,
  NetworkError,
  Project,
  Table,
  type Entity,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { runSynapse } from '../cli/runSynapse.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let home: string;
let count = 0;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-lost-'));
  syn = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
  project = await clients.project(syn);
});
afterEach(() => clients.server.conditions.reset());
afterAll(() => rm(home, { recursive: true, force: true }));

const nextName = (): string => `name ${(count += 1)}`;

/** What happens to the first request of an operation. */
type Loss = 'handled, and its answer lost' | 'lost on the way' | 'given up by a gateway';

const losses: readonly Loss[] = [
  'handled, and its answer lost',
  'lost on the way',
  'given up by a gateway',
];

function lose(operation: string, loss: Loss = 'handled, and its answer lost', times = 1): void {
  const fault = { operation, times };
  const faults = {
    'handled, and its answer lost': { ...fault, loseAnswer: true },
    'lost on the way': { ...fault, dropRequestAt: 0 },
    'given up by a gateway': { ...fault, status: 504 },
  };
  clients.server.conditions.set({ faults: [faults[loss]] });
}

function expectMet(): void {
  expect(clients.server.conditions.faultHits()[0]).toBe(1);
}

async function namesIn(parent: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of syn.getChildren(parent)) names.push(name);
  return names;
}

/** Entities of all kinds, and the operation that creates each. */
const entities: readonly [kind: string, operation: string, make: () => Promise<Entity>][] = [
  ['a project', 'entity.createEntity', () => Promise.resolve(new Project({ name: nextName() }))],
  [
    'a folder',
    'entity.createEntity',
    () => Promise.resolve(new Folder({ name: nextName(), parent: project })),
  ],
  [
    'a folder with annotations',
    'entityBundle.createEntityBundle',
    () => Promise.resolve(new Folder({ name: nextName(), parent: project, annotations: { a: 1 } })),
  ],
  [
    'a folder with spaces around its name',
    'entity.createEntity',
    () => Promise.resolve(new Folder({ name: `  ${nextName()} `, parent: project })),
  ],
  [
    'a file',
    'entity.createEntity',
    async () => new File({ path: await clients.file(nextName(), nextName()), parent: project }),
  ],
  [
    'a table',
    'entity.createEntity',
    () =>
      Promise.resolve(
        new Table({
          name: nextName(),
          parent: project,
          columns: { a: 'STRING' },
          description: 'd',
        }),
      ),
  ],
  [
    'a view',
    'entity.createEntity',
    () =>
      Promise.resolve(
        new EntityView({ name: nextName(), parent: project, scope: [project], types: ['file'] }),
      ),
  ],
  [
    'a link',
    'entity.createEntity',
    async () => {
      const folder = await syn.store(new Folder({ name: nextName(), parent: project }));
      const target = await syn.store(new Folder({ name: nextName(), parent: folder }));
      return new Link({ name: nextName(), target, parent: project });
    },
  ],
];

describe.each(losses)('the request for a new entity that is %s', (loss) => {
  test.each(entities)('stores %s once', async (_kind, operation, make) => {
    const entity = await make();
    lose(operation, loss);
    const stored = await syn.store(entity);
    expectMet();
    const again = await syn.get(stored.id, { downloadFile: false });
    expect(again).toMatchObject({ id: stored.id, name: stored.name, etag: stored.etag });
    expect(again.annotations).toEqual(entity.annotations);
    if (!(entity instanceof Project)) {
      const names = await namesIn(project.id);
      expect(names.filter((name) => name === stored.name)).toHaveLength(1);
    }
  });

  test('stores it with createOrUpdate: false, too', async () => {
    lose('entity.createEntity', loss);
    const entity = new Folder({ name: nextName(), parent: project });
    const { id } = await syn.store(entity, { createOrUpdate: false });
    expectMet();
    expect(await syn.findEntityId(entity.name ?? '', project)).toBe(id);
  });
});

describe('an entity of that name that this call has not created', () => {
  test('is not taken for its own with createOrUpdate: false', async () => {
    const name = nextName();
    await syn.store(new Folder({ name, parent: project, description: 'older' }));
    lose('entity.createEntity');
    const other = new Folder({ name, parent: project, description: 'newer' });
    await expect(syn.store(other, { createOrUpdate: false })).rejects.toThrow(ConflictError);
  });

  test('of somebody else is not taken for its own either', async () => {
    const name = nextName();
    const bob = await clients.open('bob');
    await syn.setPermissions(project.id, clients.server.users.bob.userName, {
      accessType: ['READ', 'CREATE'],
    });
    await bob.store(new Folder({ name, parent: project }));
    lose('entity.createEntity', 'lost on the way');
    const mine = new Folder({ name, parent: project });
    await expect(syn.store(mine, { createOrUpdate: false })).rejects.toThrow(ConflictError);
  });
});

test('a service that does not come back is an error', async () => {
  lose('entity.createEntity', 'lost on the way', 5);
  const folder = new Folder({ name: nextName(), parent: project });
  await expect(syn.store(folder)).rejects.toThrow(NetworkError);
});

describe('other requests that create something', () => {
  test.each(losses)('an activity that is %s', async (loss) => {
    lose('activity.createActivity', loss);
    const stored = await syn.store(new Folder({ name: nextName(), parent: project }), {
      activity: { name: 'work', used: [project.id] },
    });
    expectMet();
    expect(await syn.getProvenance(stored.id)).toMatchObject({ name: 'work' });
  });

  test.each(losses)('an external file handle that is %s', async (loss) => {
    lose('file.createExternalFileHandle', loss);
    const externalUrl = 'https://example.org/x.txt';
    const file = await syn.store(new File({ name: nextName(), externalUrl, parent: project }));
    expectMet();
    expect(file.fileHandle).toMatchObject({ externalURL: externalUrl });
  });

  test.each(losses)('a copy of a file handle that is %s', async (loss) => {
    const file = new File({ path: await clients.file(nextName(), nextName()), parent: project });
    const stored = await syn.store(file);
    stored.contentType = 'text/x-other';
    lose('file.copyFileHandleBatch', loss);
    await syn.store(stored);
    expectMet();
    expect((await syn.get(stored.id, { downloadFile: false })) as File).toMatchObject({
      contentType: 'text/x-other',
      versionNumber: 2,
    });
  });

  test.each(losses)('an access control list that is %s', async (loss) => {
    const folder = await syn.store(new Folder({ name: nextName(), parent: project }));
    const { userName } = clients.server.users.carol;
    lose('entity.createEntityAcl', loss);
    const set = syn.setPermissions(folder.id, userName);
    if (loss === 'handled, and its answer lost') await set;
    // It is not there: the same call again may create it.
    else await set.catch(() => syn.setPermissions(folder.id, userName));
    expectMet();
    expect(await syn.getAcl(folder.id, { principal: userName })).toContain('READ');
  });

  test('an access requirement whose answer is lost', async () => {
    lose('accessRequirement.createLockAccessRequirement');
    const folder = new Folder({ name: nextName(), parent: project });
    const { id } = await syn.store(folder, { isRestricted: true });
    expectMet();
    const page = { id, offset: 0, limit: 10 };
    const { services } = syn;
    const { results } = await services.accessRequirement.listEntityAccessRequirements(page);
    expect(results).toHaveLength(1);
  });

  test('the completion of an upload', async () => {
    lose('file.completeMultipartUpload');
    const path = await clients.file(nextName(), nextName());
    await syn.store(new File({ path, parent: project }));
    expectMet();
  });
});

describe('the command line', () => {
  const run = (args: string[]): ReturnType<typeof runSynapse> => {
    const { endpoint, users } = clients.server;
    const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users.alice.authToken };
    return runSynapse(args, { home, env });
  };

  test.each(losses)('creates a folder whose request is %s', async (loss) => {
    const name = nextName();
    lose('entity.createEntity', loss);
    const args = ['create', 'Folder', '--name', name, '--parent-id', project.id];
    const { status, stdout } = await run([...args, '--description', 'words']);
    expectMet();
    expect([status, stdout]).toEqual([0, expect.stringContaining('Created entity: syn')]);
    expect(await namesIn(project.id)).toContain(name);
  });

  test('writes a description whose answer is lost', async () => {
    lose('wikiV1.createEntityWikiPageV1');
    const args = ['create', 'Folder', '--name', nextName(), '--parent-id', project.id];
    const { status, stdout } = await run([...args, '--description', 'words']);
    expectMet();
    expect(status).toBe(0);
    const ownerId = /syn\d+/.exec(stdout)?.[0] ?? '';
    const page = await syn.services.wikiV1.getEntityRootWikiPageV1({ ownerId });
    expect(page.markdown).toBe('words');
  });

  test('stores a file, and a directory', async () => {
    const name = nextName();
    await writeFile(join(home, name), name);
    lose('entity.createEntity');
    expect((await run(['store', name, '--parent-id', project.id])).status).toBe(0);
    expectMet();
    expect(await namesIn(project.id)).toContain(name);

    const into = await syn.store(new Folder({ name: nextName(), parent: project }));
    await mkdir(join(home, 'directory', 'sub'), { recursive: true });
    await writeFile(join(home, 'directory', 'sub', 'data'), 'data');
    lose('entity.createEntity');
    expect((await run(['store', '-r', 'directory', '--parent-id', into.id])).status).toBe(0);
    expectMet();
    expect(await namesIn(into.id)).toEqual(['sub']);
  });
});
