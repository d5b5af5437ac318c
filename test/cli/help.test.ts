import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nearestName } from '../../src/values/nearestName.js';
import { commandDefinitions } from './commandDefinitions.js';
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
    expect(stdout).toContain(
      '\n  $ synapse set-annotations [ID...] --annotations=<json> [FLAGS]\n',
    );
    const own = stdout.slice(0, stdout.indexOf('GLOBAL FLAGS'));
    expect(own).not.toContain('--endpoint');
    expect(stdout.slice(own.length)).toContain('--endpoint');
  });

  test('is the same for `synapse help get` and `synapse get --help`', async () => {
    const asked = await synapse('help', 'get');
    expect(asked).toEqual(await synapse('get', '--help'));
    expect(asked.status).toBe(0);
  });

  const spellings: [same: string[], args: string[]][] = [
    [[], ['-h']],
    [[], ['help']],
    [['get'], ['get', '-h']],
    [['get'], ['-h', 'get']],
    [['get'], ['get', 'syn1', '--recursive', '-h']],
    [['head'], ['help', 'head']],
    [['cache'], ['cache', '-h']],
    [['cache'], ['help', 'cache']],
    [
      ['cache', 'list'],
      ['cache', 'list', '-h'],
    ],
    [['get-annotations'], ['get-annotations', 'syn1', '-h']],
    [
      ['api', 'entity.getEntity'],
      ['api', 'entity.getEntity', '-h'],
    ],
  ];
  test.each(spellings)('of %j is shown by %j', async (same, args) => {
    const asked = await synapse(...args);
    expect(asked).toEqual(await synapse(...same, '--help'));
    expect(asked).toMatchObject({ status: 0, stderr: '' });
  });

  test('is shown by -h for every command', async () => {
    for (const [id, { flags, hidden }] of Object.entries(commandDefinitions())) {
      const letters = Object.values(flags).map(({ char }) => char);
      expect({ id, letters }).toEqual({ id, letters: expect.not.arrayContaining(['h']) });
      if (hidden === true) continue;
      const { status, stdout } = await synapse(...id.split(':'), '-h');
      expect({ id, status, stdout }).toEqual({
        id,
        status: 0,
        stdout: expect.stringContaining(`$ synapse ${id.replaceAll(':', ' ')} `),
      });
    }
  });

  test('lists the exit statuses', async () => {
    const { stdout } = await synapse();
    expect(stdout).toContain('synapse login --remember-me');
    expect(stdout).toMatch(/EXIT STATUS\n[^]* 4 not found/);
  });

  test('has an example for every command', () => {
    const lacking = Object.entries(commandDefinitions())
      .filter(([, { examples, summary }]) => examples.length === 0 || summary === '')
      .map(([id]) => id);
    expect(lacking).toEqual([]);
  });
});

describe('a command line that is wrong', () => {
  const cases: [args: string[], line: string][] = [
    [['stor', 'a.txt'], 'There is no command "stor". Did you mean: synapse store'],
    [['cache', 'lst'], 'There is no command "cache lst". Did you mean: synapse cache list'],
    [['cach', 'list'], 'There is no command "cach". Did you mean: synapse cache list'],
    [
      ['cache', 'frob'],
      'There is no command "cache frob". `synapse cache --help` lists its commands.',
    ],
    [['lsit', 'syn1'], 'There is no command "lsit". Did you mean: synapse list'],
    [['ls', 'syn1'], 'There is no command "ls". Did you mean: synapse list'],
    [
      ['set_annotations'],
      'There is no command "set_annotations". Did you mean: synapse set-annotations',
    ],
    [['help', 'gett'], 'There is no command "gett". Did you mean: synapse get'],
    [['--vresion'], 'There is no flag --vresion. Did you mean --version?'],
    [
      ['-v', '2', 'get', 'syn1'],
      '-v is not a flag that all commands share: flags of a command follow its name, as in `synapse get -v`.',
    ],
    // An argument is never part of the name of a command.
    [['cache', 'list', 'syn1'], 'cache list: Unexpected argument: syn1'],
    [['logout', 'syn1', 'syn2'], 'logout: Unexpected arguments: syn1, syn2'],
    [['auth', 'status', 'quiet'], 'auth status: Unexpected argument: quiet. Did you mean --quiet?'],
    [
      ['get', 'syn1', '--donwload-location', 'x'],
      'get: There is no flag --donwload-location. Did you mean --download-location?',
    ],
    [
      ['get', 'syn1', '-downloadLocation', 'x'],
      'get: There is no flag -downloadLocation. Did you mean --download-location?',
    ],
    [
      ['list', 'syn1', '--zzz'],
      'list: There is no flag --zzz. `synapse list --help` lists the flags.',
    ],
    [
      ['api', 'entity.getEntity', '--idd', 'syn1'],
      'api: There is no flag --idd. Did you mean --id?',
    ],
    [
      ['get', 'syn1', '--if-collision', 'keepboth'],
      'get: Expected --if-collision=keepboth to be one of: keep.both, keep.local, overwrite.local. Did you mean keep.both?',
    ],
    [
      ['get-sts-token', 'syn1', 'readonly'],
      'get-sts-token: Expected readonly to be one of: read_only, read_write. Did you mean read_only?',
    ],
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
  expect(nearestName('lsit', commands)).toBe('list');
  expect(nearestName('silt', commands)).toBeUndefined();
  expect(nearestName('getAnnotations', commands)).toBe('get-annotations');
  expect(nearestName('annot', commands)).toBeUndefined();
  expect(nearestName('lists', commands)).toBe('list');
  expect(nearestName('get-anotations', commands)).toBe('get-annotations');
  expect(nearestName('local:stat', commands)).toBe('local:start');
  expect(nearestName('x', commands)).toBeUndefined();
});
