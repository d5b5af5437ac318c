import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keychainAccount } from '../../src/auth/keychain.js';

const run = promisify(execFile);
const probe = join(import.meta.dirname, 'keychainProbe.ts');
const isThere = (command: string): boolean => spawnSync('which', [command]).status === 0;
// The Secret Service of Linux, in a session of its own: Debian has it in dbus and gnome-keyring.
const withSession =
  process.platform === 'linux' && isThere('dbus-run-session') && isThere('gnome-keyring-daemon')
    ? test
    : test.skip;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapseclient-keychain-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function probed(command: string, args: string[]): Promise<unknown> {
  const { stdout } = await run(command, args, {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_RUNTIME_DIR: home,
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${home}/no-bus`,
    },
  });
  return JSON.parse(stdout);
}

describe('the keychain of the operating system', () => {
  withSession('stores, finds and removes a token', async () => {
    const unlock =
      'printf "pw\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
    const script = `${unlock}; exec node --import tsx '${probe}'`;
    const seen = await probed('dbus-run-session', ['--', 'sh', '-c', script]);
    expect(seen).toEqual([null, 'a token', null, true, false]);
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux(
    'refuses where there is none, rather than losing the token at the next start',
    async () => {
      expect(await probed('node', ['--import', 'tsx', probe])).toEqual(['rejected']);
    },
  );

  test('keeps the tokens of each profile and Synapse apart', () => {
    const accounts = [
      keychainAccount('default', 'https://a.example/auth/v1'),
      keychainAccount('lab', 'https://a.example/auth/v1'),
      keychainAccount('default', 'http://127.0.0.1:8080'),
    ];
    expect(accounts).toEqual(['default@a.example', 'lab@a.example', 'default@127.0.0.1:8080']);
  });
});
