import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { File, Folder, Project, Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();
let home: string;
let syn: Synapse;
let projectId: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-everyday-'));
  syn = clientOf();
  await syn.login({ authToken: server.synapse.authToken });
  ({ id: projectId } = await syn.store(new Project({ name: 'Everyday' })));
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

function clientOf(): Synapse {
  const { endpoint } = server.synapse;
  const configPath = join(home, 'none');
  return new Synapse({ endpoint, configPath, environment: {}, useCache: false });
}

function synapse(args: string[], authToken: string | undefined = server.synapse.authToken) {
  const { endpoint } = server.synapse;
  return runSynapse(args, {
    home,
    env: { SYNAPSE_ENDPOINT: endpoint, ...(authToken && { SYNAPSE_AUTH_TOKEN: authToken }) },
  });
}

async function folder(name: string, parentId = projectId): Promise<string> {
  return (await syn.store(new Folder({ name, parentId }))).id;
}

async function file(name: string, content: string, parentId = projectId): Promise<string> {
  const path = join(home, name);
  await writeFile(path, content);
  return (await syn.store(new File({ path, parentId }))).id;
}

describe('delete', () => {
  test('of what is not there ends with 4 and does not say that it was deleted', async () => {
    const id = await folder('deleted once');
    expect(await synapse(['delete', id])).toEqual({
      status: 0,
      stdout: `Deleted entity: ${id}\n`,
      stderr: '',
    });
    for (const missing of [id, 'syn999999999', `${id}.1`]) {
      const again = await synapse(['delete', missing]);
      expect(again).toMatchObject({ status: 4, stdout: '' });
      expect(again.stderr).toMatch(/^synapse delete: .*(trash can|does not exist)/);
    }
  });

  test('of a version names the version, and cannot be repeated', async () => {
    const id = await file('versions.txt', 'one');
    await syn.store(new File({ id, versionComment: 'two' }), { versionLabel: 'two' });
    const line = `Deleted entity ${id}, version 1\n`;
    expect(await synapse(['delete', `${id}.1`])).toEqual({ status: 0, stdout: line, stderr: '' });
    for (const args of [[`${id}.1`], [id, '-v', '1'], [id, '--version', '9']]) {
      expect(await synapse(['delete', ...args])).toMatchObject({ status: 4, stdout: '' });
    }
    expect(await synapse(['delete', `${id}.1`, '-v', '2'])).toMatchObject({ status: 2 });
  });

  test('of several reports each, and ends with 5 when some are not there', async () => {
    const [a, b, c] = [await folder('a'), await folder('b'), await folder('c')];
    const ended = await synapse(['delete', a, 'syn999999999', b, a]);
    expect(ended).toMatchObject({
      status: 5,
      stdout: `Deleted entity: ${a}\nDeleted entity: ${b}\n`,
    });
    expect(ended.stderr).toContain('2 were not deleted:\n  syn999999999: ');
    expect(ended.stderr).toContain(`\n  ${a}: Entity ${a} is in trash can.`);

    // All ids are checked before anything is deleted.
    expect(await synapse(['delete', c, 'nonsense'])).toMatchObject({ status: 2, stdout: '' });
    const listed = await synapse(['delete', c, 'syn999999999', '--json']);
    expect(listed.status).toBe(5);
    expect(JSON.parse(listed.stdout)).toEqual([{ id: c }]);
  });
});

describe('create', () => {
  test.each([
    ['folder', 'Folder'],
    ['FOLDER', 'Folder'],
    ['Folders', 'Folder'],
    ['project', 'Project'],
    ['PROJECT', 'Project'],
    ['org.sagebionetworks.repo.model.Project', 'Project'],
  ])('%s makes a %s', async (typed, type) => {
    const name = `made by ${typed}`;
    const where = type === 'Folder' ? ['--parent-id', projectId] : [];
    const { stdout } = await synapse(['create', typed, '--name', name, '--json', ...where]);
    const { id } = JSON.parse(stdout) as { id: string };
    expect((await syn.get(id)).concreteType).toBe(`org.sagebionetworks.repo.model.${type}`);
  });

  test.each([
    ['Foldr', 'There is no type "Foldr" to create. Did you mean Folder?'],
    ['thing', 'There is no type "thing" to create. Use Project or Folder.'],
    ['file', 'For the type "file", use `synapse store FILE`.'],
    ['File View', 'For the type "File View", use `synapse api entity.createEntity --body JSON`.'],
    ['toString', 'There is no type "toString" to create.'],
  ])('%s is refused', async (typed, message) => {
    const ended = await synapse(['create', typed, '--name', 'x']);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
  });

  test('says which types there are', async () => {
    const { stderr } = await synapse(['create']);
    expect(stderr).toBe('synapse create: Missing TYPE (Project or Folder)\n');
  });

  test('of an existing name says that it exists', async () => {
    const id = await folder('existing');
    const ended = await synapse([
      'create',
      'folder',
      '--name',
      'existing',
      '--parent-id',
      projectId,
    ]);
    expect(ended).toEqual({
      status: 0,
      stdout: `Created entity: ${id}\texisting\n`,
      stderr: 'A folder of that name already exists: it is used.\n',
    });
  });
});

describe('list', () => {
  let lister: { authToken: string };
  let ids: Record<'project' | 'raw' | 'counts' | 'link', string>;
  beforeAll(async () => {
    lister = await server.synapse.createUser({ username: 'lister' });
    const client = clientOf();
    await client.login({ authToken: lister.authToken });
    const project = await client.store(new Project({ name: 'Of the lister' }));
    await client.close();
    await syn.setPermissions(projectId, 'PUBLIC');
    const admin = clientOf();
    await admin.login({ authToken: server.synapse.users.admin.authToken });
    const raw = await admin.store(new Folder({ name: 'raw', parent: project }));
    const path = join(home, 'counts.csv');
    await writeFile(path, 'x'.repeat(1536));
    const counts = await admin.store(new File({ path, parent: raw }));
    const link = await admin.store(
      new File({ externalUrl: 'https://example.org/a.csv', parent: project }),
    );
    await admin.close();
    ids = { project: project.id, raw: raw.id, counts: counts.id, link: link.id };
  });

  const list = (...args: string[]): Promise<Ended> => synapse(['list', ...args], lister.authToken);

  test('without an id shows the own projects, not all that are public', async () => {
    expect(await list()).toEqual({
      status: 0,
      stdout: `${ids.project}  Of the lister/\n`,
      stderr: '',
    });
    expect((await list('-r')).stdout).toBe(
      [
        `${ids.project}  Of the lister/`,
        `${ids.link}    a.csv`,
        `${ids.raw}    raw/`,
        `${ids.counts}      counts.csv`,
        '',
      ].join('\n'),
    );
    const [first] = JSON.parse((await list('--json')).stdout) as unknown[];
    expect(first).toMatchObject({ id: ids.project, name: 'Of the lister', depth: 0 });
  });

  test('of a file is refused', async () => {
    const ended = await list(ids.counts);
    expect(ended).toEqual({
      status: 2,
      stdout: '',
      stderr: `synapse list: ${ids.counts} (counts.csv) is not a project or folder: see \`synapse show ${ids.counts}\`.\n`,
    });
  });

  test('without an id needs a login', async () => {
    expect(await synapse(['list'], '')).toMatchObject({ status: 3, stdout: '' });
  });

  test('without projects says how to create one', async () => {
    const { authToken } = await server.synapse.createUser({ username: 'newcomer' });
    expect(await synapse(['list'], authToken)).toEqual({
      status: 0,
      stdout: '',
      stderr: 'You have no projects. Create one: synapse create Project --name NAME\n',
    });
  });

  test('--long prints the lines of the Python client, and sizes with --json', async () => {
    const { stdout } = await list('-r', '--long', ids.project);
    const times = /\d{4}-\d\d-\d\d \d\d:\d\d/g;
    expect(stdout.replaceAll(times, 'YYYY-MM-DD hh:mm').split('\n')).toEqual([
      `${ids.link}   1               admin YYYY-MM-DD hh:mm  a.csv`,
      `${ids.raw}   1               admin YYYY-MM-DD hh:mm  raw/`,
      `${ids.counts}   1               admin YYYY-MM-DD hh:mm    counts.csv`,
      '',
    ]);
    const listed = JSON.parse((await list('-lr', ids.project, '--json')).stdout) as object[];
    expect(listed).toContainEqual(
      expect.objectContaining({ id: ids.counts, depth: 1, contentSize: 1536 }),
    );
  });
});
