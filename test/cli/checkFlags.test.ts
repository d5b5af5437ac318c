import { describe, expect, test } from '@jest/globals';
import { checkFlags, type FlagSpelling } from '../../src/cli/checkFlags.js';

const flags: Record<string, FlagSpelling> = {
  recursive: { type: 'boolean', char: 'r' },
  long: { type: 'boolean', char: 'l' },
  version: { type: 'option', char: 'v' },
  output: { type: 'option', char: 'o' },
  'parent-id': { type: 'option', aliases: ['parentId', 'parentid'] },
  json: { type: 'boolean' },
  colour: { type: 'boolean', allowNo: true },
  secret: { type: 'boolean', hidden: true },
};

function check(...argv: string[]): string {
  try {
    checkFlags(argv, flags, 'try');
    return 'fine';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('accepted', () => {
  test.each([
    [['syn1', '-r', '--long']],
    [['-rl', 'syn1']],
    [['-rv3']],
    [['-v3', '-ofile.json', '-ojson', '-ooutput']],
    [['-o=file', '--output=-x']],
    [['--parentId', 'syn1', '--parentid=syn2']],
    [['--no-colour', '--secret']],
    [['-', '-5', '--version', '-3']],
    [['–3', '—', '– not a flag']],
  ])('%j', (argv) => {
    expect(check(...argv)).toBe('fine');
  });

  test('a value that looks like a flag', () => {
    expect(check('--output', '--recusive', '-o', '-recursive')).toBe('fine');
  });

  test('anything after two dashes', () => {
    expect(check('--', '--recusive', '-output')).toBe('fine');
  });
});

test.each([
  ['--recusive', 'There is no flag --recusive. Did you mean --recursive?'],
  ['--Recursive', 'There is no flag --Recursive. Did you mean --recursive?'],
  ['--rec', 'There is no flag --rec. Did you mean --recursive?'],
  ['--parent_id=syn1', 'There is no flag --parent_id. Did you mean --parent-id?'],
  ['--parent', 'There is no flag --parent. Did you mean --parent-id?'],
  ['-parentid', 'There is no flag -parentid. Did you mean --parent-id?'],
  ['-recursive', 'There is no flag -recursive. Did you mean --recursive?'],
  // Not -o with the value "utput", nor -v with the value "ersion".
  ['-output', 'There is no flag -output. Did you mean --output?'],
  ['-ouput', 'There is no flag -ouput. Did you mean --output?'],
  ['-version=3', 'There is no flag -version. Did you mean --version?'],
  ['—recursive', 'There is no flag —recursive. Did you mean --recursive?'],
  ['–json', 'There is no flag –json. Did you mean --json?'],
  ['--recursive=true', '--recursive takes no value: write only --recursive.'],
  ['-x', 'There is no flag -x. `synapse try --help` lists the flags.'],
  ['-rx', 'There is no flag -rx. `synapse try --help` lists the flags.'],
  ['--no-recursive', 'There is no flag --no-recursive. `synapse try --help` lists the flags.'],
  ['--secrt', 'There is no flag --secrt. `synapse try --help` lists the flags.'],
  ['--toString', 'There is no flag --toString. `synapse try --help` lists the flags.'],
  ['--constructor', 'There is no flag --constructor. `synapse try --help` lists the flags.'],
])('refused: %s', (word, message) => {
  expect(check('syn1', word)).toBe(message);
});
