import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { File, Folder, Project } from '../../src/index.js';
import { withCommands } from './withCommands.js';
import type { Ended } from './runSynapse.js';

const commands = withCommands();
const run = (words: string, ...more: string[]): Promise<Ended> =>
  commands.run(['storage', ...words.split(' '), ...more]);

async function created(words: string, ...more: string[]): Promise<string> {
  const { stdout } = await run(`create ${words}`, ...more);
  const [, id = ''] = /^Created storage location: (\d+)\t\w+\n$/.exec(stdout) ?? [];
  expect(id).not.toBe('');
  return id;
}

test('locations are created, set, shown and reset', async () => {
  const { syn } = commands;
  const project = await syn.store(new Project({ name: "Mice (wild) + 'tame'" }));
  const folder = await syn.store(new Folder({ name: 'raw', parent: project }));
  const bucket = await created(
    'externalS3 --bucket lab-data --base-key mice --banner Hi',
    '--description',
    'Our\u001b[31m bucket',
  );
  const sftp = await created(
    'externalSftp --url sftp://files.example.org/data --supports-subfolders',
  );

  const set = await run(`set ${project.id} ${bucket} ${sftp} --add`);
  expect(set.stdout).toBe(`Uploads to ${project.id} go to storage location 1\n`);
  expect(set.stderr).toContain(`Also allowed: ${bucket}, ${sftp}`);
  await run(`set ${project.id} ${bucket} ${sftp}`);
  const path = join(commands.home, 'a.txt');
  await writeFile(path, '12345');
  await syn.store(new File({ path, parent: folder }));

  const shown = await run(`show ${folder.id}`);
  const endpoint = `${commands.server.endpoint}/storage`;
  expect(shown.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['LOCATION', 'TYPE', 'DESTINATION', 'STORED', 'LIMIT', 'DESCRIPTION'],
    [bucket, 'S3', `s3://lab-data/mice at ${endpoint}`, '5 B', expect.stringMatching(/^Our\\/)],
    [sftp, 'SFTP', expect.stringMatching(/^sftp:\/\/files\.example\.org\/data\/.*raw\/$/)],
    [''],
  ]);
  expect(shown.stderr).toContain(`Inherited from ${project.id} (Mice (wild) + 'tame').`);
  expect((await run(`usage ${project.id}`)).stdout).toBe(
    `LOCATION  BYTES  LIMIT\n1         0\n${bucket}         5\n`,
  );

  expect((await run(`set ${folder.id} default`)).stdout).toBe(
    `Uploads to ${folder.id} go to storage location 1\n`,
  );
  expect((await run(`show ${folder.id}`)).stderr).toContain(`Set on ${folder.id} itself.`);
  expect((await run(`reset ${folder.id} --yes`)).stdout).toBe(
    `Removed the storage setting of ${folder.id}\n`,
  );
  expect((await run(`reset ${folder.id} --yes`)).stdout).toContain(
    'has no storage setting of its own',
  );
});

test('--json prints what the library returns', async () => {
  const project = await commands.syn.store(new Project({ name: 'As JSON' }));
  const made = JSON.parse(
    (await run('create externalGoogleCloud --bucket lab-google --json')).stdout,
  ) as object;
  expect(made).toMatchObject({ kind: 'externalGoogleCloud', bucket: 'lab-google' });
  const { storageLocationId } = made as { storageLocationId: number };
  const set = await run(`set ${project.id} ${storageLocationId} --json`);
  expect(JSON.parse(set.stdout)).toMatchObject({ locations: [storageLocationId] });
  const shown = await run(`show ${project.id} --json`);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    setBy: { id: project.id },
    locations: [{ storageLocationId, destination: { bucket: 'lab-google' } }],
  });
  const usage = await run(`usage ${project.id} --json`);
  expect(JSON.parse(usage.stdout)).toMatchObject({ projectId: project.id });
  const reset = await run(`reset ${project.id} --yes --json`);
  expect(JSON.parse(reset.stdout)).toEqual({ id: project.id, removed: true });
});

test('the key of a proxy comes from a file or standard input, and is never printed', async () => {
  const key = 'CANARY-'.repeat(6);
  await writeFile(join(commands.home, 'key.txt'), `${key}\n`);
  const proxy = 'create proxy --proxy-url https://proxy.example.org';
  const [byFile, json, debug] = [
    await run(`${proxy} --secret-key-file key.txt`),
    await run(`${proxy} --secret-key-file key.txt --json`),
    await run(`${proxy} --secret-key-file key.txt --debug --benefactor-id syn1.2`),
  ];
  const byInput = await commands.run(['storage', ...proxy.split(' '), '--secret-key-file', '-'], {
    input: key,
  });
  expect(byInput.stdout).toBe(byFile.stdout);
  for (const { stdout, stderr } of [byFile, json, debug, byInput]) {
    expect(stdout + stderr).not.toContain('CANARY');
  }
  expect(debug.status).not.toBe(0);
  const id = Number(/\d+/.exec(byFile.stdout)?.[0]);
  const location = await commands.syn.storageLocations.get(id);
  expect(location.kind === 'proxy' && location.secretKey).toBe(key);
});

test.each([
  ['create dropbox', 'Expected dropbox to be one of: synapseS3, externalS3'],
  ['create externalS3', 'needs bucket'],
  ['create synapseS3 --bucket lab', 'has no bucket'],
  ['set syn1', 'Missing LOCATION'],
  ['set syn1 default 5', 'Give either "default" or the ids'],
  ['set syn1 mine', '"mine" is not the id of a storage location, nor "default".'],
])('synapse storage %s is refused', async (words, message) => {
  const { status, stderr, stdout } = await run(words);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});
