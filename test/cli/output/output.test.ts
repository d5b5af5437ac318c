import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Folder, Project, Table } from '../../../src/index.js';
import { startSynapse } from '../runSynapse.js';
import { withCommands } from '../withCommands.js';

const cli = withCommands();
let projectId: string;
let tableId: string;
const many = 30;

beforeAll(async () => {
  const { syn } = cli;
  projectId = (await syn.store(new Project({ name: 'Output' }))).id;
  for (let index = 0; index < many; index += 1) {
    await syn.store(new Folder({ name: `folder ${index}`, parentId: projectId }));
  }
  const columns = { n: 'INTEGER', text: 'STRING' } as const;
  tableId = (await syn.store(new Table({ name: 'Rows', parent: projectId, columns }))).id;
  await writeFile(
    join(cli.home, 'rows.csv'),
    'n,text\n9007199254740993,"a\nb"\n-9007199254740993,\u001b[31m\n,\n',
  );
  await cli.run(['table', 'append', tableId, 'rows.csv']);
  await writeFile(join(cli.home, 'a.txt'), 'a');
});

const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('--fields', () => {
  test('prints JSON with these fields only', async () => {
    const { stdout, stderr, status } = await cli.run(['list', projectId, '--fields', 'name,id']);
    expect([status, stderr]).toEqual([0, '']);
    const printed = JSON.parse(stdout) as object[];
    expect(printed).toHaveLength(many + 1);
    expect(Object.keys(printed[0] ?? {})).toEqual(['name', 'id']);
  });

  test('says which fields there are, and prints nothing, for one that is not there', async () => {
    const ended = await cli.run(['list', projectId, '--fields', 'id,nmae']);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(JSON.parse(ended.stderr)).toMatchObject({
      error: {
        code: 'USAGE',
        message: expect.stringMatching(/^--fields: .* no field nmae\. There are: id, name, type, /),
      },
    });
  });

  test('prints an empty list as it is', async () => {
    const ended = await cli.run(['team', 'list', '--fields', 'id']);
    expect(ended).toMatchObject({ status: 0, stdout: '[]\n' });
  });

  test.each(['', 'a,', '.a', 'a..b', 'a.'])('refuses %j', async (fields) => {
    const ended = await cli.run(['show', projectId, `--fields=${fields}`]);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('--jq', () => {
  test('prints texts raw and everything else as compact JSON, one result per line', async () => {
    const ended = await cli.run([
      'show',
      projectId,
      '--jq',
      '.entity.name, (.entity | {id}), 1.0, null, "a\\nb"',
    ]);
    expect(ended).toEqual({
      status: 0,
      stderr: '',
      stdout: `Output\n{"id":"${projectId}"}\n1.0\nnull\na\nb\n`,
    });
  });

  test('keeps numbers that JavaScript cannot hold', async () => {
    const query = `select n from ${tableId}`;
    const ended = await cli.run(['query', query, '--jq', '.[].n']);
    expect(ended.stdout).toBe('9007199254740993\n-9007199254740993\nnull\n');
    expect((await cli.run(['query', query, '--ndjson', '--jq', '.n'])).stdout).toBe(ended.stdout);
    expect((await cli.run(['query', query, '--fields', 'n'])).stdout).toContain(
      '"n": 9007199254740993\n',
    );
  });

  test('gets the fields of --fields', async () => {
    const args = ['list', projectId, '--fields', 'id', '--jq', 'first | keys[]'];
    expect((await cli.run(args)).stdout).toBe('id\n');
  });

  test('that is no expression is refused before the command does anything', async () => {
    const ended = await cli.run(['create', 'Project', '--name', 'Never', '--jq', '.id |']);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect((await cli.run(['list', '--jq', '.[].name'])).stdout).toBe('Output\n');
  });

  test('that fails for a result says why in one line', async () => {
    const ended = await cli.run(['list', projectId, '--jq', '.id']);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(JSON.parse(ended.stderr)).toMatchObject({
      error: { message: '--jq: Cannot index array with string ("id")' },
    });
  });

  test('that never ends is stopped by Ctrl-C', async () => {
    const { endpoint, authToken } = cli.server;
    const child = startSynapse(['list', projectId, '--jq', 'def f: f; f', '--debug'], {
      home: cli.home,
      env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken },
    });
    const closed = once(child, 'close');
    let printed = '';
    let isListed = false;
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (isListed || !printed.includes('/entity/children')) return;
      isListed = true;
      // The list is there, and the expression begins.
      setTimeout(() => child.kill('SIGINT'), 1000);
    });
    expect((await closed)[0]).toBe(130);
  });
});

describe('--ndjson', () => {
  test('prints a list as lines of JSON', async () => {
    const ended = await cli.run(['list', projectId, '--ndjson']);
    const items = lines(ended.stdout).map((line) => JSON.parse(line) as { id: string });
    const { stdout } = await cli.run(['list', projectId, '--json']);
    expect(items).toEqual(JSON.parse(stdout));
    expect(items).toHaveLength(many + 1);
  });

  test('prints nothing for an empty list', async () => {
    expect(await cli.run(['team', 'list', '--ndjson'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  test('prints another result as one line', async () => {
    const { stdout } = await cli.run(['show', projectId, '--ndjson']);
    expect(lines(stdout)).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ entity: { id: projectId } });
  });

  test('prints the rows of a query with their text unchanged', async () => {
    const { stdout } = await cli.run(['query', `select text from ${tableId}`, '--ndjson']);
    expect(lines(stdout).map((line) => JSON.parse(line) as object)).toEqual([
      { text: 'a\nb' },
      { text: '\u001b[31m' },
      { text: null },
    ]);
    expect(stdout).not.toContain('\u001b');
  });

  test('with --jq runs the expression for each item', async () => {
    const { stdout } = await cli.run(['list', projectId, '--ndjson', '--jq', '.name']);
    expect(lines(stdout)).toHaveLength(many + 1);
    expect(lines(stdout)[0]).toBe('Rows');
  });

  test('prints what was done before a failure', async () => {
    const first = await cli.run(['create', 'Folder', '--name', 'x', '--parentid', projectId]);
    const id = /syn\d+/.exec(first.stdout)?.[0] ?? '';
    const args = ['delete', id, 'syn999999999', '--ndjson', '--jq', '.id'];
    const ended = await cli.run(args);
    expect(ended.stdout).toBe(`${id}\n`);
    expect(ended.status).not.toBe(0);
    expect(JSON.parse(ended.stderr)).toHaveProperty('error.message');
  });

  test('prints each file that is downloaded', async () => {
    const folder = await cli.run([
      'create',
      'Folder',
      '--name',
      'files',
      '--parentid',
      projectId,
      '--jq',
      '.id',
    ]);
    const parent = folder.stdout.trim();
    await cli.run(['store', 'a.txt', '--parent-id', parent]);
    const args = ['get', parent, '--recursive', '--download-location', 'got', '--ndjson'];
    const { stdout } = await cli.run([...args, '--fields', 'name']);
    expect(stdout).toBe('{"name":"a.txt"}\n');
  });
});

describe('commands that print bytes', () => {
  test.each(['cat', 'head'])('take no flags of the output: %s', async (name) => {
    for (const flag of ['--json', '--ndjson', '--jq=.', '--fields=id']) {
      const ended = await cli.run([name, projectId, flag]);
      expect(ended).toMatchObject({ status: 2, stdout: '' });
      expect(ended.stderr).toContain(`There is no flag ${flag.split('=', 1)[0] ?? ''}`);
    }
  });
});
