import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuthenticationError, AuthorizationError, NoCredentialsError } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { startServer, type ScriptedServer } from '../api/scriptedServer.js';
import { runSynapse } from './runSynapse.js';

const clients = withClients();
let home: string;
let privateId: string;
let redirecting: ScriptedServer;
const long = 'x'.repeat(3000);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-words-'));
  const syn = await clients.open('alice');
  privateId = (await clients.project(syn)).id;
  redirecting = await startServer(() => ({
    status: 302,
    headers: { location: `https://example.org/${long}?X-Amz-Signature=abc` },
  }));
});
afterAll(async () => {
  await redirecting.close();
  await rm(home, { recursive: true, force: true });
});

const run = (args: string[], env: Record<string, string> = {}): ReturnType<typeof runSynapse> =>
  runSynapse(args, { home, env: { SYNAPSE_ENDPOINT: clients.server.endpoint, ...env } });

describe('a missing or refused login', () => {
  test('names syn.login() to users of the library', async () => {
    const nobody = await clients.open();
    const error = await nobody.get(privateId).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuthorizationError);
    expect((error as Error).message).toContain('You are not logged in: call `syn.login()`');
    await expect(nobody.login({ authToken: 'wrong' })).rejects.toThrow(AuthenticationError);
    await expect(nobody.login({ authToken: 'wrong' })).rejects.toThrow('call `syn.login()` again');
    await expect(nobody.login()).rejects.toThrow(NoCredentialsError);
    await expect(nobody.login()).rejects.toThrow('Call `syn.login()` with');
  });

  test('names synapse login to users of the command line', async () => {
    const outputs = await Promise.all([
      run(['get', privateId]),
      run(['get', privateId, '--json']),
      run(['get', privateId], { SYNAPSE_AUTH_TOKEN: 'wrong' }),
      run(['create', 'Project', '--name', 'x']),
    ]);
    for (const { status, stdout, stderr } of outputs) {
      expect(status).toBe(3);
      expect(stdout + stderr).toContain('`synapse login`');
      expect(stdout + stderr).not.toContain('syn.login');
    }
  });
});

describe('the URL of a failed request', () => {
  test('is a property of the error, and not in its message', async () => {
    const syn = await clients.open('bob');
    const error = await syn.get('syn987654321').catch((reason: unknown) => reason);
    const { endpoint } = clients.server;
    expect(error).toMatchObject({
      message: expect.stringMatching(/\(404, POST \/repo\/v1\/entity\/syn987654321\/bundle2\)/),
      method: 'POST',
      url: `${endpoint}/repo/v1/entity/syn987654321/bundle2`,
    });
    expect((error as Error).message).not.toContain('http');
  });

  test('is printed with --debug', async () => {
    const args = ['get', 'syn987654321'];
    const url = `${clients.server.endpoint}/repo/v1/entity/syn987654321/bundle2`;
    expect((await run(args)).stderr).not.toContain('http');
    expect((await run([...args, '--debug'])).stderr).toContain(`POST ${url}`);
  });

  test.each(['list', 'show', 'get'])('of any length makes a short message: %s', async (command) => {
    const env = { SYNAPSE_ENDPOINT: redirecting.url, SYNAPSE_AUTH_TOKEN: 'token' };
    const { status, stderr } = await run([command, 'syn1'], env);
    expect(status).toBe(1);
    expect(stderr).toContain('redirects to https://example.org/xxx');
    expect(stderr.length).toBeLessThan(400);
    expect(stderr).not.toContain('Amz');
  });
});
