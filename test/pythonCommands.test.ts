import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parsePythonCommands, pythonCommandsPage } from '../build/pythonCommandsPage.js';
import { pythonFlags } from '../src/cli/pythonFlags.js';
import { commandDefinitions } from './cli/commandDefinitions.js';

/** What argparse knows of the parser of the Python client 4.13.0: for each command, its flags and arguments. */
type Known = Record<string, { names: string[]; values?: '*' | '?' }[]>;

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const known = JSON.parse(read('test/fixtures/pythonFlags.json')) as Known;
const rows = parsePythonCommands(read('docs/python-cli.tsv'));
const definitions = Object.values(commandDefinitions());

/** Our command for one of the Python client. Flags for all commands are those of any command. */
function commandOf(name: string): (typeof definitions)[number] {
  const wanted = name === '(global)' ? 'list' : name;
  const found = definitions.find(
    ({ id, aliases, hiddenAliases }) =>
      id === wanted || aliases.includes(wanted) || hiddenAliases.includes(wanted),
  );
  if (found === undefined) throw new Error(`There is no command ${wanted}`);
  return found;
}

const isThere = ({ command, status }: (typeof rows)[number]): boolean =>
  status !== 'not yet' && command !== 'test-encoding';

test('the page is up to date', () => {
  expect(read('docs/python-cli.md')).toBe(pythonCommandsPage(rows));
});

test('every command, flag and argument of the Python client has a row, and nothing else', () => {
  const expected = Object.entries(known).flatMap(([command, actions]) => [
    ...(command === '(global)' ? [] : [`${command} (command)`]),
    ...actions.map(({ names, values = '' }) => `${command} ${names.join(', ')} ${values}`.trim()),
  ]);
  expect(rows.map(({ command, python }) => `${command} ${python}`).sort()).toEqual(expected.sort());
});

describe('each flag is accepted in all its spellings', () => {
  test.each(rows.filter((row) => isThere(row) && row.python.startsWith('-')))(
    '$command $python',
    ({ command, python, ours }) => {
      // The version is asked for instead of a command.
      if (command === '(global)' && python === '--version') return;
      const { flags } = commandOf(command);
      const name = ours.replace(/^--/, '');
      const flag = flags[name];
      expect(flag).toBeDefined();
      for (const spelling of python.replace(/ [*?]$/, '').split(', ')) {
        const bare = spelling.replace(/^-+/, '');
        const isGlobalLetter = command === '(global)' && bare.length === 1;
        if (!isGlobalLetter) expect([name, flag?.char, ...(flag?.aliases ?? [])]).toContain(bare);
      }
      if (python.endsWith(' *')) expect(flag?.multiple).toBe(true);
    },
  );
});

test('each argument is there', () => {
  for (const { command, python, ours } of rows.filter(isThere)) {
    if (python.startsWith('-') || python.startsWith('(')) continue;
    expect(Object.keys(commandOf(command).args).map((name) => name.toUpperCase())).toContain(ours);
  }
});

test('each command is there', () => {
  for (const { command, python, ours } of rows.filter(isThere)) {
    if (python === '(command)') expect(ours).toBe(`synapse ${commandOf(command).id}`);
  }
});

test('all long flags can be abbreviated', () => {
  for (const [command, actions] of Object.entries(known)) {
    const long = actions.flatMap(({ names }) => names.filter((name) => name.startsWith('--')));
    if (command === 'add' || command.endsWith('-json-schema')) continue;
    const names = pythonFlags(command).map(({ name }) => `--${name}`);
    expect(names).toEqual(expect.arrayContaining(long));
  }
});
