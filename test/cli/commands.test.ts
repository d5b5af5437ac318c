import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { runSynapse, startSynapse, type Ended } from './runSynapse.js';

let local: LocalSynapse;
let home: string;
let env: Record<string, string>;
let projectId: string;

const synapse = (...args: string[]): Promise<Ended> => runSynapse(args, { home, env });

async function json<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await synapse(...args, '--json');
  if (status !== 0)
    throw new Error(`${args.join(' ')} ended with ${status ?? 'a signal'}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

beforeAll(async () => {
  local = await startLocalSynapse({ strict: true });
  home = await mkdtemp(join(tmpdir(), 'synapse-cli-'));
  env = { SYNAPSE_ENDPOINT: local.endpoint, SYNAPSE_AUTH_TOKEN: local.authToken };
  ({ id: projectId } = await json<{ id: string }>(
    'create',
    'Project',
    '--name',
    'Tests of commands',
  ));
});

afterAll(async () => {
  await local.close();
  await rm(home, { recursive: true, force: true });
  expect(local.contractViolations).toEqual([]);
});

async function localFile(name: string, content: string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, content);
  return path;
}

async function storedFile(name: string, content: string): Promise<string> {
  const path = await localFile(name, content);
  const { id } = await json<{ id: string }>('store', path, '--parent-id', projectId);
  return id;
}

describe('the result lines', () => {
  test('of login or store are those of the Python client', async () => {
    expect(await synapse('login')).toEqual({
      status: 0,
      stdout: `Logged in as: alice (${local.userId})\n`,
      stderr: '',
    });
    const folder = await synapse(
      'create',
      'Folder',
      '--name',
      'Data (raw)',
      '--parentid',
      projectId,
    );
    const [, folderId = ''] =
      /^Created entity: (syn\d+)\tData \(raw\)\n$/.exec(folder.stdout) ?? [];
    expect(folderId).toMatch(/^syn/);

    const path = await localFile('lines.txt', 'one\n');
    const stored = await synapse('add', path, '--parentId', folderId, '--quiet');
    const [, fileId = ''] =
      /^Created\/Updated entity: (syn\d+)\tlines.txt\n$/.exec(stored.stdout) ?? [];
    expect({ fileId, stderr: stored.stderr }).toEqual({
      fileId: expect.stringMatching(/^syn/),
      stderr: '',
    });
    expect((await synapse('mv', '--id', fileId, '--parentid', projectId)).stdout).toBe(
      `Moved ${fileId} to ${projectId}\n`,
    );
    expect((await synapse('delete', fileId)).stdout).toBe(`Deleted entity: ${fileId}\n`);
  });

  test('of list show a level of folders or all of them', async () => {
    const { id: top } = await json<{ id: string }>(
      'create',
      'Folder',
      '--name',
      'Tree',
      '--parent-id',
      projectId,
    );
    const { id: sub } = await json<{ id: string }>(
      'create',
      'Folder',
      '--name',
      'sub',
      '--parent-id',
      top,
    );
    const { id: deep } = await json<{ id: string }>(
      'create',
      'Folder',
      '--name',
      'deep',
      '--parent-id',
      sub,
    );
    const { id: deeper } = await json<{ id: string }>(
      'create',
      'Folder',
      '--name',
      'er',
      '--parent-id',
      deep,
    );
    expect((await synapse('list', top)).stdout).toBe(`${sub}  sub/\n${deep}    deep/\n`);
    expect((await synapse('list', top, '-r')).stdout).toBe(
      `${sub}  sub/\n${deep}    deep/\n${deeper}      er/\n`,
    );
    expect((await synapse('list', deep, '-m')).stdout).toMatch(
      new RegExp(`^${deeper} {15}alice \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  er/\\n$`),
    );
    expect((await synapse('list', deeper)).stdout).toBe(
      `No results visible to alice found for id ${deeper}\n`,
    );
  });
});

describe('a file', () => {
  test('comes back byte for byte with its annotations', async () => {
    const id = await storedFile('counts.csv', 'a,b\n1,2\n');
    const annotations = '{"tissue": ["liver", "lung"], "age": 4, "ok": true}';
    expect(
      (await synapse('set-annotations', '--id', id, '--annotations', annotations)).status,
    ).toBe(0);
    expect((await synapse('get-annotations', '--id', id)).stdout).toBe(
      '{\n  "age": [\n    4\n  ],\n  "ok": [\n    true\n  ],\n  "tissue": [\n    "liver",\n    "lung"\n  ]\n}\n',
    );
    await storedFile('counts.csv', 'a,b\n3,4\n');

    const first = await json<{ path: string; versionNumber: number }>(
      'get',
      `${id}.1`,
      '--download-location',
      join(home, 'v1'),
    );
    expect(first.versionNumber).toBe(1);
    expect(await readFile(first.path, 'utf8')).toBe('a,b\n1,2\n');
    const latest = await synapse('get', id, '--downloadLocation', join(home, 'v2'));
    expect(latest.stdout).toBe(`Creating ${join(home, 'v2', 'counts.csv')}\n`);
    expect(await readFile(join(home, 'v2', 'counts.csv'), 'utf8')).toBe('a,b\n3,4\n');
    expect((await synapse('cat', id, '--version', '1')).stdout).toBe('a,b\n1,2\n');
    expect((await synapse('show', id)).stdout).toContain("  tissue=['liver', 'lung']\n");
  });

  test('of another content under the same local name is not overwritten unasked', async () => {
    const id = await storedFile('keep.txt', 'theirs');
    const into = join(home, 'v1');
    await writeFile(join(home, 'keep.txt'), 'mine');
    expect((await synapse('get', id, '--download-location', home)).stdout).toBe(
      `Creating ${join(home, 'keep(1).txt')}\n`,
    );
    expect(await readFile(join(home, 'keep.txt'), 'utf8')).toBe('mine');
    expect(into).toBeDefined();
  });
});

describe('api', () => {
  test('calls an operation page by page', async () => {
    const entity = await json<{ name: string }>('api', 'entity.getEntity', '--id', projectId);
    expect(entity.name).toBe('Tests of commands');
    const body = JSON.stringify({ parentId: projectId, includeTypes: ['folder', 'file'] });
    const { page } = await json<{ page: { id: string }[] }>(
      'api',
      'entity.listEntityChildren',
      '--body',
      body,
    );
    const all = await json<{ id: string }[]>(
      'api',
      'entity.listEntityChildren',
      '--body',
      body,
      '--paginate',
    );
    expect(all.map(({ id }) => id)).toEqual(page.map(({ id }) => id));
    const piped = await runSynapse(['api', 'entity.listEntityChildren', '--body', '-'], {
      home,
      env,
      input: body,
    });
    expect((JSON.parse(piped.stdout) as { page: unknown[] }).page).toHaveLength(all.length);
  });

  test('tells what an operation takes', async () => {
    const help = await synapse('api', 'entity.getEntityVersion', '--help');
    expect(help.stdout).toContain('--version-number');
    expect(help.stdout).toContain('GET /repo/v1/entity/{id}/version/{versionNumber}');
    const wrong = await synapse('api', 'entity.getEntty', '--id', 'syn1');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('There is no operation "entity.getEntty". Did you mean');
    expect((await synapse('api', '--list', 'provenance activity')).stdout).toContain('activity.');
    const missing = await synapse('api', 'entity.getEntity');
    expect(missing).toMatchObject({ status: 2, stdout: '' });
    expect(missing.stderr).toContain('--id');
  });

  test('of a redirect has no flag for following it', async () => {
    const help = await synapse('api', 'file.getFileHandleUrl', '--help');
    expect(help.stdout).toContain('--handle-id');
    expect(help.stdout).not.toContain('--redirect');
  });

  test('refuses a value that is not of the kind of its parameter', async () => {
    const wrong = await synapse('api', 'team.listTeams', '--limit', 'many');
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain('--limit takes a whole number, not "many".');
  });

  test('calls an endpoint by method and path', async () => {
    const entity = await json('api', 'GET', `/repo/v1/entity/${projectId}`);
    expect(entity).toMatchObject({ id: projectId, name: 'Tests of commands' });
    const body = JSON.stringify({ parentId: projectId, includeTypes: ['folder', 'file'] });
    expect(await json('api', 'POST', '/repo/v1/entity/children', '--body', body)).toHaveProperty(
      'page',
    );
  });

  test.each([
    [['GET'], 'Name a path: GET /repo/v1/...'],
    [['GET', 'https://evil.test/x'], 'another server would receive the access token'],
    [['GET', '/repo/v1/x', '--paginate'], 'does not answer in pages: leave out --paginate'],
    [['entity.getEntity', 'more', '--id', 'syn1'], 'Unexpected argument: more'],
  ])('refuses %p', async (args, message) => {
    const ended = await synapse('api', ...args);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});

describe('bad input gets one clear line, the right status, and nothing on stdout', () => {
  const cases: [
    what: string,
    args: () => string[] | Promise<string[]>,
    status: number,
    line: RegExp,
  ][] = [
    ['unknown id', () => ['get', 'syn99999999'], 4, /syn99999999/],
    ['malformed id', () => ['show', 'sin1'], 2, /"sin1" is neither a Synapse id nor a local file/],
    [
      'missing local file',
      () => ['store', 'no-such-file.txt', '--parent-id', projectId],
      1,
      /no-such-file\.txt/,
    ],
    [
      'directory where a file is meant',
      () => ['store', home, '--parent-id', projectId],
      2,
      /is a directory: add --recursive/,
    ],
    [
      'empty file',
      async () => ['store', await localFile('empty.txt', ''), '--parent-id', projectId],
      2,
      /empty/,
    ],
    [
      'annotations that are no JSON',
      () => ['set-annotations', '--id', projectId, '--annotations', '{'],
      2,
      /not valid JSON/,
    ],
    [
      'annotations of no values',
      () => ['set-annotations', '--id', projectId, '--annotations', '{"a": {}}'],
      2,
      /"a"/,
    ],
    ['no place to store to', () => ['store', 'x.txt'], 2, /--parent-id/],
    ['unknown command', () => ['gett'], 2, /gett/],
    ['unknown flag', () => ['list', '--nope', 'syn1'], 2, /--nope/],
  ];

  test.each(cases)('%s', async (_what, args, status, line) => {
    const ended = await synapse(...(await args()));
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toMatch(line);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a token that does not permit a command is named', async () => {
    const asBob = { ...env, SYNAPSE_AUTH_TOKEN: local.users.bob.authToken };
    const forbidden = await runSynapse(['show', projectId], { home, env: asBob });
    expect(forbidden).toMatchObject({ status: 1, stdout: '' });
    expect(forbidden.stderr).toContain('You lack READ access to the requested entity.');

    const wrong = await runSynapse(['list', projectId], {
      home,
      env: { ...env, SYNAPSE_AUTH_TOKEN: 'nonsense' },
    });
    expect(wrong).toMatchObject({ status: 3, stdout: '' });
    expect(wrong.stderr).not.toContain('nonsense');
    expect(wrong.stderr).toContain('The token comes from SYNAPSE_AUTH_TOKEN.\n');

    const none = await runSynapse(['delete', projectId], {
      home,
      env: { SYNAPSE_ENDPOINT: local.endpoint },
    });
    expect(none).toMatchObject({ status: 3, stdout: '' });
    expect(none.stderr).toContain('SYNAPSE_AUTH_TOKEN');

    const asNobody = await runSynapse(['show', projectId], {
      home,
      env: { SYNAPSE_ENDPOINT: local.endpoint },
    });
    expect(asNobody).toMatchObject({ status: 3, stdout: '' });
    expect(asNobody.stderr).toContain('You are not logged in: run `synapse login`');
  });

  test('with --json the error is an object on stderr', async () => {
    const { status, stdout, stderr } = await synapse('show', 'syn99999999', '--json');
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'NOT_FOUND', status: 404 } });
  });

  test('a token that has expired', async () => {
    const short = await startLocalSynapse({ sessionLifetime: 1 });
    try {
      const login = await fetch(`${short.authEndpoint}/login2`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'alice', password: 'alice-password' }),
      });
      const { accessToken } = (await login.json()) as { accessToken: string };
      const ended = await runSynapse(['list', 'syn4489'], {
        home,
        env: { SYNAPSE_ENDPOINT: short.endpoint, SYNAPSE_AUTH_TOKEN: accessToken },
      });
      expect(ended).toMatchObject({ status: 3, stdout: '' });
      expect(ended.stderr).toContain('expired');
    } finally {
      await short.close();
    }
  });

  test('a change that Synapse refuses changes nothing', async () => {
    const entity = await json<Record<string, unknown>>(
      'api',
      'entity.getEntity',
      '--id',
      projectId,
    );
    const { name, concreteType } = entity;
    const clash = await synapse(
      'api',
      'entity.createEntity',
      '--body',
      JSON.stringify({ name, concreteType }),
    );
    expect(clash).toMatchObject({ status: 1, stdout: '' });
    expect(clash.stderr).toContain('already exists');

    const stale = { ...entity, etag: '00000000-0000-0000-0000-000000000000', name: 'Renamed' };
    const refused = await synapse(
      'api',
      'entity.updateEntity',
      '--id',
      projectId,
      '--body',
      JSON.stringify(stale),
    );
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain('was updated since you last fetched it');
    expect(await json('api', 'entity.getEntity', '--id', projectId)).toEqual(entity);
  });

  test('a place to download to that cannot be written is named', async () => {
    const id = await storedFile('place.txt', 'x');
    const file = await localFile('a-file', '');
    for (const place of [file, join(file, 'below'), '/dev/null/none']) {
      const ended = await synapse('get', id, '--download-location', place);
      expect(ended.stdout).toBe('');
      expect([1, 2]).toContain(ended.status);
      expect(ended.stderr).toContain(place);
      expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  test('Ctrl-C in mid-transfer ends with 130', async () => {
    const into = join(home, 'interrupted');
    const signing = 'file.getFileHandleBatch';
    const signed = local.requests.count(signing);
    const elsewhere = await mkdtemp(join(home, 'elsewhere-'));
    const id = await storedFile('slow.bin', 'x'.repeat(200_000));
    local.conditions.set({ faults: [{ method: 'GET', path: '/storage/*', stallAt: 1000 }] });
    try {
      // A home of its own: the cache of the one that stored the file has it already.
      const child = startSynapse(['get', id, '--download-location', into], {
        home: elsewhere,
        env,
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      let said = '';
      child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
      while (local.requests.count(signing) === signed) await setTimeout(20);
      child.kill('SIGINT');
      expect(await ended).toBe(130);
      expect(said).toBe('synapse get: Interrupted. Run the same command again to resume.\n');
      expect(await readdir(into)).not.toContain('slow.bin');
    } finally {
      local.conditions.reset();
    }
  });

  test('an unreadable configuration file is named', async () => {
    const path = await localFile('bad.synapseConfig', 'no section\n');
    const ended = await synapse('list', projectId, '--config-path', path);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toContain('bad.synapseConfig');
  });
});

describe('several files', () => {
  test('status 5 says that one of them failed', async () => {
    await mkdir(join(home, 'several'));
    await localFile('several/full.txt', 'something\n');
    await localFile('several/empty.txt', '');
    const args = ['store', join(home, 'several'), '--recursive', '--parent-id', projectId];
    const { status, stdout, stderr } = await synapse(...args, '--json');
    expect(status).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'full.txt' }]);
    expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: { code: 'PARTIAL_FAILURE', message: expect.stringContaining('empty.txt') },
    });
  });
});

test('public data needs no login', async () => {
  const { id } = await json<{ id: string }>('create', 'Project', '--name', 'Open to all');
  const share = { principalId: 273949, accessType: ['READ'] };
  const acl = await json<{ resourceAccess: object[] }>('api', 'entity.getEntityAcl', '--id', id);
  const body = JSON.stringify({ ...acl, resourceAccess: [...acl.resourceAccess, share] });
  await json('api', 'entity.updateEntityAcl', '--id', id, '--body', body);
  const anonymous = { home, env: { SYNAPSE_ENDPOINT: local.endpoint } };
  for (const args of [
    ['list', id],
    ['get-annotations', '--id', id],
    ['show', id],
  ]) {
    expect(await runSynapse(args, anonymous)).toMatchObject({ status: 0, stderr: '' });
  }
});

describe('local start', () => {
  test('says why it cannot make its directory', async () => {
    // Node's own recursive mkdir would never come back from /proc.
    const nowhere = process.platform === 'linux' ? '/proc/no/such' : '/dev/null/no';
    const ended = await runSynapse(['local', 'start', '--data', nowhere], { home });
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(/mkdir '\/(proc|dev)/);
  });

  test('keeps its data until the next start', async () => {
    const config = join(home, 'local.synapseConfig');
    const data = join(home, 'data');
    const args = ['local', 'start', '--json', '--write-config', config, '--data', data];
    const first = await started(args);
    expect(Object.keys(first.ready)).toEqual([
      'endpoint',
      'repoEndpoint',
      'authEndpoint',
      'fileHandleEndpoint',
      'userId',
      'userName',
      'authToken',
    ]);
    const created = await runSynapse(
      ['create', 'Project', '--name', 'Kept', '--config-path', config, '--json'],
      { home },
    );
    const { id } = JSON.parse(created.stdout) as { id: string };
    const busy = await runSynapse(['local', 'start', '--data', data], { home });
    expect(busy).toMatchObject({ status: 1, stdout: '' });
    const { port } = new URL(first.ready.endpoint);
    const taken = await runSynapse(['local', 'start', '--port', port], { home });
    expect(taken).toMatchObject({ status: 1, stdout: '' });
    expect(taken.stderr).toContain(port);
    expect(await first.stop('SIGTERM')).toBe(0);

    const second = await started(args);
    const shown = await runSynapse(['show', id, '--config-path', config], { home });
    expect(shown.stdout).toContain('Project: Kept');
    expect(await second.stop('SIGINT')).toBe(0);
  });

  test("never replaces a configuration file that is somebody's own", async () => {
    const own = await localFile('own.synapseConfig', '[default]\nauthtoken = precious\n');
    const ended = await runSynapse(['local', 'start', '--write-config', own], { home });
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(await readFile(own, 'utf8')).toContain('precious');
  });

  async function started(args: string[]): Promise<{
    ready: Record<string, string> & { endpoint: string };
    stop: (signal: NodeJS.Signals) => Promise<number | null>;
  }> {
    const child = startSynapse(args, { home });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      void ended.then((status) => reject(new Error(`ended with ${status ?? 'a signal'}`)));
    });
    return {
      ready: JSON.parse(line) as Record<string, string> & { endpoint: string },
      stop: (signal) => {
        child.kill(signal);
        return ended;
      },
    };
  }
});
