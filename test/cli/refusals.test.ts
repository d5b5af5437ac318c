import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { File, Folder, Link, Project, Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();
let home: string;
let syn: Synapse;
let project: { id: string };
let fileId: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-refusals-'));
  syn = clientOf();
  await syn.login({ authToken: server.synapse.authToken });
  project = await syn.store(new Project({ name: 'Tests of refusals' }));
  fileId = await stored('refused.txt', 'content that is refused');
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

function clientOf(): Synapse {
  const { endpoint } = server.synapse;
  return new Synapse({
    endpoint,
    configPath: join(home, 'none'),
    environment: {},
    useCache: false,
  });
}

async function stored(name: string, content: string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, content);
  return (await syn.store(new File({ path, parentId: project.id }))).id;
}

/** With a cache of its own: what one user has downloaded is of no use to another. */
async function synapse(args: string[], authToken = server.synapse.authToken): Promise<Ended> {
  const env = {
    SYNAPSE_ENDPOINT: server.synapse.endpoint,
    SYNAPSE_AUTH_TOKEN: authToken,
    SYNAPSE_CACHE_DIR: await mkdtemp(join(home, 'cache-')),
  };
  return runSynapse(args, { home, env });
}

function inOneLine({ status, stdout, stderr }: Ended): string {
  expect({ status, stdout }).toEqual({ status: expect.any(Number), stdout: '' });
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr.trimEnd();
}

async function tokenWith(...scope: ('view' | 'download' | 'modify')[]): Promise<string> {
  const client = clientOf();
  // A personal access token cannot make others.
  await client.login({ username: 'alice', password: 'alice-password' });
  const { token } = await client.services.authentication.createPersonalAccessToken({
    body: { name: scope.join(' '), scope },
  });
  await client.close();
  return token;
}

test('without the DOWNLOAD permission the error says how to ask for it', async () => {
  const { bob } = server.synapse.users;
  await syn.setPermissions(project.id, bob.userId, { accessType: ['READ'] });
  for (const args of [
    ['get', fileId, 'there'],
    ['cat', fileId],
    ['head', fileId],
  ]) {
    const ended = await synapse(args, bob.authToken);
    expect(ended.status).toBe(1);
    expect(inOneLine(ended)).toContain(
      `You may see ${fileId} (refused.txt) but not download it: you lack the DOWNLOAD permission. Its page, `,
    );
    expect(ended.stderr).toContain(
      `Synapse:${fileId}, shows who created it: ask them for the permission.`,
    );
  }
});

test('a token without the scope that is needed is refused before anything is sent', async () => {
  const viewer = await tokenWith('view');
  const batches = server.synapse.requests.count('file.getFileHandleBatch');
  const ended = await synapse(['get', fileId, 'there'], viewer);
  expect(ended.status).toBe(1);
  expect(inOneLine(ended)).toContain(
    `The access token lacks the scope "download" (it has: view), so ${fileId} (refused.txt) cannot be downloaded.`,
  );
  expect(server.synapse.requests.count('file.getFileHandleBatch')).toBe(batches);

  const path = join(home, 'new.txt');
  await writeFile(path, 'new');
  const store = await synapse(['store', path, '--parent-id', project.id], viewer);
  expect(store.status).toBe(1);
  expect(inOneLine(store)).toMatch(
    /lacks the scope "modify" .it has: view.*Personal Access Tokens/,
  );
});

test('an access requirement that is not met is listed with its link', async () => {
  const id = await stored('terms.txt', 'content with terms');
  const admin = clientOf();
  await admin.login({ authToken: server.synapse.users.admin.authToken });
  const requirement = await admin.services.accessRequirement.createAccessRequirement({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
      subjectIds: [{ id, type: 'ENTITY' }],
      accessType: 'DOWNLOAD',
      name: 'Terms',
      termsOfUse: 'Be nice.',
    },
  });
  await admin.close();
  const ended = await synapse(['get', id, 'there']);
  expect(ended.status).toBe(1);
  expect(inOneLine(ended)).toContain(
    `${id} (terms.txt) cannot be downloaded before its access requirements are met (access requirement ${requirement.id}): read`,
  );
  expect(ended.stderr).toContain(`AccessRequirements:ID=${id}&TYPE=ENTITY\n`);
});

test('a user who is not certified is told to become so', async () => {
  const { carol } = server.synapse.users;
  const made = await synapse(
    ['create', 'Project', '--name', 'Of carol', '--json'],
    carol.authToken,
  );
  const { id } = JSON.parse(made.stdout) as { id: string };
  const ended = await synapse(
    ['create', 'Folder', '--name', 'x', '--parent-id', id],
    carol.authToken,
  );
  expect(ended.status).toBe(1);
  expect(inOneLine(ended)).toMatch(/Only certified users .*take the quiz/);
  expect(ended.stderr).not.toContain('Request access');
});

test('an id without a file is refused with what it is instead', async () => {
  const folder = await syn.store(new Folder({ name: 'No file', parent: project.id }));
  const link = await syn.store(new Link({ name: 'A link', target: fileId, parentId: folder.id }));
  const ofFolder = await synapse(['get', folder.id]);
  expect(ofFolder.status).toBe(2);
  expect(inOneLine(ofFolder)).toBe(
    `synapse get: ${folder.id} (No file) is a Folder, not a file: add --recursive to get all files in it.`,
  );
  const ofLink = await synapse(['get', link.id]);
  expect(ofLink.status).toBe(2);
  expect(inOneLine(ofLink)).toContain('is a Link, not a file: add --follow-link');
  expect((await synapse(['get', link.id, 'followed', '--follow-link', '--quiet'])).status).toBe(0);

  const linkOnly = await synapse(['get', '-r', folder.id, 'empty']);
  expect(linkOnly).toMatchObject({ status: 0, stdout: '' });
  expect(linkOnly.stderr).toContain(`left out A link (${link.id}): links are not followed`);
  expect(linkOnly.stderr).not.toContain('has no files');
});

test('a folder without files is said to have none', async () => {
  const folder = await syn.store(new Folder({ name: 'Empty', parent: project.id }));
  expect(await synapse(['get', '-r', folder.id, 'empty'])).toEqual({
    status: 0,
    stdout: '',
    stderr: `${folder.id} (Empty) has no files.\n`,
  });
});

test('a file that is taken for a folder is downloaded all the same', async () => {
  const into = join(home, 'recursive');
  const ended = await synapse(['get', '-r', fileId, into, '--quiet']);
  expect(ended).toEqual({ status: 0, stdout: `Creating ${into}/refused.txt\n`, stderr: '' });
});

test('a directory that is given as a file is refused', async () => {
  const directory = join(home, 'directory');
  await mkdir(directory);
  const ended = await synapse(['store', directory, '--parent-id', project.id]);
  expect(ended.status).toBe(2);
  expect(inOneLine(ended)).toBe(
    `synapse store: ${directory} is a directory: add --recursive to store everything in it.`,
  );
});

test('a file that is kept is reported once', async () => {
  const into = join(home, 'kept');
  await mkdir(into);
  await writeFile(join(into, 'refused.txt'), 'mine');
  const ended = await synapse(['get', fileId, into, '--if-collision', 'keep.local']);
  expect(ended).toEqual({
    status: 0,
    stdout: '',
    stderr: 'skipped refused.txt: an existing file of that name is kept\n',
  });
  expect(await readdir(into)).toEqual(['refused.txt']);
});

test('local files stand for what Synapse has of them', async () => {
  const path = join(home, 'refused.txt');
  const found = await synapse(['get', path]);
  expect(found).toEqual({
    status: 0,
    stdout: `Associated file: ${path} with synapse ID ${fileId}\nCreating ${path}\n`,
    stderr: '',
  });
  const made = join(home, 'made.txt');
  await writeFile(made, 'made of another');
  const args = ['store', made, '--parent-id', project.id, '--json', '--used', path];
  const ended = await synapse([...args, '--executed', 'https://example.org/run']);
  const { id } = JSON.parse(ended.stdout) as { id: string };
  const activity = await syn.getProvenance(id);
  expect(activity?.used).toMatchObject([
    { reference: { targetId: fileId, targetVersionNumber: 1 }, wasExecuted: false },
    { url: 'https://example.org/run', wasExecuted: true },
  ]);

  await writeFile(made, 'unknown to Synapse');
  const unknown = await synapse(['store', path, '--id', fileId, '--used', made]);
  expect(unknown.status).toBe(4);
  expect(inOneLine(unknown)).toContain(`Synapse has no file with the content of ${made}`);
});
