import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { Project, type Synapse } from '../../src/index.js';
import type { Ended } from './runSynapse.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let home: string;
let syn: Synapse;
let count = 0;

beforeAll(() => {
  ({ home, syn } = commands);
});

function synapse(...args: string[]): Promise<Ended> {
  return commands.run(args);
}

async function tree(): Promise<{ directory: string; args: string[]; projectId: string }> {
  count += 1;
  const { id } = await syn.store(new Project({ name: `Trees to store ${count}` }));
  const directory = join(home, `tree ${count}`);
  await mkdir(join(directory, 'sub'), { recursive: true });
  for (const name of ['a.txt', 'b.csv', 'sub/c.txt']) {
    await writeFile(join(directory, name), `${name} ${count}`);
  }
  const args = ['store', directory, '--recursive', '--parent-id', id];
  return { directory, args, projectId: id };
}

test('store -r --dry-run says what would be done, and changes nothing', async () => {
  const { args, projectId } = await tree();
  const shown = await synapse(...args, '--dry-run');
  expect(shown).toMatchObject({ status: 0, stderr: '' });
  expect(shown.stdout).toMatch(/^create +sub\/c\.txt 11 B$/m);
  const json = await synapse(...args, '--dry-run', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    format: 'synapse-sync-plan',
    direction: 'upload',
    parentId: projectId,
  });
  expect(await syn.findEntityId('a.txt', projectId)).toBeUndefined();
});

test('store -r stores what patterns select, and names the rest', async () => {
  const { args } = await tree();
  const ended = await synapse(...args, '--include', '*.txt', '--exclude', 'sub/');
  expect(ended.status).toBe(0);
  expect(ended.stdout).toMatch(/^Created\/Updated entity: syn\d+\ta\.txt\n$/);
  expect(ended.stderr).toContain('left out b.csv');
  expect(ended.stderr).toContain('left out sub');
});

test('store -r --delete moves what is only in Synapse to the trash can', async () => {
  const { args, directory, projectId } = await tree();
  expect(await synapse(...args)).toMatchObject({ status: 0 });
  await rm(join(directory, 'b.csv'));
  const ended = await synapse(...args, '--delete');
  expect(ended.status).toBe(0);
  expect(ended.stdout).toMatch(/^Deleted entity: syn\d+\tb\.csv$/m);
  expect(await syn.findEntityId('b.csv', projectId)).toBeUndefined();

  await rm(join(directory, 'sub'), { recursive: true });
  const refused = await synapse(...args, '--delete');
  expect(refused.status).toBe(5);
  expect(refused.stderr).toContain('more than half');
  expect(await synapse(...args, '--delete', '--force')).toMatchObject({ status: 0 });
});

test('store refuses the flags of directories without -r, and a file with it', async () => {
  const { args, directory } = await tree();
  const file = join(directory, 'a.txt');
  const parent = args.slice(-2);
  expect(await synapse('store', file, ...parent, '--dry-run')).toMatchObject({ status: 2 });
  expect(await synapse('store', file, '-r', ...parent)).toMatchObject({ status: 2 });
});
