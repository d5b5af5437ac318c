import { beforeAll, expect, test } from '@jest/globals';
import { File, Project } from '../../src/index.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let project: string;
let file: string;
beforeAll(async () => {
  const { syn } = commands;
  ({ id: project } = await syn.store(new Project({ name: `Kidney study ${process.pid}` })));
  const stream = new Blob(['a,b\n']).stream();
  ({ id: file } = await syn.store(new File({ name: 'kidney.csv', parent: project, stream })));
});

test('search prints what has the words, and how much was found', async () => {
  const found = await commands.run(['search', 'kidney', '--type', 'file']);
  expect(found.stdout).toMatch(/^ID +TYPE +NAME\n/);
  expect(found.stdout).toContain(file);
  expect(found.stdout).not.toContain('Kidney study');
  expect(found.stderr).toBe('Found 1.\n');
});

test('search says that there are more than it shows', async () => {
  const { stdout, stderr } = await commands.run(['search', 'kidney', '--limit', '1', '--json']);
  expect(JSON.parse(stdout)).toHaveLength(1);
  expect(JSON.parse(stderr)).toEqual({ kind: 'search', found: 2, shown: 1 });
});

test.each([
  [['search'], 'Missing WORDS'],
  [['search', '--where', 'liver'], 'write a field and its value, such as tissue=liver'],
  [['search', 'x', '--where', 'colour=red'], 'colour'],
])('%j is refused', async (args, message) => {
  const { status, stdout, stderr } = await commands.run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('favorites are added, listed and removed', async () => {
  const added = await commands.run(['favorite', 'add', file, project]);
  expect(added.stdout).toContain(`Favorite: ${file}\tkidney.csv\n`);
  const listed = await commands.run(['favorite', 'list']);
  expect(listed.stdout).toMatch(new RegExp(`^${file} +FileEntity +kidney.csv$`, 'm'));
  await commands.run(['favorite', 'remove', file, project]);
  const { stdout, stderr } = await commands.run(['favorite', 'list']);
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'You have no favorites.\n' });
});

test('a DOI is created, shown and updated', async () => {
  expect(await commands.run(['doi', 'show', file])).toMatchObject({ status: 4, stdout: '' });
  const args = ['doi', 'create', file, '--creator', 'Alice', '--creator', 'Bob', '--title'];
  const made = await commands.run([...args, 'Counts']);
  expect(made.stdout).toMatch(/^https:\/\/doi\.org\/\S+\n$/);
  expect((await commands.run([...args, 'Kidney counts'])).stdout).toBe(made.stdout);
  const shown = await commands.run(['doi', 'show', file]);
  expect(shown.stdout).toMatch(/^title +Kidney counts$/m);
  expect(shown.stdout).toMatch(/^creators +Alice; Bob$/m);
});

test('an evaluation is deleted only when it was confirmed', async () => {
  const { syn } = commands;
  const { id } = await syn.evaluations.create({ name: `Round of ${process.pid}`, project });
  const refused = await commands.run(['evaluation', 'delete', id]);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain('--yes');
  const deleted = await commands.run(['evaluation', 'delete', id, '--yes']);
  expect(deleted.stdout).toMatch(new RegExp(`^Deleted evaluation: ${id}\t`));
  expect((await commands.run(['evaluation', 'show', id])).status).toBe(4);
});
