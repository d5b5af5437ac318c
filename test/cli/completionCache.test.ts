import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { completionLogin, loginFlags } from '../../src/cli/completion/completionLogin.js';
import { KeptLists } from '../../src/cli/completion/keptLists.js';
import { withServer } from '../helpers/withServer.js';
import { withTempDir } from '../helpers/tempDir.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();

const project = { id: 'syn1', name: 'P', type: 'project' };

describe('lists of names', () => {
  test('are files that only their owner can read', () =>
    withTempDir(async (root) => {
      const lists = new KeptLists(root, 'key');
      lists.write('projects', [project], 5);
      expect(lists.read('projects')).toEqual({ at: 5, items: [project] });
      expect((await stat(join(root, 'key'))).mode & 0o777).toBe(0o700);
      expect((await stat(join(root, 'key/projects.json'))).mode & 0o777).toBe(0o600);
      expect(await readdir(join(root, 'key'))).toEqual(['projects.json']);
    }));

  test('of one login are not those of another one', () =>
    withTempDir((root) => {
      new KeptLists(root, 'one').write('projects', [project]);
      expect(new KeptLists(root, 'two').read('projects')).toBeUndefined();
      return Promise.resolve();
    }));

  test('have a bounded size, and names a bounded length', () =>
    withTempDir((root) => {
      const lists = new KeptLists(root, 'key');
      const items = Array.from({ length: 1500 }, () => ({ ...project, name: 'n'.repeat(5000) }));
      lists.write('teams', items);
      const kept = lists.read('teams')?.items ?? [];
      expect(kept).toHaveLength(1000);
      expect(kept[0]?.name).toHaveLength(256);
      return Promise.resolve();
    }));

  test('have a bounded number, and the ones that were not used longest go first', () =>
    withTempDir(async (root) => {
      const lists = new KeptLists(root, 'key');
      const old = new Date(Date.now() - 10_000);
      for (let index = 0; index < 205; index += 1) {
        lists.write(`children-syn${index}`, [project]);
        await utimes(join(root, `key/children-syn${index}.json`), old, old);
      }
      lists.write('projects', [project]);
      expect(await readdir(join(root, 'key'))).toHaveLength(200);
      expect(lists.read('projects')).toBeDefined();
    }));

  test('of a login that was not used for a month are removed', () =>
    withTempDir(async (root) => {
      const unused = new KeptLists(root, 'unused');
      unused.write('projects', [project]);
      const old = new Date(Date.now() - 40 * 24 * 3600 * 1000);
      await utimes(join(root, 'unused/projects.json'), old, old);
      new KeptLists(root, 'key').write('projects', [project]);
      expect(await readdir(root)).toEqual(['key']);
    }));

  test.each(['', '{', '[]', '{"at":1,"items":{}}', '{"at":"1","items":[]}'])(
    'that were damaged to %j are none',
    (text) =>
      withTempDir(async (root) => {
        const lists = new KeptLists(root, 'key');
        lists.write('projects', [project]);
        await writeFile(join(root, 'key/projects.json'), text);
        expect(lists.read('projects')).toBeUndefined();
      }),
  );

  test('lose only what is no item', () =>
    withTempDir(async (root) => {
      const lists = new KeptLists(root, 'key');
      lists.write('projects', []);
      const text = JSON.stringify({ at: 1, items: [null, 1, { id: 1, name: 'x' }, project] });
      await writeFile(join(root, 'key/projects.json'), text);
      expect(lists.read('projects')?.items).toEqual([project]);
    }));

  test('are fetched by one process at a time, and not again soon after a failure', () =>
    withTempDir((root) => {
      const lists = new KeptLists(root, 'key');
      expect(lists.claim('teams', 10_000)).toBe(true);
      expect(lists.claim('teams', 10_000)).toBe(false);
      expect(lists.isPending('teams')).toBe(true);
      lists.release('teams', true);
      expect(lists.isPending('teams')).toBe(false);
      expect(lists.claim('teams', 10_000)).toBe(false);
      lists.release('teams', false);
      expect(lists.claim('teams', 10_000)).toBe(true);
      return Promise.resolve();
    }));

  test('of what was typed are files within the folder', () =>
    withTempDir(async (root) => {
      const lists = new KeptLists(root, 'key');
      lists.write('users-../../x', [project]);
      lists.write(`users-${'é'.repeat(500)}`, [project]);
      expect(await readdir(root)).toEqual(['key']);
      expect(lists.read('users-../../x')?.items).toEqual([project]);
    }));

  test('of content are suggested in the order of their use', () =>
    withTempDir(async (root) => {
      const lists = new KeptLists(root, 'key');
      lists.write('children-syn1', [{ id: 'syn11', name: 'a' }]);
      lists.write('children-syn2', [{ id: 'syn21', name: 'b' }]);
      const old = new Date(Date.now() - 10_000);
      await utimes(join(root, 'key/children-syn1.json'), old, old);
      expect(lists.recent().map(({ id }) => id)).toEqual(['syn21', 'syn11']);
    }));
});

describe('the login', () => {
  test.each([
    [['--profile', 'lab', 'get'], { profile: 'lab' }],
    [['-r', 'lab', 'get'], { profile: 'lab' }],
    [['get', '--profile=lab'], { profile: 'lab' }],
    [['get', 'syn1', '-r', 'x'], {}],
    [['-u', 'me', '-p', 'secret', 'get'], { username: 'me', password: 'secret' }],
    [['get', '--endpoint', 'http://x'], { endpoint: 'http://x' }],
  ])('is read from %j', (words, flags) => {
    expect(loginFlags(words)).toEqual(flags);
  });

  test('has another key for each token, profile and server, which is not the token', () =>
    withTempDir(async (home) => {
      const path = join(home, 'config');
      await writeFile(path, '[default]\nauthtoken=one\n[profile lab]\nauthtoken=two\n');
      const key = (words: string[], env = {}): string =>
        completionLogin(['--config-path', path, ...words], env).key;
      const keys = [key([]), key(['--profile', 'lab']), key(['--endpoint', 'http://x'])];
      expect(new Set(keys).size).toBe(3);
      expect(key([], { SYNAPSE_PROFILE: 'lab' })).toBe(keys[1]);
      expect(keys.join()).not.toMatch(/one|two/);
    }));
});

describe('synapse complete', () => {
  const complete = (
    home: string,
    env: Record<string, string>,
    ...words: string[]
  ): Promise<Ended> => runSynapse(['complete', '--shell', 'fish', '--', ...words], { home, env });

  test('fetches names in the background, and suggests them', () =>
    withTempDir(async (home) => {
      const { endpoint, authToken } = server.synapse;
      const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
      const args = ['create', 'Project', '--name', 'Background'];
      await runSynapse(args, { home, env });
      let shown = '';
      for (let count = 0; count < 40 && !shown.includes('Background'); count += 1) {
        shown = (await complete(home, env, 'get', 'syn')).stdout;
      }
      expect(shown).toMatch(/^syn\d+\tBackground$/m);
      expect(await filesIn(join(home, '.cache/synapse/completion'))).not.toContain(authToken);
    }));

  test.each([
    ['a server that does not answer', { SYNAPSE_ENDPOINT: 'http://127.0.0.1:9' }],
    ['an address that is none', { SYNAPSE_ENDPOINT: 'nonsense' }],
    ['a token that is refused', { SYNAPSE_AUTH_TOKEN: 'refused' }],
    ['a cache that cannot be written', { XDG_CACHE_HOME: '/dev/null' }],
  ])('says nothing about %s', (_, env) =>
    withTempDir(async (home) => {
      const defaults = { SYNAPSE_ENDPOINT: server.synapse.endpoint, SYNAPSE_AUTH_TOKEN: 'x' };
      const ended = await complete(home, { ...defaults, ...env }, 'get', 'syn1');
      expect(ended).toEqual({ status: 0, stdout: 'none\n', stderr: '' });
    }),
  );

  test('says nothing about a configuration file with mistakes', () =>
    withTempDir(async (home) => {
      await writeFile(join(home, '.synapseConfig'), 'nonsense');
      const ended = await complete(home, {}, 'get', '--profile', '');
      expect(ended).toEqual({ status: 0, stdout: 'none\n', stderr: '' });
    }));

  test.each([['logout'], ['autocomplete', '--refresh-cache']])(
    'has forgotten all names after synapse %s %s',
    (...args) =>
      withTempDir(async (home) => {
        const kept = join(home, '.cache/synapse/completion');
        new KeptLists(kept, 'key').write('projects', [project]);
        await runSynapse(args, { home });
        await expect(readdir(kept)).rejects.toMatchObject({ code: 'ENOENT' });
      }),
  );

  test('logs nobody in with a password that was typed', () =>
    withTempDir(async (home) => {
      await complete(home, {}, '-u', 'me', '-p', 'secret', 'get', 'syn1');
      await expect(readdir(join(home, '.cache'))).rejects.toMatchObject({ code: 'ENOENT' });
    }));

  test.each([
    [['complete', '--shell', 'tcsh', '--', 'get']],
    [['complete', '--shell']],
    [['complete', '--shell', 'bash', '--']],
    [['complete', '--shell', 'powershell', '--', '%%%']],
    [['complete', '--fetch', 'nonsense']],
  ])('prints no error for %j', (args) =>
    withTempDir(async (home) => {
      expect(await runSynapse(args, { home })).toMatchObject({ status: 0, stderr: '' });
    }),
  );
});

async function filesIn(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8'));
  return (await Promise.all(texts)).join();
}
