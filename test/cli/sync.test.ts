import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { Project, type Stored, type Synapse } from '../../src/index.js';
import type { Ended, RunOptions } from './runSynapse.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let home: string;
let syn: Synapse;
let project: Project & Stored;
let count = 0;

beforeAll(() => {
  ({ home, syn } = commands);
});

const synapse = (args: string[], options?: Partial<RunOptions>): Promise<Ended> =>
  commands.run(args, options);

const writes = (): string[] =>
  commands.server.requests.entries
    .filter(({ method }) => method !== 'GET')
    .map(({ operation }) => operation ?? '')
    .filter((name) => /^\w+\.(?:create|update|set|add|send|delete)/.test(name));

/** A directory with two files, and a manifest of them in a project of its own. */
async function study(): Promise<{ directory: string; manifest: string; projectId: string }> {
  count += 1;
  project = await syn.store(new Project({ name: `Sync of the command line ${count}` }));
  const directory = join(home, `study ${count}`);
  await mkdir(directory);
  for (const name of ['a.txt', 'b.txt']) await writeFile(join(directory, name), `${name} ${count}`);
  const manifest = join(home, `manifest ${count}.csv`);
  const rows = [
    'path,parentId,used,n',
    `${directory}/a.txt,${project.id},,1`,
    `${directory}/b.txt,${project.id},${directory}/a.txt,2`,
  ];
  await writeFile(manifest, `${rows.join('\n')}\n`);
  commands.server.requests.clear();
  return { directory, manifest, projectId: project.id };
}

test('sync shows the plan of a manifest, applies it, and then has nothing to do', async () => {
  const { manifest } = await study();
  const shown = await synapse(['sync', manifest, '--dryRun']);
  expect(shown).toMatchObject({ status: 0, stderr: '' });
  expect(shown.stdout).toMatch(/^create +syn\d+\/a\.txt 7 B$/m);
  expect(shown.stdout).toMatch(/^2 create: 14 B, \d+ requests$/m);
  expect(writes()).toEqual([]);

  const applied = await synapse(['sync', manifest]);
  expect(applied.status).toBe(0);
  expect(applied.stdout).toMatch(
    /^Created\/Updated entity: syn\d+\ta\.txt\nCreated\/Updated entity: syn\d+\tb\.txt\n$/,
  );
  expect(applied.stderr).toMatch(/^2 uploaded \(14 B\) in /m);

  commands.server.requests.clear();
  const again = await synapse(['sync', manifest, '--json']);
  expect(again.status).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ done: [], skipped: [{}, {}], failures: [] });
  expect(writes()).toEqual([]);
});

test('sync lists all problems of a manifest with status 2, and stores nothing', async () => {
  const { manifest } = await study();
  const broken = `${await readFile(manifest, 'utf8')}${home}/none.txt,syn99999999,,\n${home}/none2.txt,x,,\n`;
  const options = { input: broken };
  const ended = await synapse(['sync', '-'], options);
  expect(ended).toMatchObject({ status: 2, stdout: '' });
  expect(ended.stderr).toContain('The manifest has 4 problems, and nothing was stored:\n');
  expect(ended.stderr).toMatch(/^ {2}row 3, column path, value ".*none\.txt": /m);
  expect(ended.stderr).toMatch(/^ {2}.*row 3, column parentId, value "syn99999999": /m);
  expect(ended.stderr).toMatch(/^ {2}.*row 4, column parentId, value "x": /m);
  expect(writes()).toEqual([]);

  const shown = await synapse(['sync', '-', '--dry-run', '--json'], options);
  expect(shown.status).toBe(2);
  expect(JSON.parse(shown.stdout)).toMatchObject({ items: [], problems: [{}, {}, {}, {}] });

  const rest = await synapse(['sync', '-', '--skip-invalid'], options);
  expect(rest.status).toBe(5);
  expect(rest.stdout.trimEnd().split('\n')).toHaveLength(2);
});

test('sync keeps a plan, and applies it later', async () => {
  const { directory, projectId } = await study();
  const args = ['sync', directory, '--parent-id', projectId, '--plan', 'plan.json'];
  expect(await synapse(args)).toMatchObject({ status: 0, stdout: '' });
  expect(writes()).toEqual([]);
  await writeFile(join(directory, 'b.txt'), 'changed meanwhile');
  const applied = await synapse(['sync', '--apply', 'plan.json']);
  expect(applied.status).toBe(5);
  expect(applied.stdout).toMatch(/^Created\/Updated entity: syn\d+\ta\.txt\n$/);
  expect(applied.stderr).toContain('b.txt has changed since the plan was made');
});

test('sync tells its user when it is done, if asked', async () => {
  const { manifest } = await study();
  expect(await synapse(['sync', manifest, '--sendMessages', '--retries', '1'])).toMatchObject({
    status: 0,
  });
  expect(commands.server.requests.count('message.sendMessage')).toBe(1);
});

test('sync refuses flags that do not go together', async () => {
  const { manifest, directory } = await study();
  for (const args of [
    ['sync'],
    ['sync', manifest, '--apply', 'plan.json'],
    ['sync', manifest, '--parent-id', 'syn1'],
    ['sync', directory],
    ['sync', directory, '--parent-id', project.id, '--force'],
    ['sync', directory, '--parent-id', project.id, '--shard', '3/2'],
  ]) {
    expect([args, (await synapse(args)).status]).toEqual([args, 2]);
  }
});
