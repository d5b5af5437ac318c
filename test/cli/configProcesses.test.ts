import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readConfig } from '../../src/auth/config.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { runSynapse, type Ended } from './runSynapse.js';

const processes = 8;
const numbers = Array.from({ length: processes }, (_, index) => index);

let local: LocalSynapse;
let top: string;
let home: string;
let path: string;

beforeAll(async () => {
  local = await startLocalSynapse({ strict: true });
  top = await mkdtemp(join(tmpdir(), 'synapse-configs-'));
});
beforeEach(async () => {
  home = await mkdtemp(join(top, 'home-'));
  path = join(home, '.synapseConfig');
});
afterAll(async () => {
  await local.close();
  await rm(top, { recursive: true, force: true });
});

function synapse(args: string[], input = ''): Promise<Ended> {
  const env = {
    SYNAPSE_ENDPOINT: local.endpoint,
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none',
    XDG_RUNTIME_DIR: home,
  };
  return runSynapse(args, { home, env, input });
}

function addProfile(name: string): Promise<Ended> {
  return synapse(['config', '--profile', name, '--auth-token-file', '-'], local.authToken);
}

function expectProfiles(names: readonly string[]): void {
  const config = readConfig(path);
  expect([...config.profiles].sort()).toEqual([...names].sort());
  for (const name of names) expect(config.login(name)?.authToken).toBe(local.authToken);
}

/** Files beside the configuration file, other than its copies. */
async function leftovers(): Promise<string[]> {
  const names = await readdir(home);
  return names.filter(
    (name) => name.startsWith('.syn') && !/^\.synapseConfig(\.backup\d*)?$/.test(name),
  );
}

test('config by 8 processes at once keeps all 8 profiles', async () => {
  const ended = await Promise.all(numbers.map((number) => addProfile(`p${number}`)));
  expect(ended.map(({ status, stderr }) => (status === 0 ? '' : stderr))).toEqual(
    ended.map(() => ''),
  );
  expectProfiles(numbers.map((number) => `p${number}`));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await leftovers()).toEqual([]);
}, 120_000);

test('config beside login and logout keeps comments, unknown sections and the other profiles', async () => {
  const before = `# my own note, keep it\n[default]\nauthtoken=${local.authToken}\n\n[mine]\n; note\nanything = at all\n`;
  await writeFile(path, before, { mode: 0o600 });
  const ended = await Promise.all(
    numbers.map((number) => {
      if (number % 4 === 2) return synapse(['login', '--remember-me']);
      if (number % 4 === 3) return synapse(['logout']);
      return addProfile(`p${number}`);
    }),
  );
  const added = numbers.filter((number) => number % 4 < 2);
  for (const number of added) expect(ended[number]).toMatchObject({ status: 0 });
  expectProfiles(['default', ...added.map((number) => `p${number}`)]);
  const after = await readFile(path, 'utf8');
  expect(after).toContain('# my own note, keep it\n');
  expect(after).toContain('[mine]\n; note\nanything = at all\n');
  expect(await leftovers()).toEqual([]);
}, 120_000);

test('config by 8 processes goes on when a process is killed that holds the lock', async () => {
  const script = join(import.meta.dirname, '../auth/children/holdLock.ts');
  const holder = spawn(process.execPath, ['--import', 'tsx', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await once(holder.stdout, 'data');
  const exited = once(holder, 'exit');
  const running = numbers.map((number) => addProfile(`p${number}`));
  // All of them wait until it ends.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(await readdir(home)).not.toContain('.synapseConfig');
  holder.kill('SIGKILL');
  await exited;
  for (const { status } of await Promise.all(running)) expect(status).toBe(0);
  expectProfiles(numbers.map((number) => `p${number}`));
  expect(await leftovers()).toEqual([]);
}, 120_000);
