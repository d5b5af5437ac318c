import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Dataset, File, Folder, Project } from '../../src/index.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
const study = "Mouse's study (1)";
let project: string;
let raw: string;
let file: string;
let path: string;
beforeAll(async () => {
  const { syn, home } = commands;
  project = (await syn.store(new Project({ name: study }))).id;
  raw = (await syn.store(new Folder({ name: 'raw data', parent: project }))).id;
  path = join(home, 'counts.csv');
  await writeFile(path, 'one\n');
  const stored = await syn.store(new File({ path, parent: raw }), { versionLabel: 'first' });
  file = stored.id;
});

/** Runs a command, and gives the number of lookups of names too. */
async function run(...args: string[]): ReturnType<typeof commands.run> {
  commands.server.requests.clear();
  return commands.run(args);
}

function lookups(): number {
  const { entries } = commands.server.requests;
  return entries.filter(({ operation }) => operation === 'entity.getEntityChildId').length;
}

describe('a path stands for an id', () => {
  test('of an argument', async () => {
    const { stdout, status } = await run('get-annotations', `syn://${study}/raw data`, '--json');
    expect([status, (JSON.parse(stdout) as { id: string }).id]).toEqual([0, raw]);
    expect(lookups()).toBe(2);
    const cat = await run('cat', `syn://${study}/raw data/counts.csv@1`);
    expect(cat).toMatchObject({ status: 0, stdout: 'one\n', stderr: '' });
    const list = await run('list', `syn://${project}/raw data/`);
    expect(list.stdout).toBe(`${file}  counts.csv\n`);
    const got = await run('get', `syn://${study}/raw data/counts.csv`, 'there');
    expect(got.stdout).toMatch(/^Creating .*there\/counts\.csv\n$/);
  }, 60_000);

  test('of a flag, in both of its spellings', async () => {
    const made = await run('create', 'Folder', '--name', 'a', `--parentid=syn://${study}/raw data`);
    expect(made.stdout).toMatch(/^Created entity: syn\d+\ta\n$/);
    const again = await run('create', 'Folder', '--name', 'b', '--parent-id', `syn://${study}`);
    expect(again.status).toBe(0);
    expect(lookups()).toBe(1);
  }, 60_000);

  test('of several values, looked up once each', async () => {
    const folder = `syn://${study}/raw data`;
    const { stdout, status } = await run(
      ...['store', path, '--name', 'derived.csv', '--parent-id', folder],
      ...['--used', `${folder}/counts.csv@1`, folder, 'https://example.org/x', '--ids'],
    );
    expect(status).toBe(0);
    // The last one is of the file to store.
    expect(lookups()).toBe(3 + 1);
    const activity = await commands.syn.getProvenance(stdout.trim());
    expect(activity?.used).toMatchObject([
      { reference: { targetId: file, targetVersionNumber: 1 } },
      { reference: { targetId: raw } },
      { url: 'https://example.org/x' },
    ]);
  }, 60_000);

  test('in a dataset, and in the access of an entity', async () => {
    const made = await run(
      ...['dataset', 'create', 'release', '--parent-id', project, '--ids'],
      ...['--item', `syn://${raw}/counts.csv`],
    );
    const dataset = await commands.syn.get(Dataset, made.stdout.trim());
    expect(dataset.items).toMatchObject([{ id: file }]);
    const access = await run('access', 'list', `syn://${study}`, '--json');
    expect(access.status).toBe(0);
  }, 60_000);

  test('but a text is no path', async () => {
    const text = `syn://${study}`;
    await run('set-annotations', file, '--annotations', JSON.stringify({ text }));
    expect(lookups()).toBe(0);
    expect(await commands.syn.getAnnotations(file)).toMatchObject({ text: [text] });
  }, 60_000);
});

describe('a path that leads nowhere is an error before anything is done', () => {
  test('with what is missing, and a similar name', async () => {
    const { status, stdout, stderr } = await run('delete', file, `syn://${study}/row data`);
    expect([status, stdout]).toEqual([4, '']);
    expect(stderr).toBe(
      `synapse delete: syn://${study}/row data: there is no "row data" in syn://${study} (${project}). Did you mean "raw data"?\n`,
    );
    expect((await commands.syn.get(file, { downloadFile: false })).id).toBe(file);
  }, 60_000);

  test.each([
    [['show', 'syn://'], 2, 'empty name'],
    [['show', 'syn://No such project'], 4, 'no project "No such project"'],
    [['show', 'syn://syn1@0'], 2, 'versions begin at 1'],
    [['store', 'syn://Study/x', '--parent-id', 'syn1'], 2, 'not of a local file'],
    [['create', 'Folder', '--name', 'x', '--parent-id', 'syn://syn1@2'], 2, 'has no versions'],
  ])('%s', async (args, status, reason) => {
    const ended = await run(...args);
    expect([ended.status, ended.stdout]).toEqual([status, '']);
    expect(ended.stderr).toContain(reason);
  });

  test('and without a login, the project says how to find it', async () => {
    const anonymous = { SYNAPSE_ENDPOINT: commands.server.endpoint };
    const ended = await commands.run(['show', 'syn://Nowhere'], { env: anonymous });
    expect(ended.status).toBe(4);
    expect(ended.stderr).toContain('Without a login, only public projects are found.');
  });
});
