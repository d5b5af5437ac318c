import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthenticationError,
  CredentialsError,
  NoCredentialsError,
  type Keychain,
  type Synapse,
  type SynapseOptions,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { oneTimeCode } from '../helpers/oneTimeCode.js';

const clients = withClients();
let tokens: { alice: string; bob: string };
beforeAll(() => {
  const { alice, bob } = clients.server.users;
  tokens = { alice: alice.authToken, bob: bob.authToken };
});

/** A keychain in memory. */
function memoryKeychain(): Keychain & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get: (account) => Promise.resolve(entries.get(account)),
    set: (account, token) => Promise.resolve(void entries.set(account, token)),
    delete: (account) => Promise.resolve(entries.delete(account)),
  };
}

/** Like a machine without a keychain. */
const noKeychain: Keychain = {
  get: () => Promise.reject(new Error('no secret service\nand more')),
  set: () => Promise.reject(new Error('no secret service\nand more')),
  delete: () => Promise.reject(new Error('no secret service\nand more')),
};

async function configFile(text: string): Promise<string> {
  return clients.file('.synapseConfig', text);
}

function open(options: SynapseOptions = {}): Promise<Synapse> {
  return clients.open(undefined, { keychain: noKeychain, ...options });
}

/** A login that may make personal access tokens, which takes more than such a token. */
async function withPassword(username: string): Promise<Synapse> {
  const syn = await open();
  await syn.login({ username, password: `${username}-password` });
  return syn;
}

async function failure(run: () => Promise<unknown>): Promise<Error> {
  const error: unknown = await run().catch((e: unknown) => e);
  return error instanceof Error ? error : new Error('it did not fail');
}

describe('a token', () => {
  test('tells who is logged in with it', async () => {
    const syn = await open();
    expect(syn.isLoggedIn).toBe(false);
    const login = await syn.login({ authToken: ` ${tokens.alice}\n` });
    expect(login).toEqual({
      userId: clients.server.userId,
      userName: 'alice',
      source: 'argument',
      scopes: ['view', 'download', 'modify'],
      remembered: false,
    });
    expect(syn.isLoggedIn).toBe(true);
    expect(await syn.getUserProfile()).toMatchObject({ userName: 'alice' });
    await syn.logout();
    expect(syn.isLoggedIn).toBe(false);
  });

  test('that Synapse refuses ends the login before it', async () => {
    const syn = await clients.open('alice');
    const error = await failure(() => syn.login({ authToken: 'secret-but-wrong' }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(`${JSON.stringify(error)} ${error.stack ?? ''}`).not.toContain('secret-but-wrong');
    expect(syn.isLoggedIn).toBe(false);
  });

  test('that was revoked is refused', async () => {
    const syn = await withPassword('alice');
    const body = { name: 'short-lived', scope: ['view' as const] };
    const { token } = await syn.services.authentication.createPersonalAccessToken({ body });
    const other = await open();
    expect(await other.login({ authToken: token })).toMatchObject({ scopes: ['view'] });
    const list = await syn.services.authentication.listPersonalAccessTokens();
    const record = list.results.find(({ name }) => name === 'short-lived');
    await syn.services.authentication.deletePersonalAccessToken({ id: record?.id ?? '' });
    expect(await failure(() => other.login({ authToken: token }))).toBeInstanceOf(
      AuthenticationError,
    );
  });

  test('without the scope view is refused at once', async () => {
    const syn = await withPassword('alice');
    const body = { name: 'write-only', scope: ['modify' as const] };
    const { token } = await syn.services.authentication.createPersonalAccessToken({ body });
    let error: Error | undefined;
    const calls = await clients.calls(async () => {
      error = await failure(() => syn.login({ authToken: token }));
    });
    expect(calls).toEqual([]);
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error?.message).toContain('"view" (it has: modify)');
    expect(error?.message).not.toContain(token);
  });

  test('of somebody else than the user named is refused', async () => {
    const syn = await open();
    const wrong = { username: 'bob', authToken: tokens.alice };
    expect(await failure(() => syn.login(wrong))).toBeInstanceOf(CredentialsError);
    expect(syn.isLoggedIn).toBe(false);
    expect(await syn.login({ username: 'alice', authToken: tokens.alice })).toMatchObject({
      userName: 'alice',
    });
  });
});

describe('without a token', () => {
  test('the configuration file goes before the environment', async () => {
    const configPath = await configFile(
      `[default]\nauthtoken=${tokens.alice}\n[profile lab]\nusername=bob\nauthtoken=${tokens.bob}\n`,
    );
    const environment = { SYNAPSE_AUTH_TOKEN: tokens.bob };
    const syn = await open({ configPath, environment });
    expect(await syn.login()).toMatchObject({
      userName: 'alice',
      source: 'config',
      profile: 'default',
    });
    expect(await syn.login({ profile: 'lab' })).toMatchObject({ userName: 'bob', profile: 'lab' });
    const ofProfile = await open({ configPath, profile: 'lab' });
    expect(await ofProfile.login()).toMatchObject({ userName: 'bob', profile: 'lab' });
    const asked = await ofProfile.login({ profile: undefined });
    expect(asked).toMatchObject({ userName: 'bob', profile: 'lab' });
    const byVariable = await open({ configPath, environment: { SYNAPSE_PROFILE: 'lab' } });
    expect(await byVariable.login()).toMatchObject({ userName: 'bob', profile: 'lab' });
    const error = await failure(() => syn.login({ profile: 'missing' }));
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error.message).toContain('"missing"');
    expect(error.message).toContain('which has: default, lab');
  });

  test('the environment is next', async () => {
    const syn = await open({ environment: { SYNAPSE_AUTH_TOKEN: tokens.bob } });
    expect(await syn.login()).toMatchObject({ userName: 'bob', source: 'environment' });
    const empty = await open({ environment: { SYNAPSE_AUTH_TOKEN: '' } });
    expect((await failure(() => empty.login())).message).toContain(
      'SYNAPSE_AUTH_TOKEN has no value',
    );
  });

  test('a parameter store that cannot be reached is passed over with a notice', async () => {
    const environment = { SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME: '/team/token' };
    const syn = await open({ environment });
    expect(await failure(() => syn.login())).toBeInstanceOf(NoCredentialsError);
    expect(clients.notes.at(-1)).toContain('/team/token');
  });

  test('an error lists every source that was tried', async () => {
    const syn = await open();
    const error = await failure(() => syn.login());
    expect(error).toBeInstanceOf(NoCredentialsError);
    expect(error.message).toContain('no-config');
    expect(error.message).toContain('SYNAPSE_AUTH_TOKEN');
    expect(error.message).toContain('synapse login');
  });

  test('a configuration of another user is passed over with a notice', async () => {
    const configPath = await configFile(`[default]\nusername=alice\nauthtoken=${tokens.alice}\n`);
    const syn = await open({ configPath, environment: { SYNAPSE_AUTH_TOKEN: tokens.bob } });
    expect(await syn.login({ username: 'bob' })).toMatchObject({ userName: 'bob' });
    expect(clients.notes.at(-1)).toContain('belongs to alice, not to bob');
  });

  test('a configuration that names no user is passed over where one is asked for', async () => {
    const configPath = await configFile(`[default]\nauthtoken=${tokens.alice}\n`);
    const syn = await open({ configPath, environment: { SYNAPSE_AUTH_TOKEN: tokens.bob } });
    expect(await syn.login({ username: 'bob' })).toMatchObject({ source: 'environment' });
  });

  test('a token from elsewhere is of no profile', async () => {
    const syn = await open();
    const login = await syn.login({ authToken: tokens.bob, profile: 'lab' });
    expect(login).not.toHaveProperty('profile');
  });
});

describe('a password', () => {
  test('gives a token that ends', async () => {
    const syn = await open();
    const login = await syn.login({ username: 'bob', password: 'bob-password' });
    expect(login).toMatchObject({ userName: 'bob', source: 'password' });
    expect(login.expiresOn?.getTime()).toBeGreaterThan(Date.now());
  });

  test('that is wrong is not shown in the error', async () => {
    const syn = await open();
    const error = await failure(() => syn.login({ username: 'bob', password: 'wrong-secret' }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(`${JSON.stringify(error)} ${error.stack ?? ''}`).not.toContain('wrong-secret');
    expect(await failure(() => syn.login({ password: 'x' }))).toBeInstanceOf(ArgumentError);
  });

  test('with two-factor authentication needs a code', async () => {
    const username = 'dora';
    const password = 'dora-password';
    const { authToken } = await clients.server.createUser({ username, password });
    const syn = await open();
    await syn.login({ authToken });
    const { secret = '', secretId = '' } =
      await syn.services.twoFactorAuthentication.enrollTwoFactorAuth();
    const body = { secretId, totp: oneTimeCode(secret) };
    await syn.services.twoFactorAuthentication.enableTwoFactorAuth({ body });

    const error = await failure(() => syn.login({ username, password }));
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error.message).toContain('two-factor');
    const otp = (): string => oneTimeCode(secret);
    expect(await syn.login({ username, password, otp })).toMatchObject({ userName: 'dora' });
    const wrong = { username, password, otp: () => '000000' };
    expect(await failure(() => syn.login(wrong))).toBeInstanceOf(AuthenticationError);
  });
});

describe('the keychain', () => {
  test('keeps the token until the logout', async () => {
    const keychain = memoryKeychain();
    const syn = await open({ keychain });
    const login = await syn.login({ authToken: tokens.alice, rememberMe: true });
    expect(login.remembered).toBe(true);

    const later = await open({ keychain });
    expect(await later.login()).toMatchObject({
      userName: 'alice',
      source: 'keychain',
      profile: 'default',
      remembered: true,
    });
    await later.logout();
    expect(keychain.entries.size).toBe(0);
    expect(await failure(() => later.login())).toBeInstanceOf(NoCredentialsError);
  });

  test('gives the token of a profile to its own Synapse only', async () => {
    const keychain = memoryKeychain();
    const syn = await open({ keychain });
    await syn.login({ authToken: tokens.alice, rememberMe: true });
    await syn.login({ authToken: tokens.bob, profile: 'lab', rememberMe: true });
    expect(await syn.login({ profile: 'lab' })).toMatchObject({
      userName: 'bob',
      source: 'keychain',
    });
    await syn.logout({ profile: 'lab' });
    expect(await syn.login()).toMatchObject({ userName: 'alice' });
    const elsewhere = await open({ keychain, endpoint: 'http://127.0.0.1:9' });
    expect(await failure(() => elsewhere.login())).toBeInstanceOf(NoCredentialsError);
  });

  test('that is not there is reported in one line', async () => {
    const syn = await open();
    const login = await syn.login({ authToken: tokens.alice, rememberMe: true });
    expect(login.remembered).toBe(false);
    expect(clients.notes.at(-1)).toMatch(/^The login is not saved.*\(no secret service\)/);
    await syn.logout();
    expect(syn.isLoggedIn).toBe(false);
  });
});

test('a configuration file that cannot be read stops the client before anything else', async () => {
  const configPath = join(clients.folder, 'broken-config');
  await writeFile(configPath, '[default]\nauthtoken=x\nnonsense\n');
  const error = await failure(() => open({ configPath }));
  expect(error).toMatchObject({ name: 'ConfigError', line: 3 });
});
