import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { File, Project, type Stored } from '../../src/index.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
const run: typeof commands.run = (...args) => commands.run(...args);
let project: Project & Stored;
let id: string;
beforeAll(async () => {
  const { syn } = commands;
  project = await syn.store(new Project({ name: 'Versions' }));
  const path = join(commands.home, 'weights.csv');
  await writeFile(path, 'one');
  const file = await syn.store(new File({ path, parent: project }), { versionLabel: 'day 1' });
  await writeFile(path, 'two!');
  await syn.store(file, { versionComment: 'after a wéek\u001b[31m' });
  ({ id } = file);
});

test('versions are listed, restored and labelled', async () => {
  const list = await run(['version', 'list', id]);
  const lines = list.stdout.split('\n');
  expect(lines[0]).toMatch(/^VERSION +LABEL +MODIFIED +BY +SIZE +MD5 +COMMENT$/);
  expect(lines[1]).toMatch(/^2 \* +2 +2\S+Z +alice +4 +[\da-f]{32} +after a wéek\\x1b\[31m$/);
  expect(lines[2]).toMatch(/^1 +day 1 +2\S+Z +alice +3 +[\da-f]{32}$/);

  const restored = await run(['version', 'restore', `${id}.1`]);
  expect(restored.stdout).toBe(`Restored version 1 of ${id} as version 3: content\n`);
  const again = await run(['version', 'restore', id, '--version', '1']);
  expect(again.stdout).toBe(`Nothing to restore: version 3 of ${id} is the same as version 1\n`);
  const json = await run(['version', 'restore', id, '-v', '2', '--comment', 'why', '--json']);
  expect(JSON.parse(json.stdout)).toEqual({ id, from: 2, versionNumber: 4, changed: ['content'] });

  const labelled = await run(['version', 'label', id, '--label', 'v1', '--comment', '']);
  expect(labelled.stdout).toBe(`Version 4 of ${id}: v1\n`);
  const versions = JSON.parse((await run(['version', 'list', id, '--json'])).stdout) as object[];
  expect(versions[0]).toMatchObject({ versionNumber: 4, versionLabel: 'v1', contentSize: 4 });
  expect(versions).toHaveLength(4);
}, 60_000);

test('what cannot be done is an error with its own exit status', async () => {
  expect((await run(['version', 'list', 'syn999999999'])).status).toBe(4);
  const old = await run(['version', 'label', `${id}.1`, '--label', 'x']);
  expect([old.status, old.stdout]).toEqual([2, '']);
  expect(old.stderr).toContain('the current version only');
  expect((await run(['version', 'label', id])).stderr).toContain('give label or comment');
  expect((await run(['version', 'restore', id])).stderr).toContain('Which version');
  expect((await run(['version', 'restore', `${id}.1`, '-v', '2'])).status).toBe(2);
  expect((await run(['version', 'restore', id, '-v', '99'])).status).toBe(4);
  const path = join(commands.home, 'single.csv');
  await writeFile(path, 'single');
  const only = await commands.syn.store(new File({ path, parent: project }));
  const kept = await run(['delete', `${only.id}.1`]);
  expect([kept.status, kept.stdout]).toEqual([2, '']);
  expect(kept.stderr).toContain('the only version');
}, 60_000);
