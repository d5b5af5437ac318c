import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { isThorough } from '../faults/rounds.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';

const quiet = { strict: true, onWarning: () => undefined } as const;

async function profileOf(synapse: LocalSynapse, authToken = synapse.authToken): Promise<unknown> {
  const answer = await api(synapse, authToken).get('/repo/v1/userProfile');
  expect(answer.status).toBe(200);
  return answer.body;
}

describe('start', () => {
  test('gives an address with users and their tokens', async () => {
    const synapse = await startLocalSynapse(quiet);
    try {
      expect(synapse.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(synapse.repoEndpoint).toBe(`${synapse.endpoint}/repo/v1`);
      expect(synapse.authEndpoint).toBe(`${synapse.endpoint}/auth/v1`);
      expect(synapse.fileHandleEndpoint).toBe(`${synapse.endpoint}/file/v1`);
      const { userId, userName, authToken } = synapse;
      expect({ userId, userName, authToken }).toEqual(synapse.users.alice);
      for (const [name, user] of Object.entries(synapse.users)) {
        expect(await profileOf(synapse, user.authToken)).toMatchObject({
          ownerId: user.userId,
          userName: name,
        });
      }
      expect(synapse.users.admin.userId).toBe('1');
    } finally {
      await synapse.close();
    }
  });

  test('a port that cannot be used is a clear error', async () => {
    const first = await startLocalSynapse(quiet);
    const port = Number(new URL(first.endpoint).port);
    await expect(startLocalSynapse({ ...quiet, port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use: choose another one, or 0 for any free port`,
    );
    await first.close();
    const second = await startLocalSynapse({ ...quiet, port });
    expect(second.endpoint).toBe(first.endpoint);
    await second.close();
  });

  test('a data directory in use is a clear error', async () => {
    await withTempDir(async (dataDir) => {
      const first = await startLocalSynapse({ ...quiet, dataDir });
      await expect(startLocalSynapse({ ...quiet, dataDir })).rejects.toThrow(
        `The data directory ${dataDir} is in use by another embedded Synapse`,
      );
      await profileOf(first);
      await first.close();
      expect(await readdir(dataDir)).not.toContain('lock');
    });
  });

  test('a start that fails gives the data directory back', async () => {
    await withTempDir(async (dataDir) => {
      const other = await startLocalSynapse(quiet);
      const port = Number(new URL(other.endpoint).port);
      await expect(startLocalSynapse({ ...quiet, dataDir, port })).rejects.toThrow('in use');
      await (await startLocalSynapse({ ...quiet, dataDir })).close();
      await other.close();
    });
  });

  test('an address that others can reach is warned about', async () => {
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const synapse = await startLocalSynapse({ host: '0.0.0.0', onWarning });
    expect(warnings).toEqual([
      'The embedded Synapse listens on 0.0.0.0: other machines may reach it.',
    ]);
    expect(synapse.endpoint).toMatch(/^http:\/\/localhost:\d+$/);
    await profileOf(synapse);
    await synapse.close();
    const named = await startLocalSynapse({ onWarning, publicUrl: 'http://synapse.example/' });
    expect(named.repoEndpoint).toBe('http://synapse.example/repo/v1');
    await named.close();
    expect(warnings).toHaveLength(1);
  });
});

describe('close', () => {
  test('finishes what is being served', async () => {
    const synapse = await startLocalSynapse({ ...quiet, conditions: { latency: 500 } });
    const agent = new Agent({ keepAlive: true });
    const idle = httpRequest(`${synapse.endpoint}/repo/v1/version`, { agent }).end();
    const [response] = (await once(idle, 'response')) as [NodeJS.ReadableStream];
    response.resume();
    await once(response, 'end');
    const served = profileOf(synapse);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await Promise.all([synapse.close(), synapse.close()]);
    expect(await served).toMatchObject({ userName: 'alice' });
    await expect(fetch(`${synapse.endpoint}/repo/v1/version`)).rejects.toThrow();
    agent.destroy();
  });

  test('does not wait for ever', async () => {
    const synapse = await startLocalSynapse({
      ...quiet,
      closeTimeout: 50,
      conditions: { latency: 600_000 },
    });
    const stuck = fetch(`${synapse.endpoint}/repo/v1/version`).then(
      () => 'answered',
      () => 'cut',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await synapse.close();
    expect(await stuck).toBe('cut');
  });
});

describe('data directory', () => {
  test('everything is there after a restart', async () => {
    await withTempDir(async (dataDir) => {
      const first = await startLocalSynapse({ ...quiet, dataDir });
      const project = await api(first, first.authToken).post('/repo/v1/entity', {
        concreteType: 'org.sagebionetworks.repo.model.Project',
        name: 'Kept',
      });
      expect(project.status).toBe(201);
      const { id } = project.body as { id: string };
      const profile = await profileOf(first);
      const made = await first.createUser({ username: 'dave', isCertified: true });
      await first.close();

      const second = await startLocalSynapse({ ...quiet, dataDir });
      expect(second.users).toEqual(first.users);
      expect(await profileOf(second)).toEqual(profile);
      expect(await profileOf(second, made.authToken)).toMatchObject({ ownerId: made.userId });
      expect(await api(second, first.authToken).get(`/repo/v1/entity/${id}`)).toMatchObject({
        status: 200,
        body: { name: 'Kept' },
      });
      await second.close();
    });
  });

  test('a kill loses nothing that was answered', async () => {
    await withTempDir(async (dataDir) => {
      const answered: string[] = [];
      for (let round = 0; round < (isThorough ? 3 : 1); round += 1) {
        const { child, endpoint, authToken } = await startChild(dataDir);
        const alice = api({ endpoint }, authToken);
        let isRunning = true;
        const writers = [0, 1, 2, 3].map(async (writer) => {
          for (let n = 0; isRunning; n += 1) {
            try {
              const answer = await alice.post('/repo/v1/entity', {
                concreteType: 'org.sagebionetworks.repo.model.Project',
                name: `p ${round} ${writer} ${n}`,
              });
              answered.push((answer.body as { id: string }).id);
            } catch {
              return;
            }
          }
        });
        while (answered.length < (round + 1) * 40) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        child.kill('SIGKILL');
        await once(child, 'exit');
        isRunning = false;
        await Promise.all(writers);
      }
      const synapse = await startLocalSynapse({ ...quiet, dataDir });
      const alice = api(synapse, synapse.authToken);
      expect(new Set(answered).size).toBe(answered.length);
      for (const id of answered) {
        expect((await alice.get(`/repo/v1/entity/${id}`)).status).toBe(200);
      }
      await synapse.close();
    });
  }, 60_000);
});

interface Child {
  readonly child: ChildProcess;
  readonly endpoint: string;
  readonly authToken: string;
}

/** Starts a server in a process of its own. */
async function startChild(dataDir: string): Promise<Child> {
  const script = join(import.meta.dirname, '../helpers/serveUntilKilled.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Omit<Child, 'child'>) };
}
