import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { File, Folder, Project, Synapse, type Stored } from '../../src/index.js';
import { requireTerms } from '../downloadList/listWorld.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let project: Project & Stored;
let first: File & Stored;
let second: File & Stored;

beforeAll(async () => {
  const { syn } = commands;
  project = await syn.store(new Project({ name: 'Lists' }));
  const folder = await syn.store(new Folder({ name: 'Folder', parent: project }));
  const store = async (parent: (Project | Folder) & Stored, content: string) => {
    const path = join(commands.home, 'data.txt');
    await writeFile(path, content);
    return syn.store(new File({ path, parent, name: 'data.txt' }));
  };
  first = await store(project, 'first');
  second = await store(folder, 'second');
});

beforeEach(() => commands.syn.downloadList.clear());

test('files are collected, shown, removed and cleared', async () => {
  expect(await commands.run(['download-list', 'add', project.id])).toEqual({
    status: 0,
    stdout: 'Added: 2\n',
    stderr: '',
  });
  const again = await commands.run(['download-list', 'add', `${first.id}.1`, second.id]);
  expect(again).toEqual({ status: 0, stdout: 'Added: 1\n', stderr: 'On the list already: 1\n' });
  const list = await commands.run(['download-list', 'list']);
  expect(list.stdout).toBe(
    [
      'ID           VERSION  SIZE  PROJECT  NAME',
      `${first.id}  1        5     Lists    data.txt`,
      `${second.id}  1        6     Lists    data.txt`,
      `${second.id}  current  6     Lists    data.txt`,
      '',
    ].join('\n'),
  );
  expect(list.stderr).toBe('3 files to download (17 B)\n');
  const removed = await commands.run(['download-list', 'remove', second.id, 'syn99']);
  expect(removed).toEqual({ status: 0, stdout: 'Removed: 2\n', stderr: 'Not on the list: 1\n' });
  const refused = await commands.run(['download-list', 'clear']);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('add --yes');
  expect(await commands.run(['download-list', 'clear', '--yes'])).toMatchObject({
    status: 0,
    stdout: 'Cleared the download list\n',
  });
});

test('what cannot be added is listed, with status 5', async () => {
  const ended = await commands.run(['download-list', 'add', first.id, 'syn999']);
  expect(ended).toMatchObject({ status: 5, stdout: 'Added: 1\n' });
  expect(ended.stderr).toContain('One was not added:\n  syn999: syn999 does not exist');
  const json = await commands.run(['download-list', 'add', first.id, 'syn999', '--json']);
  expect(json.status).toBe(5);
  expect(JSON.parse(json.stdout)).toMatchObject({ added: 0, failed: [{ name: 'syn999' }] });
  expect(await commands.run(['download-list', 'add'])).toMatchObject({ status: 2 });
});

test('get-download-list downloads into the directory, prints the manifest, and empties the list', async () => {
  await commands.syn.downloadList.add(project);
  const ended = await commands.run(['get-download-list', '--downloadLocation', 'data']);
  expect(ended.status).toBe(0);
  const [, manifest = ''] =
    /^Manifest file: (data\/manifest_\d{19}\.csv)\n$/.exec(ended.stdout) ?? [];
  expect(await readFile(join(commands.home, manifest), 'utf8')).toMatch(/,path,error\r\n/);
  expect(ended.stderr).toMatch(/2 downloaded \(11 B\) in/);
  const names = (await readdir(join(commands.home, 'data'))).sort();
  expect(names).toEqual(['data(1).txt', 'data.txt', expect.stringMatching(/^manifest_\d+\.csv$/)]);
  const empty = await commands.run(['get-download-list']);
  expect(empty).toEqual({ status: 0, stdout: '', stderr: 'The download list has no files.\n' });
});

test('a file that cannot be downloaded gives status 5, and what to do', async () => {
  const { server, syn } = commands;
  const { bob, admin } = server.users;
  const other = await syn.store(new Project({ name: 'Terms' }));
  const path = join(commands.home, 'closed.txt');
  await writeFile(path, 'closed');
  const closed = await syn.store(new File({ path, parent: other }));
  await syn.access.set(other, 'bob');
  const administrator = new Synapse({ endpoint: server.endpoint, environment: {} });
  await administrator.login({ authToken: admin.authToken });
  const requirement = await requireTerms(administrator, closed.id);
  await administrator.close();
  const env = { SYNAPSE_ENDPOINT: server.endpoint, SYNAPSE_AUTH_TOKEN: bob.authToken };
  await commands.run(['download-list', 'add', closed.id], { env });
  const list = await commands.run(['download-list', 'list'], { env });
  expect(list).toMatchObject({ status: 0, stdout: '' });
  expect(list.stderr).toContain(`1 files: meet the access requirement ${requirement}: read and`);
  const ended = await commands.run(['get-download-list'], { env });
  expect(ended).toMatchObject({ status: 5, stdout: '' });
  expect(ended.stderr).toContain(
    `one more file of the list: meet the access requirement ${requirement}: read and accept it`,
  );
  const json = await commands.run(['get-download-list', '--json'], { env });
  expect(json.status).toBe(5);
  expect(JSON.parse(json.stdout)).toMatchObject({ blocked: 1, done: [], failed: [] });
});

test('the manifest of the list is written, and not over an existing file', async () => {
  await commands.syn.downloadList.add(first);
  expect(await commands.run(['download-list', 'manifest', 'list.csv'])).toMatchObject({
    status: 0,
  });
  expect(await readFile(join(commands.home, 'list.csv'), 'utf8')).toContain(first.id);
  expect(await commands.run(['download-list', 'manifest', 'list.csv'])).toMatchObject({
    status: 1,
  });
  const again = await commands.run(['download-list', 'manifest', 'list.csv', '--overwrite']);
  expect(again).toMatchObject({ status: 0 });
});
