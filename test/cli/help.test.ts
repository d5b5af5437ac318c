import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nearestCommand } from '../../src/cli/nearestCommand.js';
import { runSynapse, type Ended } from './runSynapse.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-help-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const synapse = (...args: string[]): Promise<Ended> => runSynapse(args, { home });

describe('the help', () => {
  test('of a command begins with what is required', async () => {
    const { stdout } = await synapse('set-annotations', '--help');
    const headings = stdout.split('\n').filter((line) => /^[A-Z ]+$/.test(line));
    expect(headings).toEqual([
      'USAGE',
      'ARGUMENTS',
      'FLAGS',
      'DESCRIPTION',
      'EXAMPLES',
      'GLOBAL FLAGS',
    ]);
    expect(stdout).toContain('\n  $ synapse set-annotations [ID] --annotations=<json> [FLAGS]\n');
    const own = stdout.slice(0, stdout.indexOf('GLOBAL FLAGS'));
    expect(own).not.toContain('--endpoint');
    expect(stdout.slice(own.length)).toContain('--endpoint');
  });

  test('is the same for `synapse help get` and `synapse get --help`', async () => {
    const asked = await synapse('help', 'get');
    expect(asked).toEqual(await synapse('get', '--help'));
    expect(asked.status).toBe(0);
  });

  test('lists the exit statuses', async () => {
    const { stdout } = await synapse();
    expect(stdout).toContain('synapse login --remember-me');
    expect(stdout).toMatch(/EXIT STATUS\n.*4 not found/);
  });

  test('has an example for every command', async () => {
    const manifest = await readFile(join(import.meta.dirname, '../../oclif.manifest.json'), 'utf8');
    const { commands } = JSON.parse(manifest) as {
      commands: Record<string, { examples?: unknown[]; summary?: string }>;
    };
    const lacking = Object.entries(commands)
      // Those of the oclif plugin say what they do in their own way.
      .filter(([id]) => !id.startsWith('autocomplete'))
      .filter(([, { examples, summary }]) => !examples?.length || !summary)
      .map(([id]) => id);
    expect(lacking).toEqual([]);
  });
});

describe('a command line that is wrong', () => {
  const cases: [args: string[], line: string][] = [
    [['stor', 'a.txt'], 'There is no command "stor". Did you mean: synapse store'],
    [['cache', 'lst'], 'There is no command "cache lst". Did you mean: synapse cache list'],
    [['frobnicate'], 'There is no command "frobnicate". `synapse --help` lists all commands.'],
    [['get'], 'get: Missing ID'],
    [['get-sts-token', 'syn1'], 'get-sts-token: Missing PERMISSION (read_only or read_write)'],
    [['mv'], 'mv: Missing ID and PARENT'],
    [['get-annotations'], 'get-annotations: Missing ID'],
    [['create', 'Folder'], 'create: Missing required flag --name'],
    [
      ['get', 'syn1', '--limit-rate', 'fast'],
      'get: --limit-rate: "fast" is not a size: write a number such as 500k, 10M or 2G.',
    ],
    [['login', '--auth-token', ''], 'login: --auth-token is empty.'],
    [
      ['list', 'syn1', '--config-path', 'none.cfg'],
      'list: --config-path: the file none.cfg does not exist.',
    ],
  ];

  test.each(cases)('%j', async (args, line) => {
    const { status, stdout, stderr } = await synapse(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^synapse:? .*\n$/);
    expect(stderr.replace(/^synapse:? /, '').trimEnd()).toBe(line);
  });
});

test('a command is suggested only when it is like what was typed', () => {
  const commands = ['get', 'get-annotations', 'list', 'local:start'];
  expect(nearestCommand('lsit', commands)).toBeUndefined();
  expect(nearestCommand('lists', commands)).toBe('list');
  expect(nearestCommand('get-anotations', commands)).toBe('get-annotations');
  expect(nearestCommand('local:stat', commands)).toBe('local:start');
  expect(nearestCommand('x', commands)).toBeUndefined();
});
