import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { File, Folder, Project, Table } from '../../src/index.js';
import { isInstalled } from '../helpers/withScripts.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
const api = (...args: string[]): ReturnType<typeof commands.run> => commands.run(['api', ...args]);
const parsed = ({ stdout }: { stdout: string }): unknown => JSON.parse(stdout) as unknown;

/** So many children need more than two pages. */
const childCount = 120;
let project: string;
let folder: string;

beforeAll(async () => {
  const { syn } = commands;
  ({ id: project } = await syn.store(new Project({ name: 'Calls' })));
  ({ id: folder } = await syn.store(new Folder({ name: 'many', parent: project })));
  await Promise.all(
    Array.from({ length: childCount }, (_, index) =>
      syn.store(new Folder({ name: `child ${index}`, parent: folder })),
    ),
  );
}, 120_000);

describe('synapse api', () => {
  test('alone says what to do', async () => {
    const ended = await api();
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain('synapse api entity.getEntity --id syn123');
    expect(ended.stderr).toContain('synapse api --list WORDS');
  });

  test('creates what flags describe', async () => {
    const created = await api(
      ...['entity.createEntity', '--concrete-type', 'Folder', '--parent-id', project],
      ...['--name', '007', '--field', 'description=true'],
    );
    expect(parsed(created)).toMatchObject({
      name: '007',
      description: 'true',
      parentId: project,
      concreteType: 'org.sagebionetworks.repo.model.Folder',
    });
  }, 30_000);

  test('suggests the right flag, field, value and operation', async () => {
    const cases: [args: string[], message: string][] = [
      [['entity.getEntity', '--idd', 'syn1'], 'There is no flag --idd. Did you mean --id?'],
      [['entity.createEntity', '--parentt-id', 'syn1'], 'Did you mean --parent-id?'],
      [['entity.createEntity', '--concrete-type', 'Foldr', '--name', 'x'], 'Did you mean Folder?'],
      [
        ['entity.hasEntityAccess', '--id', 'syn1', '--access-type', 'REED'],
        'Expected --access-type=REED to be one of: CREATE, READ,',
      ],
      [
        ['entity.getEntty', '--id', 'syn1'],
        'There is no operation "entity.getEntty". Did you mean',
      ],
    ];
    const ended = await Promise.all(cases.map(([args]) => api(...args)));
    expect(ended.map(({ status, stdout }) => [status, stdout])).toEqual(cases.map(() => [2, '']));
    cases.forEach(([, message], index) => expect(ended[index]?.stderr).toContain(message));
  }, 60_000);

  test('takes booleans as words and as switches', async () => {
    const spellings = [
      ['--skip-trash-can', 'true'],
      ['--skip-trash-can=false'],
      ['--skip-trash-can'],
      ['--no-skip-trash-can'],
    ];
    const planned = await Promise.all(
      spellings.map((words) => api('entity.deleteEntity', '--id', 'syn1', ...words, '--dry-run')),
    );
    const values = planned.map(({ stdout }) => /skipTrashCan=(\w+)/.exec(stdout)?.[1]);
    expect(values).toEqual(['true', 'false', 'true', 'false']);
  }, 60_000);
});

describe('synapse api with a path', () => {
  test('calls the endpoint, with or without the prefix of its service', async () => {
    const { endpoint } = commands.server;
    const calls = await Promise.all([
      api('GET', `/repo/v1/entity/${project}`),
      api('get', `/entity/${project}`),
      api(`/entity/${project}`),
      api(`${endpoint}/repo/v1/entity/${project}`),
    ]);
    expect(calls.map(parsed)).toEqual(
      calls.map(() => expect.objectContaining({ id: project, name: 'Calls' }) as unknown),
    );
  }, 60_000);

  test('takes the parameters of the operation as flags, and in its query', async () => {
    const planned = await Promise.all([
      api('GET', `/entity/${project}/version`, '--limit', '3', '--dry-run'),
      api('GET', `/entity/${project}/version?limit=3`, '--dry-run'),
      api('GET', `/some/new?limit=3`, '--dry-run'),
      api('GET', '/some/new', '-F', 'limit=3', '--dry-run'),
    ]);
    const targets = planned.map(({ stdout }) => /'http:\/\/[^/]*(.*)'/.exec(stdout)?.[1]);
    expect(targets).toEqual([
      `/repo/v1/entity/${project}/version?limit=3`,
      `/repo/v1/entity/${project}/version?limit=3`,
      '/repo/v1/some/new?limit=3',
      '/repo/v1/some/new?limit=3',
    ]);
  }, 60_000);

  test('sends fields of a body', async () => {
    const children = await api('POST', '/entity/children', '-F', `parentId=${project}`, '-F', 'includeTypes[]=folder'); // prettier-ignore
    expect(parsed(children)).toMatchObject({ page: expect.arrayContaining([]) });
  }, 30_000);

  test.each([
    ['https://evil.example/repo/v1/entity/syn1'],
    ['http://user:secret@127.0.0.1/repo/v1/entity/syn1'],
    ['https://repo-prod.prod.sagebase.org/repo/v1/entity/syn1'],
  ])('refuses %s, which would receive the token', async (url) => {
    const ended = await api('GET', url);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain('another server would receive the access token');
    expect(ended.stderr).not.toContain('secret');
  });

  test.each([['/../x'], ['/repo/v1/%2e%2e/x'], ['//evil.example/x']])(
    'refuses the path %s',
    async (path) => {
      expect(await api('GET', path)).toMatchObject({ status: 2, stdout: '' });
    },
  );
});

describe('synapse api --paginate', () => {
  const children = (): string[] => [
    'entity.listEntityChildren',
    ...['--parent-id', folder, '--include-types', 'folder', '--paginate'],
  ];

  test('prints one array of all pages by token', async () => {
    const { stdout, status } = await api(...children());
    expect(status).toBe(0);
    const items = JSON.parse(stdout) as object[];
    expect(new Set(items.map((item) => ('id' in item ? item.id : ''))).size).toBe(childCount);
    expect(stdout).toBe(`${JSON.stringify(items, null, 2)}\n`);
  }, 30_000);

  test('prints one array of all pages by offset', async () => {
    const ended = await api('userProfile.listUserProfiles', '--limit', '1', '--paginate');
    expect((parsed(ended) as unknown[]).length).toBeGreaterThan(2);
  }, 30_000);

  test('prints an empty array when there is nothing', async () => {
    const none = await api(
      ...['entity.listEntityChildren', '--parent-id', folder, '--include-types', 'table'],
      '--paginate',
    );
    expect(none).toMatchObject({ status: 0, stdout: '[]\n' });
  }, 30_000);

  test('prints one item a line with --ndjson', async () => {
    const { stdout } = await api(...children(), '--ndjson');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(childCount);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      parsed(await api(...children())),
    );
  }, 30_000);

  test('prints nothing that is complete when a page fails', async () => {
    const { conditions } = commands.server;
    const failure = {
      operation: 'entity.listEntityChildren',
      status: 400,
      reason: 'No more today',
    };
    try {
      conditions.set({ faults: [{ ...failure, skip: 1 }] });
      const broken = await api(...children());
      expect(broken.status).toBe(1);
      expect(broken.stderr).toContain('No more today');
      expect(() => parsed(broken)).toThrow();
      conditions.set({ faults: [failure] });
      expect(await api(...children())).toMatchObject({ status: 1, stdout: '' });
      conditions.set({ faults: [{ ...failure, skip: 1 }] });
      expect(await api(...children(), '--output', 'broken.json')).toMatchObject({ status: 1 });
      await expect(readFile(join(commands.home, 'broken.json'))).rejects.toThrow('ENOENT');
    } finally {
      conditions.reset();
    }
  }, 60_000);

  test('is refused for an operation without pages', async () => {
    const ended = await api('entity.getEntity', '--id', project, '--paginate');
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain('does not answer in pages');
  });
});

describe('synapse api --wait', () => {
  let table: string;
  beforeAll(async () => {
    const { syn } = commands;
    ({ id: table } = await syn.store(
      new Table({ name: 'table', parent: project, columns: { a: 'INTEGER' } }),
    ));
  }, 60_000);

  const query = (): string[] => ['-F', `query.sql=select * from ${table}`, '--part-mask', '1'];

  test('waits for the job of an operation, and of a path', async () => {
    const ended = await Promise.all([
      api('table.startTableQuery', '--id', table, '--entity-id', table, ...query(), '--wait'),
      api('POST', `/entity/${table}/table/query/async/start`, '-F', `entityId=${table}`, ...query(), '--wait'),
    ]); // prettier-ignore
    for (const each of ended) {
      expect(each.status).toBe(0);
      expect(parsed(each)).toMatchObject({
        concreteType: expect.stringContaining('QueryResultBundle'),
      });
    }
  }, 60_000);

  test('ends after --timeout', async () => {
    const { conditions } = commands.server;
    try {
      conditions.set({ faults: [{ operation: 'table.getTableQueryResult', delay: 60_000 }] });
      const late = await api(
        ...['table.startTableQuery', '--id', table, '--entity-id', table, ...query(), '--wait'],
        ...['--timeout', '1'],
      );
      expect(late).toMatchObject({ status: 1, stdout: '' });
      expect(late.stderr).toContain('did not finish within 1 s');
    } finally {
      conditions.reset();
    }
  }, 60_000);

  test('reports the failure of a job', async () => {
    const failed = await api(
      ...['table.startTableQuery', '--id', table, '--entity-id', table, '--wait'],
      ...['-F', 'query.sql=select nothing from'],
    );
    expect(failed.status).not.toBe(0);
    expect(failed.stdout).toBe('');
  }, 60_000);

  test('is refused for what starts no job', async () => {
    for (const dryRun of [[], ['--dry-run']]) {
      const ended = await api('GET', `/entity/${project}`, '--wait', ...dryRun);
      expect(ended).toMatchObject({ status: 2, stdout: '' });
      expect(ended.stderr).toContain('does not start a job');
    }
  });
});

describe('synapse api --dry-run', () => {
  const sh = promisify(execFile);

  /** The answer to a printed command, as a user runs it. */
  async function answerTo(command: string): Promise<unknown> {
    const { authToken } = commands.server;
    const env = { PATH: process.env['PATH'], SYNAPSE_AUTH_TOKEN: authToken };
    const { stdout } = await sh('sh', ['-c', command.replace('curl ', 'curl -sS ')], { env });
    return JSON.parse(stdout) as unknown;
  }

  const testCurl = isInstalled('curl') ? test : test.skip;

  testCurl(
    'prints a command that gets the same answer',
    async () => {
      const calls = [
        ['entity.getEntity', '--id', project],
        ['GET', `/entity/${project}/permissions`],
        ['entity.listEntityChildren', '--parent-id', project, '--include-types', 'folder'],
      ];
      for (const call of calls) {
        const { stdout, stderr, status } = await api(...call, '--dry-run');
        expect([status, stderr]).toEqual([0, '']);
        expect(stdout).not.toContain(commands.server.authToken);
        expect(await answerTo(stdout)).toEqual(parsed(await api(...call)));
      }
    },
    60_000,
  );

  testCurl(
    'quotes all texts for the shell',
    async () => {
      const description = `it's "quoted" $HOME \`date\` \\n %0a ünï 日本 \u001b[31m\nsecond line`;
      const { stdout } = await api(
        ...['entity.createEntity', '--concrete-type', 'Folder', '--parent-id', project],
        ...['--name', 'quoted', '--description', description, '--dry-run'],
      );
      expect(stdout).not.toContain('\u001b');
      expect(await answerTo(stdout)).toMatchObject({ name: 'quoted', description });
    },
    60_000,
  );

  test('sends nothing, and needs no login', async () => {
    const { endpoint, requests } = commands.server;
    const before = requests.total;
    const { stdout, status } = await commands.run(
      ['api', 'entity.deleteEntity', '--id', 'syn1', '--dry-run', '--header', 'Authorization: Bearer mine'],
      { env: { SYNAPSE_ENDPOINT: endpoint } },
    ); // prettier-ignore
    expect(status).toBe(0);
    expect(stdout).toContain(`curl --globoff -X DELETE '${endpoint}/repo/v1/entity/syn1'`);
    expect(stdout).toContain('-H "Authorization: Bearer $SYNAPSE_AUTH_TOKEN"');
    expect(stdout).not.toContain('mine');
    expect(requests.total).toBe(before);
  }, 30_000);

  test('describes the request with --json', async () => {
    const ended = await api('entity.updateEntityJson', '--id', 'syn1', '-F', 'n=12345678901234567890', '--dry-run', '--json'); // prettier-ignore
    expect(ended.stdout).toContain('"n": 12345678901234567890');
    expect(parsed(ended)).toMatchObject({
      method: 'PUT',
      url: expect.stringMatching(/\/repo\/v1\/entity\/syn1\/json$/),
      headers: { authorization: 'Bearer $SYNAPSE_AUTH_TOKEN' },
    });
  }, 30_000);
});

describe('answers of synapse api', () => {
  let file: string;
  beforeAll(async () => {
    const path = join(commands.home, 'content.txt');
    await writeFile(path, 'the content');
    ({ id: file } = await commands.syn.store(new File({ path, parent: project })));
  }, 60_000);

  test('that are texts are printed as they are', async () => {
    const { dataFileHandleId } = (await commands.syn.services.entity.getEntity({ id: file })) as {
      dataFileHandleId: string;
    };
    const { stdout } = await api('file.getFileHandleUrl', '--handle-id', dataFileHandleId);
    expect(stdout).toMatch(/^http:\/\/\S+\n$/);
  }, 30_000);

  test('that are files are saved with --output', async () => {
    const { dataFileHandleId } = (await commands.syn.services.entity.getEntity({ id: file })) as {
      dataFileHandleId: string;
    };
    const call = [
      'file.getFileUrl',
      '--id',
      dataFileHandleId,
      '--file-associate-type',
      'FileEntity',
    ];
    const saved = await api(...call, '--file-associate-id', file, '--output', 'saved.txt');
    expect(saved).toMatchObject({ status: 0, stdout: '' });
    expect(await readFile(join(commands.home, 'saved.txt'), 'utf8')).toBe('the content');
  }, 30_000);

  test('that are empty print nothing', async () => {
    const { id } = await commands.syn.store(new Folder({ name: 'empty', parent: project }));
    expect(await api('entity.deleteEntity', '--id', id)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  }, 30_000);

  test('are written to a file, which is not replaced without --overwrite', async () => {
    const call = ['entity.getEntity', '--id', project, '--output', 'entity.json'];
    expect((await api(...call)).stdout).toBe('');
    const path = join(commands.home, 'entity.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ id: project });
    expect((await api(...call)).stderr).toContain('entity.json');
    await writeFile(path, 'old');
    expect(await api(...call, '--overwrite', '--json')).toMatchObject({ status: 0 });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ id: project });
  }, 60_000);

  test('come after their head with --include', async () => {
    const { stdout } = await api('entity.getEntity', '--id', project, '--include');
    const [head = '', body = ''] = stdout.split('\n\n');
    expect(head).toMatch(/^HTTP 200\n/);
    expect(head).toContain('content-type: application/json');
    expect(JSON.parse(body)).toMatchObject({ id: project });
    const json = await api('entity.getEntity', '--id', project, '--include', '--json');
    expect(parsed(json)).toMatchObject({ status: 200, body: { id: project } });
  }, 30_000);

  test('that are errors have the status and the reason', async () => {
    const missing = await api('entity.getEntity', '--id', 'syn999999');
    expect(missing).toMatchObject({ status: 4, stdout: '' });
    expect(missing.stderr).toMatch(/does not exist.*404/);
  }, 30_000);
});

test('synapse api --list finds operations by all their words', async () => {
  const { stdout } = await api('--list', 'entity', 'children');
  const [head = '', row = ''] = stdout.split('\n');
  expect(head).toMatch(/^OPERATION +METHOD +PATH +SUMMARY$/);
  expect(row).toMatch(/^entity\.listEntityChildren +POST +\/repo\/v1\/entity\/children +\S/);
  const all = parsed(await api('--list', '--json')) as unknown[];
  expect(all.length).toBeGreaterThan(500);
  expect((await api('--list', 'entity.getEntityPath')).stdout).toContain('entity.getEntityPath ');
  expect(await api('--list', 'zzzz')).toMatchObject({ status: 0, stdout: '' });
}, 60_000);
