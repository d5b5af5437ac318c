import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { oneTimeCode } from '../helpers/oneTimeCode.js';
import { hasTerminals, onTerminal, type Answer } from './onTerminal.js';
import { runSynapse, type Ended } from './runSynapse.js';

let local: LocalSynapse;
let top: string;
let home: string;
let count = 0;

beforeAll(async () => {
  local = await startLocalSynapse({ strict: true });
  top = await mkdtemp(join(tmpdir(), 'synapse-credentials-'));
});
beforeEach(async () => {
  home = await mkdtemp(join(top, `${(count += 1)}-`));
});
afterAll(async () => {
  await local.close();
  await rm(top, { recursive: true, force: true });
  expect(local.contractViolations).toEqual([]);
});

function environment(more: Record<string, string> = {}): Record<string, string> {
  // No keychain: this machine's own is not for tests.
  return {
    SYNAPSE_ENDPOINT: local.endpoint,
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none',
    XDG_RUNTIME_DIR: home,
    ...more,
  };
}

function synapse(args: string[], input = '', env: Record<string, string> = {}): Promise<Ended> {
  return runSynapse(args, { home, env: environment(env), input });
}

describe('a user name and a password or token before the command', () => {
  test('log in for this command', async () => {
    const { bob } = local.users;
    const welcome = `Logged in as: bob (${bob.userId})`;
    const withPassword = await synapse(['-u', 'bob', '-p', 'bob-password', 'auth', 'status']);
    expect(withPassword).toMatchObject({ status: 0, stderr: '' });
    expect(withPassword.stdout).toContain(`${welcome}\nToken from:   a login with a password\n`);
    const withToken = await synapse(['-p', bob.authToken, 'auth', 'status']);
    expect(withToken.stdout).toContain(welcome);
    const both = await synapse(['-u', 'bob', '-p', bob.authToken, 'login']);
    expect(both).toMatchObject({ status: 0, stdout: `${welcome}\n` });
    const login = await synapse(['login', '-u', 'bob', '-p', 'bob-password']);
    expect(login).toMatchObject({ status: 0, stdout: `${welcome}\n` });
  });

  test('are refused when they are wrong, and a user name needs credentials', async () => {
    const wrong = await synapse(['-u', 'bob', '-p', 'secret-7', 'list']);
    expect(wrong).toMatchObject({ status: 3, stdout: '' });
    expect(wrong.stderr).not.toContain('secret-7');
    const stranger = await synapse(['-u', 'bob', '-p', local.users.alice.authToken, 'list']);
    expect(stranger).toMatchObject({ status: 3, stdout: '' });
    expect(stranger.stderr).toContain('belongs to alice, not to bob');
    expect(await synapse(['-u', 'bob', '-p', '', 'list'])).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('synapse config', () => {
  test('writes a profile that later commands log in with', async () => {
    const { alice, bob } = local.users;
    const first = await synapse(['config', '--auth-token-file', '-'], `${alice.authToken}\n`);
    expect(first).toEqual({
      status: 0,
      stdout: `Logged in as: alice (${alice.userId})\nProfile default is in ${home}/.synapseConfig\n`,
      stderr: '',
    });
    const path = join(home, '.synapseConfig');
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    await writeFile(join(home, 'token'), bob.authToken);
    const lab = ['--profile', 'lab', '--auth-token-file', 'token', '-u', 'bob', '--json'];
    const second = await synapse(['config', ...lab]);
    expect(JSON.parse(second.stdout)).toEqual({
      userName: 'bob',
      userId: bob.userId,
      profile: 'lab',
      path,
      backup: `${path}.backup`,
    });
    expect((await stat(`${path}.backup`)).mode & 0o777).toBe(0o600);
    expect((await synapse(['login'])).stdout).toContain('alice');
    expect((await synapse(['login', '--profile', 'lab'])).stdout).toContain('bob');
    expect(`${first.stdout}${second.stdout}${second.stderr}`).not.toContain(bob.authToken);
  });

  test('leaves the file as it is when the login fails', async () => {
    const path = join(home, '.synapseConfig');
    await writeFile(path, '[default]\nauthtoken=mine\n');
    const refused = await synapse(['config', '--auth-token-file', '-'], 'nonsense');
    expect(refused).toMatchObject({ status: 3, stdout: '' });
    const stranger = await synapse(
      ['config', '-u', 'bob', '--auth-token-file', '-'],
      local.users.alice.authToken,
    );
    expect(stranger.status).toBe(3);
    expect(stranger.stderr).toContain('belongs to alice, not to bob');
    const nobody = await synapse(['config']);
    expect(nobody).toMatchObject({ status: 3, stdout: '' });
    expect(nobody.stderr).toContain('--auth-token-file');
    const nothing = await synapse(['config', '--auth-token-file', '-'], '\n');
    expect(nothing.status).toBe(2);
    expect(await readFile(path, 'utf8')).toBe('[default]\nauthtoken=mine\n');
  });
});

describe('synapse auth status', () => {
  test('names the source of the credentials with their scopes', async () => {
    const { alice, bob } = local.users;
    const variable = { SYNAPSE_AUTH_TOKEN: bob.authToken };
    const fromVariable = await synapse(['auth', 'status'], '', variable);
    expect(fromVariable).toEqual({
      status: 0,
      stdout:
        `Logged in as: bob (${bob.userId})\nToken from:   SYNAPSE_AUTH_TOKEN\n` +
        'Scopes:       view, download, modify\nValid until:  revoked, or 180 days after its last use\n',
      stderr: '',
    });

    await writeFile(join(home, '.synapseConfig'), `[default]\nauthtoken=${alice.authToken}\n`);
    const both = await synapse(['auth', 'status'], '', variable);
    expect(both.stdout).toContain(`Token from:   profile default in ${home}/.synapseConfig\n`);
    expect(both.stderr).toBe('SYNAPSE_AUTH_TOKEN is also set, but not used.\n');
    const data: unknown = JSON.parse(
      (await synapse(['auth', 'status', '--json'], '', variable)).stdout,
    );
    expect(data).toEqual({
      userName: 'alice',
      userId: alice.userId,
      source: 'config',
      profile: 'default',
      configPath: join(home, '.synapseConfig'),
      scopes: ['view', 'download', 'modify'],
      isVariableIgnored: true,
    });
  });

  test('ends with 3 where there is no login', async () => {
    const none = await synapse(['auth', 'status']);
    expect(none).toMatchObject({ status: 3, stdout: '' });
    expect(none.stderr).toMatch(/^synapse auth status: No credentials found.*\n$/);
    if (process.platform === 'linux') {
      expect(none.stderr).toContain('the keychain cannot be used (this machine has no keychain)');
    }
  });
});

const onLinux = process.platform === 'linux' ? test : test.skip;
onLinux('without a keychain, what should be in it is an error in one line', async () => {
  const token = local.users.alice.authToken;
  const login = await synapse(['login', '--remember-me', '--auth-token-file', '-'], token);
  expect(login).toMatchObject({ status: 1, stdout: '' });
  expect(login.stderr).toMatch(/^synapse login: Logged in as: alice .*is not saved.*\n$/);
  const logout = await synapse(['logout']);
  expect(logout).toMatchObject({ status: 1, stdout: '' });
  expect(logout.stderr).toMatch(/^synapse logout: The keychain cannot be used .*\n$/);
});

const isThere = (command: string): boolean => spawnSync('which', [command]).status === 0;
const withKeychain =
  process.platform === 'linux' && isThere('dbus-run-session') && isThere('gnome-keyring-daemon')
    ? test
    : test.skip;

withKeychain('a keychain remembers the token until the logout; a locked one says so', async () => {
  const inSession = async (unlock: boolean, script: string): Promise<string> => {
    const start = unlock
      ? 'printf "pw\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1'
      : 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1';
    const child = spawn('dbus-run-session', ['--', 'sh', '-c', `${start}; ${script}`], {
      cwd: home,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        XDG_DATA_HOME: home,
        XDG_RUNTIME_DIR: home,
        SYNAPSE_ENDPOINT: local.endpoint,
        TOKEN: local.users.alice.authToken,
        CI: 'true',
      },
    });
    child.stdin.end();
    const [shown] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return shown;
  };
  const run = `'${process.execPath}' '${join(import.meta.dirname, '../../bin/run.js')}'`;
  const shown = await inSession(
    true,
    `echo $TOKEN | ${run} login --remember-me --auth-token-file -; ${run} auth status; ${run} logout; ${run} logout; ` +
      `echo $TOKEN | ${run} login --remember-me --auth-token-file -`,
  );
  const { userId, authToken } = local.users.alice;
  const welcome = `Logged in as: alice (${userId})`;
  expect(shown.split('\n').filter((line) => !/^(Scopes|Valid until):/.test(line))).toEqual([
    welcome,
    welcome,
    'Token from:   the keychain, profile default',
    'Removed the token of profile default from the keychain.',
    'The keychain has no token of profile default.',
    welcome,
    '',
  ]);
  expect(shown).not.toContain(authToken);

  const locked = await inSession(false, `${run} auth status 2>&1; ${run} logout 2>&1; echo $?`);
  expect(locked).toContain('the keychain cannot be used (it is locked)');
  expect(locked).toMatch(/logout: The keychain cannot be used \(it is locked\).*\n1\n$/);
});

(hasTerminals ? describe : describe.skip)('on a terminal', () => {
  const terminal = (args: string[], answers: Answer[]): ReturnType<typeof onTerminal> =>
    onTerminal(args, answers, { home, env: environment() });

  test('config asks for what it needs without showing the token', async () => {
    const { authToken, userId } = local.users.alice;
    const ended = await terminal(
      ['config'],
      [
        ['Synapse username (Optional):', 'alice'],
        ['Auth token for user alice:', authToken],
        ['Configuration profile name', 'lab'],
      ],
    );
    expect(ended.status).toBe(0);
    expect(ended.screen).toContain(`Logged in as: alice (${userId})`);
    expect(ended.raw).not.toContain(authToken.slice(0, 30));
    const written = await readFile(join(home, '.synapseConfig'), 'utf8');
    expect(written).toContain(`[profile lab]\nusername=alice\nauthtoken=${authToken}\n`);
  });

  test('login asks for a one-time code where the account wants one', async () => {
    const user = await local.createUser({ username: 'erin', password: 'erin-password' });
    const headers = {
      authorization: `Bearer ${user.authToken}`,
      'content-type': 'application/json',
    };
    const post = (path: string, body: string): Promise<Response> =>
      fetch(`${local.authEndpoint}${path}`, { method: 'POST', headers, body });
    const enrolled = await post('/2fa/enroll', '');
    const { secret, secretId } = (await enrolled.json()) as { secret: string; secretId: string };
    await post('/2fa', JSON.stringify({ secretId, totp: oneTimeCode(secret) }));

    const ended = await terminal(
      ['login', '--username', 'erin', '--password-prompt'],
      [
        ['Password of erin:', 'erin-password'],
        ['One-time code', oneTimeCode(secret)],
      ],
    );
    expect(ended.status).toBe(0);
    expect(ended.screen).toContain(`Logged in as: erin (${user.userId})\n`);
    expect(ended.screen).toContain('checked but not saved');
    expect(ended.raw).not.toContain('erin-password');
  });

  test('Ctrl-C at a question ends with 130', async () => {
    const ended = await terminal(['config', '-u', 'alice'], [['Auth token for user', '\u0003']]);
    expect(ended.status).toBe(130);
    await expect(stat(join(home, '.synapseConfig'))).rejects.toThrow('ENOENT');
  });
});
