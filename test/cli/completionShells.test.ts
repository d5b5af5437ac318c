import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { completionFolder, completionLogin } from '../../src/cli/completion/completionLogin.js';
import { KeptLists } from '../../src/cli/completion/keptLists.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse } from './runSynapse.js';
import { hasShell, ShellSession } from './shellSession.js';

/** A name that runs a program in a shell that evaluates it. */
const hostile = '$(touch created)`touch created`;\'"&|x';
/** A code for a terminal that no shell uses for its own colors. */
const colors = '\u001b[9;35;43m';

const server = withServer();
let home: string;
let env: Record<string, string>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-shells-'));
  const { endpoint, authToken } = server.synapse;
  env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  const create = async (...args: string[]): Promise<string> => {
    const { stdout } = await runSynapse([...args, '--json'], { home, env });
    return (JSON.parse(stdout) as { id: string }).id;
  };
  const project = await create('create', 'Project', '--name', 'Mouse study');
  const folder = await create('create', 'Folder', '--name', 'raw data', '--parent-id', project);
  await writeFile(join(home, 'counts.csv'), 'a,b\n');
  await create('store', 'counts.csv', '--parent-id', folder, '--name', "it's (a) file.csv");
  await mkdir(join(home, 'my files'));
  await writeFile(join(home, 'my files', 'ünï $HOME `côde`.csv'), '');
  // Each list is fetched once before the sessions, which then need not wait.
  for (const path of ['syn://', 'syn://Mouse\\ study/', 'syn://Mouse\\ study/raw\\ data/']) {
    await filled(path);
  }
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Asks until the list is there: it is fetched in the background. */
async function filled(path: string): Promise<void> {
  for (let count = 0; count < 40; count += 1) {
    const args = ['complete', '--shell', 'fish', '--', 'get', path];
    const { stdout } = await runSynapse(args, { home, env });
    if (stdout.trim() !== 'none') return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`There was nothing at ${path}.`);
}

for (const shell of ['bash', 'zsh', 'fish']) {
  (hasShell(shell) ? describe : describe.skip)(
    `in ${shell}, if it and script are installed`,
    () => {
      let session: ShellSession;
      beforeAll(() => runSynapse(['autocomplete', 'install', '--shell', shell], { home }));
      beforeEach(async () => {
        session = await ShellSession.start(shell, { home, env });
      });
      afterEach(() => session.end());

      test('Tab completes a command', async () => {
        expect(await session.complete('synapse acc', /access/)).toEqual(['access']);
      });

      test('Tab completes a flag after an argument, and its value', async () => {
        await session.typeUntil('synapse get syn1 --if-c\t', /collision/);
        expect(await session.complete('ov', /overwrite\.local/)).toEqual([
          ...['get', 'syn1', '--if-collision', 'overwrite.local'],
        ]);
      });

      test('Tab completes a value after an equals sign', async () => {
        expect(await session.complete('synapse get --if-collision=ov', /overwrite\.local/)).toEqual(
          [...['get', '--if-collision=overwrite.local']],
        );
      });

      test('Tab completes the path of an entity, one name after the other', async () => {
        await session.typeUntil('synapse get syn://Mo\t', /Mouse\\ study\//);
        await session.typeUntil('\t', /raw\\ data\//);
        expect(await session.complete('', /\.csv/)).toEqual([
          ...['get', "syn://Mouse study/raw data/it's (a) file.csv"],
        ]);
      });

      test.each([`"`, `'`])('Tab completes a path after %s', async (quote) => {
        const line = `synapse get ${quote}syn://Mouse study/raw data/it`;
        expect(await session.complete(line, /file\.csv/)).toEqual([
          ...['get', "syn://Mouse study/raw data/it's (a) file.csv"],
        ]);
      });

      test('Tab completes an operation of the API, and its parameter', async () => {
        await session.typeUntil('synapse api entity.getEntityPerm\t', /issions/);
        expect(await session.complete('--id', /--id /)).toEqual([
          ...['api', 'entity.getEntityPermissions', '--id'],
        ]);
      });

      test('Tab completes the names of files after store', async () => {
        await session.typeUntil('synapse store my\t', /my\\ files\//);
        expect(await session.complete('', /\.csv/)).toEqual([
          ...['store', 'my files/ünï $HOME `côde`.csv'],
        ]);
      });

      test('names that are programs are only text', async () => {
        // What a server says is no reason to run anything, also when its names are not those that Synapse accepts.
        const cacheHome = join(home, `cache-${shell}`);
        const words = ['--config-path', join(home, '.synapseConfig')];
        const { key } = completionLogin(words, env);
        const lists = new KeptLists(completionFolder({ XDG_CACHE_HOME: cacheHome }), key);
        const project = { type: 'project' };
        lists.write('projects', [
          { id: 'syn7', name: hostile, ...project },
          { id: 'syn8', name: `${hostile}\n${colors}`, ...project },
          { id: '$(touch created)', name: 'no id', ...project },
        ]);
        const other = await ShellSession.start(shell, {
          home,
          env: { ...env, XDG_CACHE_HOME: cacheHome },
        });
        try {
          await other.typeUntil('synapse show syn\t', /syn/);
          // fish lists at once, zsh at the second Tab, bash at the third.
          await other.typeUntil('\t\t\t', /touch created/);
          expect(other.raw).not.toContain(colors);
          const expected = ['show', `syn://${hostile}/`];
          expect(await other.complete('\u0015synapse show syn://', /touch\\ created/)).toEqual(
            expected,
          );
        } finally {
          await other.end();
        }
        expect(await readdir(home)).not.toContain('created');
      });

      test('Tab replaces the name of an entity by its id', async () => {
        const [verb, id] = await session.complete('synapse show mouse', /syn\d+/);
        expect(verb).toBe('show');
        expect(id).toMatch(/^syn\d+$/);
      });
    },
  );
}
