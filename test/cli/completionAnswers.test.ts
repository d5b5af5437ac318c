import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { bashAnswer } from '../../src/cli/completion/bashAnswer.js';
import type { Candidate } from '../../src/cli/completion/candidate.js';
import { shellTalks } from '../../src/cli/completion/shellAnswer.js';
import { bashRules, splitLine } from '../../src/cli/completion/splitLine.js';

const powershellRules = { escape: '`', isDoubled: true } as const;

describe('a line of bash', () => {
  test.each([
    ['synapse get sy', ['synapse', 'get', 'sy']],
    ['synapse get ', ['synapse', 'get', '']],
    ['synapse  get', ['synapse', 'get']],
    ['synapse get syn://Mouse\\ st', ['synapse', 'get', 'syn://Mouse st']],
    ['synapse get "syn://Mouse st', ['synapse', 'get', 'syn://Mouse st']],
    ['synapse get "a b"c\'d e\'', ['synapse', 'get', 'a bcd e']],
    ['synapse get "" x', ['synapse', 'get', '', 'x']],
    ['synapse get "a\\"b\\n"', ['synapse', 'get', 'a"b\\n']],
    ["synapse get 'a\\b", ['synapse', 'get', 'a\\b']],
    ['synapse get \\', ['synapse', 'get', '']],
    ['synapse list 2>err >out sy', ['synapse', 'list', 'sy']],
    ['synapse list > "o u" sy', ['synapse', 'list', 'sy']],
  ])('%j', (line, words) => {
    expect(splitLine(line, bashRules).words).toEqual(words);
  });

  test('can end in the file of a redirection', () => {
    expect(splitLine('synapse list > my', bashRules).isRedirection).toBe(true);
    expect(splitLine('synapse list > my ', bashRules).isRedirection).toBe(false);
    expect(shellTalks.bash.words(['synapse list 2> my'])).toBeUndefined();
  });
});

test('a line of PowerShell has other quotes', () => {
  const words = (line: string): string[] => splitLine(line, powershellRules).words;
  expect(words("synapse get 'it''s a'")).toEqual(['synapse', 'get', "it's a"]);
  expect(words('synapse get "a`"b` c')).toEqual(['synapse', 'get', 'a"b c']);
  expect(words('synapse get C:\\my')).toEqual(['synapse', 'get', 'C:\\my']);
});

const hostile = '$(touch x)`id`;\'"\\ ~!&|*<>{}#é';

describe('an answer to bash', () => {
  const answer = (candidates: Candidate[], line: string, replaced: string, type = '9'): string[] =>
    bashAnswer({ candidates, files: 'none' }, [line, replaced, type])
      .trimEnd()
      .split('\n')
      .slice(1);

  test.each(['', '"', "'"])('is one word for bash, after %j', (quote) => {
    const [text = ''] = answer([{ value: hostile }], `synapse get ${quote}`, '');
    // Bash itself says what it reads.
    const script = `printf %s ${quote}${text}${quote}`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(hostile);
  });

  test('has only the part of a word that readline replaces', () => {
    const path = { value: 'syn://Mouse study/', isPartial: true };
    expect(answer([path], 'synapse get syn://Mo', '//Mo')).toEqual(['//Mouse\\ study/']);
    expect(answer([{ value: '--a=b' }], 'synapse get --a=', '')).toEqual(['b']);
    expect(answer([path], 'synapse get "syn://Mo', 'syn://Mo')).toEqual(['syn://Mouse study/']);
  });

  test('shows what ids stand for, if there are several', () => {
    const one = { value: 'syn1', description: 'N', isId: true };
    const other = { ...one, value: 'syn2' };
    expect(answer([one, other], 'synapse get ', '')).toEqual(['syn1  (N)', 'syn2  (N)']);
    expect(answer([one], 'synapse get ', '')).toEqual(['syn1']);
    // Insert all of them, and one after the other.
    expect(answer([one, other], 'synapse get ', '', '42')).toEqual(['syn1', 'syn2']);
    expect(answer([one, other], 'synapse get ', '', '37')).toEqual(['syn1', 'syn2']);
  });

  test('completes a name until one is left, which becomes its id', () => {
    const named = (value: string, name: string): Candidate => ({ value, name, isId: true });
    const several = [named('syn1', 'Mouse a'), named('syn2', 'Mouse b')];
    expect(answer(several, 'synapse get mo', 'mo')).toEqual([
      'Mouse\\ a  (syn1)',
      'Mouse\\ b  (syn2)',
    ]);
    expect(answer(several.slice(1), 'synapse get mouse\\ b', 'mouse\\ b')).toEqual(['syn2']);
    const same = [named('syn1', 'Data'), named('syn2', 'Data')];
    expect(answer(same, 'synapse get d', 'd')).toEqual(['Data', 'Data  (syn1)', 'Data  (syn2)']);
  });

  test('turns file names on and off', () => {
    const options = (completions: Parameters<typeof bashAnswer>[0]): string | undefined =>
      bashAnswer(completions, ['synapse get x', 'x', '9']).split('\n')[0];
    expect(options({ candidates: [], files: 'files' })).toBe('');
    expect(options({ candidates: [], files: 'none' })).toBe('+o default');
    expect(options({ candidates: [], files: 'directories' })).toBe('+o default -o dirnames');
    expect(options({ candidates: [{ value: 'x/', isPartial: true }], files: 'none' })).toBe(
      '-o nospace +o default',
    );
  });
});

describe('no answer has a value that a terminal would obey', () => {
  test.each(['a\nb', 'a\tb', 'a\u001b[31m', 'a\u009b', 'a\u202eb', 'a\u0000b'])('%j', (value) => {
    for (const talk of Object.values(shellTalks)) {
      const candidates = [{ value }, { value: 'syn1', name: value }];
      expect(talk.answer({ candidates, files: 'none' }, ['synapse ', '', '9'])).toMatch(
        /^(?:none\n|\+o default\n|\[\]\n)$/,
      );
    }
  });
});

test('an answer to PowerShell is ASCII, and a value with other characters is quoted', () => {
  const candidates = [
    { value: '--flag', description: 'A flag' },
    { value: "it's ’é$(x)", description: '' },
  ];
  const text = shellTalks.powershell.answer({ candidates, files: 'none' }, []);
  expect(text).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(text)).toEqual([
    { text: '--flag', item: '--flag', tip: 'A flag' },
    { text: "'it''s ’’é$(x)'", item: "it's ’é$(x)", tip: "it's ’é$(x)" },
  ]);
});
