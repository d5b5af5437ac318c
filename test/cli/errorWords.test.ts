import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuthenticationError, AuthorizationError, NoCredentialsError } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { withAdvice } from '../../src/cli/errorAdvice.js';
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

describe('a frequent mistake', () => {
  /** Command lines of alice, the exit status, and what the message says to do. */
  const mistakes: readonly [string, string[], number, string | RegExp][] = [
    ['an unknown id', ['get', 'syn987654321'], 4, 'Check the id and the server.'],
    [
      'an unknown parent',
      ['create', 'Folder', '--name', 'x', '--parent-id', 'syn987654321'],
      4,
      'Check the id',
    ],
    [
      'an unknown version',
      ['get', 'PROJECT', '--version', '9'],
      4,
      /`synapse version list syn\d+`/,
    ],
    ['an unknown team', ['team', 'show', '987654321'], 4, 'Check the id or the name.'],
    ['no wiki', ['wiki', 'show', 'PROJECT'], 4, '`synapse wiki store` makes one.'],
    ['a word that is no id', ['show', 'results'], 2, 'syn123'],
    ['a missing file', ['store', 'none.csv', '--parent-id', 'PROJECT'], 1, 'Check the path.'],
    [
      'a missing folder',
      ['manifest', 'none', '--parent-id', 'PROJECT'],
      2,
      'no such file or folder',
    ],
    ['a folder', ['store', '.', '--parent-id', 'PROJECT'], 2, 'add --recursive'],
    ['no parent', ['store', 'a.txt'], 2, 'Give --parent-id'],
    [
      'a file as a folder',
      ['get', 'PROJECT', '-r', '--download-location', 'a.txt'],
      1,
      'give a directory',
    ],
    ['a project as a file', ['get', 'PROJECT'], 2, 'add --recursive'],
    ['a missing configuration', ['list', '--config-path', 'none'], 2, 'does not exist'],
    ['no terminal for a question', ['wiki', 'delete', 'syn1', '--page', '4'], 2, 'add --yes'],
    ['no terminal for a token', ['config'], 3, '--auth-token-file'],
    ['no terminal for a password', ['login', '--password-prompt'], 2, 'SYNAPSE_AUTH_TOKEN'],
  ];

  test.each(mistakes)('is explained: %s', async (_, args, status, words) => {
    await writeFile(join(home, 'a.txt'), 'a');
    const { authToken } = clients.server;
    const line = args.map((word) => (word === 'PROJECT' ? privateId : word));
    const ended = await run(line, { SYNAPSE_AUTH_TOKEN: authToken });
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).not.toMatch(/\n {4}at |ENOENT|\*\*\*/);
  });

  test('is explained: another user may not see it', async () => {
    const { authToken } = clients.server.users.bob;
    const env = { SYNAPSE_AUTH_TOKEN: authToken };
    const { status, stderr } = await run(['get', privateId], env);
    expect(status).toBe(1);
    expect(stderr).toContain('Request access from the owner of the data');
  });

  test('is explained: there is no network', async () => {
    const env = { SYNAPSE_ENDPOINT: 'http://127.0.0.1:1', SYNAPSE_AUTH_TOKEN: 'x' };
    const { status, stderr } = await run(['get', privateId], env);
    expect(status).toBe(1);
    expect(stderr).toContain('Check the endpoint and the network connection.');
    expect(stderr).toContain('`synapse doctor` looks for the cause.');
  });
});

test('advice follows a message that has no full stop', () => {
  expect(withAdvice('NOT_FOUND', 'nothing (404, GET /x)')).toBe(
    'nothing (404, GET /x). Check the id or the name.',
  );
  expect(withAdvice('ENOENT', 'Cannot read x: no such file.')).toBe(
    'Cannot read x: no such file. Check the path.',
  );
  expect(withAdvice('CONFLICT', 'The etag is old.')).toBe('The etag is old.');
  expect(withAdvice('USAGE', 'Missing ID')).toBe('Missing ID');
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
