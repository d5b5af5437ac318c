import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { api } from '../helpers/api.js';
import { observedEnv } from '../helpers/observedEnv.js';
import { runSynapse, startSynapse, type Ended } from './runSynapse.js';

interface Running {
  readonly ready: {
    readonly endpoint: string;
    readonly userName: string;
    readonly authToken: string;
  };
  readonly stop: () => Promise<number | null>;
}

let home: string;
let running: Running[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-local-test-'));
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
  await rm(home, { recursive: true, force: true });
});

function local(...args: string[]): Promise<Ended> {
  return runSynapse(['local', ...args], { home });
}

async function start(...args: string[]): Promise<Running> {
  const child = startSynapse(['local', 'start', '--json', ...args], {
    home,
    env: observedEnv(),
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  if (child.stdout === null) throw new Error('no pipe');
  const ended = exited.then(([code]) => Promise.reject(new Error(`ended with ${code}`)));
  ended.catch(() => undefined);
  const line = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const [text] = await Promise.race([line, ended]);
  const one = {
    ready: JSON.parse(text) as Running['ready'],
    stop: async () => {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
  running.push(one);
  return one;
}

const seed = `
users: [{ name: dora }]
projects:
  - name: Study
    owner: dora
    access: { alice: edit }
    files: [{ name: a.txt, content: hello }]
`;

describe('local start', () => {
  test('--seed fills it', async () => {
    await writeFile(join(home, 'seed.yaml'), seed);
    const { ready, stop } = await start(
      '--seed',
      'seed.yaml',
      '--conditions',
      '{"faults":[{"operation":"userProfile.getMyUserProfile","status":418,"reason":"tea"}]}',
    );
    const alice = api(ready, ready.authToken);
    const found = await alice.post('/repo/v1/entity/child', { entityName: 'Study' });
    expect(found).toMatchObject({ status: 200 });
    const conditions = await alice.get('/repo/v1/userProfile');
    expect(conditions).toMatchObject({ status: 418, body: { reason: 'tea' } });
    expect(await stop()).toBe(0);
  });

  test('--conditions puts each condition into force', async () => {
    const conditions = {
      latency: [0, 1],
      limits: { concurrent: 9, perMinute: 90 },
      urlLifetime: 60_000,
      faults: [{ path: '/repo/v1/version', status: 500, times: 1 }],
      jobRounds: 2,
      viewLag: 10,
      readOnly: true,
      seed: 7,
    };
    await writeFile(join(home, 'conditions.json'), JSON.stringify(conditions));
    const { ready } = await start('--conditions', '@conditions.json');
    const login = { username: 'admin', password: 'admin-password' };
    const { body } = await api(ready).post('/auth/v1/login2', login);
    const admin = api(ready, (body as { accessToken: string }).accessToken);
    expect(await admin.get('/admin/conditions')).toMatchObject({ status: 200, body: conditions });

    // Nobody logs in when the disk is full: that has to be written too.
    const full = await start('--conditions', '{"diskFull": true}');
    const entity = { concreteType: 'org.sagebionetworks.repo.model.Project' };
    const refused = await api(full.ready, full.ready.authToken).post('/repo/v1/entity', entity);
    expect(refused).toMatchObject({ status: 503 });
  });

  test.each([
    [['--seed', 'missing.yaml'], 'The seed missing.yaml cannot be read: it does not exist.'],
    [['--seed', 'bad.yaml'], "In bad.yaml: projects[0] lacks 'name'."],
    [['--conditions', '{"latenci": 1}'], 'Unknown condition: latenci.'],
    [['--conditions', '{'], '--conditions is not valid JSON'],
  ])('%j is refused before anything is made', async (args, message) => {
    await writeFile(join(home, 'bad.yaml'), 'projects: [{}]');
    const ended = await local('start', '--data', 'data', ...args);
    expect(ended.status).not.toBe(0);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stdout).toBe('');
    expect(await readdir(home)).toEqual(['bad.yaml']);
  });
});

describe('local status', () => {
  test('finds a server by its data directory or by its address', async () => {
    const { ready, stop } = await start('--data', 'data');
    const byData = await local('status', '--data', 'data', '--json');
    expect(byData).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(byData.stdout)).toEqual({
      running: true,
      data: 'data',
      pid: expect.any(Number),
      endpoint: ready.endpoint,
      status: 'READ_WRITE',
      version: 'embedded',
    });
    const byAddress = await local('status', '--endpoint', ready.endpoint);
    expect(byAddress).toMatchObject({
      status: 0,
      stdout: `A local Synapse is running at ${ready.endpoint}: READ_WRITE\n`,
    });
    await stop();
    expect(await local('status', '--data', 'data')).toMatchObject({
      status: 4,
      stdout: 'No local Synapse is running on data.\n',
    });
    expect(await local('status')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('local reset', () => {
  test('empties a data directory only while nobody uses it', async () => {
    const first = await start('--data', 'data');
    const alice = api(first.ready, first.ready.authToken);
    const entity = { concreteType: 'org.sagebionetworks.repo.model.Project', name: 'Gone' };
    expect(await alice.post('/repo/v1/entity', entity)).toMatchObject({ status: 201 });
    const inUse = await local('reset', '--data', 'data', '--yes');
    expect(inUse).toMatchObject({ status: 1, stdout: '' });
    expect(inUse.stderr).toContain('stop it first. Nothing was removed.');
    expect(await alice.post('/repo/v1/entity/child', { entityName: 'Gone' })).toMatchObject({
      status: 200,
    });
    await first.stop();

    const unasked = await local('reset', '--data', 'data');
    expect(unasked.status).toBe(2);
    expect(unasked.stderr).toContain('add --yes');
    expect(await readdir(join(home, 'data'))).toContain('journal.jsonl');

    await writeFile(join(home, 'data', 'thesis.doc'), 'mine');
    const strange = await local('reset', '--data', 'data', '--yes');
    expect(strange.stderr).toContain('it also has thesis.doc. Nothing was removed.');
    expect(await readdir(join(home, 'data'))).toContain('journal.jsonl');
    await rm(join(home, 'data', 'thesis.doc'));

    expect(await local('reset', '--data', 'data', '--yes')).toEqual({
      status: 0,
      stdout: 'Emptied data\n',
      stderr: '',
    });
    expect(await readdir(join(home, 'data'))).toEqual([]);
    const second = await start('--data', 'data');
    const again = api(second.ready, second.ready.authToken);
    expect(await again.post('/repo/v1/entity/child', { entityName: 'Gone' })).toMatchObject({
      status: 404,
    });
  });

  test('leaves other directories alone', async () => {
    await mkdir(join(home, 'documents', 'blobs'), { recursive: true });
    for (const directory of ['documents', 'missing']) {
      const ended = await local('reset', '--data', directory, '--yes');
      expect(ended).toMatchObject({ status: 1, stdout: '' });
      expect(ended.stderr).toContain(`${directory} has no data of a local Synapse`);
    }
    expect(await readdir(home)).toEqual(['documents']);
  });
});

describe('a damaged data directory', () => {
  test('is refused with the place of the damage, and repaired with --recover', async () => {
    await (await start('--data', 'data')).stop();
    const journal = join(home, 'data', 'journal.jsonl');
    const whole = await readFile(journal);
    await writeFile(journal, whole.subarray(0, -10));

    const refused = await local('start', '--data', 'data');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /journal\.jsonl is damaged at byte \d+ \(record \d+\): it is cut off/,
    );
    expect(refused.stderr).toContain('start with --recover');
    expect(await readFile(journal)).toEqual(whole.subarray(0, -10));

    const { ready, stop } = await start('--data', 'data', '--recover');
    expect(ready).toMatchObject({
      recovery: { lost: [{ file: 'journal.jsonl', what: expect.stringMatching(/^record \d+$/) }] },
    });
    await stop();
    const again = await start('--data', 'data');
    expect(again.ready).not.toHaveProperty('recovery');
    await again.stop();
    expect(await local('reset', '--data', 'data', '--yes')).toMatchObject({ status: 0 });
    expect(await readdir(join(home, 'data'))).toEqual([]);
  });
});

describe('local export', () => {
  test('writes a fixture that another server is filled with', async () => {
    await writeFile(join(home, 'seed.yaml'), seed);
    const { stop } = await start('--data', 'data', '--seed', 'seed.yaml');
    const inUse = await local('export', 'out', '--data', 'data');
    expect(inUse).toMatchObject({ status: 1, stdout: '' });
    expect(inUse.stderr).toContain('is in use by another embedded Synapse');
    await stop();
    const exported = await local('export', 'out', '--data', 'data', '--json');
    expect(exported).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(exported.stdout)).toEqual({
      fixture: join('out', 'fixture.json'),
      entities: 2,
      leftOut: [],
    });
    const fixture = JSON.parse(await readFile(join(home, 'out', 'fixture.json'), 'utf8')) as object;
    expect(fixture).toMatchObject({
      users: [{ name: 'dora', certified: true }],
      projects: [{ name: 'Study', owner: 'dora', files: [{ name: 'a.txt' }] }],
    });
    const { ready } = await start('--seed', join('out', 'fixture.json'));
    const found = await api(ready, ready.authToken).post('/repo/v1/entity/child', {
      entityName: 'Study',
    });
    expect(found).toMatchObject({ status: 200 });
    const again = await local('export', 'out', '--data', 'data');
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(again.stderr).toContain('out is not empty: export into a new directory.');
    expect(await local('export', 'other', '--data', 'missing')).toMatchObject({ status: 1 });
    expect(await readdir(home)).not.toContain('other');
  });
});
