import { describe, expect, test } from '@jest/globals';
import { readCommandLine, type CommandLine } from '../../src/cli/readCommandLine.js';

const names = {
  commands: ['get', 'list', 'get-annotations', 'cache:list', 'autocomplete', 'autocomplete:script'],
  topics: ['cache', 'autocomplete'],
  globalFlags: new Map([
    ['profile', true],
    ['json', false],
    ['quiet', false],
    ['silent', false],
    ['config-path', true],
    ['username', true],
    ['password', true],
    ['configPath', true],
    ['skip-checks', false],
    ['debug', false],
    ['otel', true],
  ]),
};

const read = (line: string): CommandLine => readCommandLine(line.split(' '), names);

describe('a command', () => {
  test.each([
    ['get syn1 to', 'get', ['syn1', 'to']],
    ['get-annotations syn1', 'get-annotations', ['syn1']],
    ['cache list syn1', 'cache:list', ['syn1']],
    ['cache:list', 'cache:list', []],
    ['autocomplete bash', 'autocomplete', ['bash']],
    ['autocomplete script bash', 'autocomplete:script', ['bash']],
    ['--json --profile lab get syn1', 'get', ['--json', '--profile=lab', 'syn1']],
    ['--profile=lab --silent cache list', 'cache:list', ['--profile=lab', '--silent']],
    ['-u alice -p secret get syn1', 'get', ['--username=alice', '--password=secret', 'syn1']],
    ['-ualice -p=--x get syn1', 'get', ['--username=alice', '--password=--x', 'syn1']],
    ['-p -secret- get syn1', 'get', ['--password=-secret-', 'syn1']],
    ['-r lab -c file get syn1 -r', 'get', ['--profile=lab', '--config-path=file', 'syn1', '-r']],
    ['-s --skip-checks get syn1', 'get', ['--skip-checks', '--skip-checks', 'syn1']],
    ['-sp secret get syn1', 'get', ['--skip-checks', '--password=secret', 'syn1']],
    ['-spsecret get syn1', 'get', ['--skip-checks', '--password=secret', 'syn1']],
    [
      '--pass secret --conf=file --deb get',
      'get',
      ['--password=secret', '--configPath=file', '--debug'],
    ],
    ['--otel console get', 'get', ['--otel=console']],
    ['get -- -h', 'get', ['--', '-h']],
    ['get help', 'get', ['help']],
  ])('%s', (line, id, argv) => {
    expect(read(line)).toEqual({ kind: 'run', id, argv });
  });
});

describe('help', () => {
  test.each([
    ['-h', undefined, []],
    ['help', undefined, []],
    ['--quiet', undefined, []],
    ['cache', 'cache', []],
    ['cache -h', 'cache', []],
    ['help cache', 'cache', []],
    ['help cache list', 'cache:list', []],
    ['-h get syn1', 'get', ['syn1']],
    ['get-annotations syn1 -h', 'get-annotations', ['syn1']],
  ])('%s', (line, id, rest) => {
    expect(read(line)).toEqual({ kind: 'help', rest, ...(id !== undefined && { id }) });
  });
});

test('the version is asked for by a flag alone', () => {
  expect(read('--version')).toEqual({ kind: 'version' });
  expect(read('-s --vers')).toEqual({ kind: 'version' });
});

test.each([
  ['gte syn1', 'Did you mean: synapse get'],
  ['get-anotations syn1', 'no command "get-anotations". Did you mean: synapse get-annotations'],
  ['cache lits', 'no command "cache lits". Did you mean: synapse cache list'],
  ['cahce list', 'Did you mean: synapse cache list'],
  ['cahce', 'Did you mean: synapse cache'],
  ['help cache syn1', 'no command "cache syn1". `synapse cache --help` lists its commands.'],
  ['whoami', 'Did you mean: synapse auth status'],
  ['toString', 'no command "toString". `synapse --help` lists all commands.'],
  ['--profle lab get', 'no flag --profle. Did you mean --profile?'],
  ['-x file get syn1', 'as in `synapse get -x`'],
  ['-profile lab get syn1', 'no flag -profile. Did you mean --profile?'],
  ['--p secret get syn1', '--p is ambiguous: it can be --password or --profile.'],
  ['-u', '-u needs a value'],
])('refused: %s', (line, message) => {
  expect(() => read(line)).toThrow(message);
});
