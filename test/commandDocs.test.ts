import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commandSnapshot } from '../build/commandSnapshot.js';
import { commandsPage } from '../build/commandsPage.js';
import { domainCommands } from '../build/domainCommands.js';
import { manPage } from '../build/manPage.js';
import { readCommands } from '../build/readCommands.js';
import { operations } from '../generated/operations.js';
import { groups } from '../src/cli/help/groups.js';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const line = readCommands();
const shown = line.commands.filter(({ hidden }) => !hidden);

// A reviewer sees in the diff of this file whether scripts break.
test('the list of commands and flags is up to date: npm run docs:commands, and read the diff', () => {
  expect(commandSnapshot(line.commands)).toBe(read('test/fixtures/commands.txt'));
});

test('the page of the commands is up to date: npm run docs:commands', () => {
  expect(commandsPage(line, domainCommands)).toBe(read('docs/commands.md'));
});

test('the man page is up to date: npm run docs:commands', () => {
  expect(manPage(line)).toBe(read('man/synapse.1'));
});

test('every command is in one group', () => {
  const members = Object.values(groups).flat();
  const placed = shown.map(({ id }) => ({
    id,
    groups: members.filter((member) => id === member || id.startsWith(`${member} `)).length,
  }));
  expect(placed).toEqual(shown.map(({ id }) => ({ id, groups: 1 })));
});

test('every member of a group is a command or a topic, and stands there once', () => {
  const members = Object.values(groups).flat();
  expect(members).toEqual([...new Set(members)]);
  expect(members.filter((member) => !isCommandOrTopic(member))).toEqual([]);
});

test('every topic has a description', () => {
  const topics = new Set(shown.flatMap(({ id }) => (id.includes(' ') ? [id.split(' ')[0]] : [])));
  const described = Object.entries(line.topics).filter(([, text]) => /^[A-Z].*\.$/.test(text));
  expect([...topics].sort()).toEqual(described.map(([name]) => name).sort());
});

test('every domain of the library is reached from the command line', () => {
  const rooms = [...read('src/rooms.ts').matchAll(/^ {2}get (\w+)\(\)/gm)].map(([, name]) => name);
  expect(Object.keys(domainCommands)).toEqual(rooms);
  for (const [domain, { commands, operations: called }] of Object.entries(domainCommands)) {
    expect({ domain, reached: commands.length + called.length > 0 }).toMatchObject({
      reached: true,
    });
    expect(commands.filter((command) => !isCommandOrTopic(command))).toEqual([]);
    expect(called.filter((operation) => !(operation in operations))).toEqual([]);
  }
});

const man = spawnSync('man', ['--version']).error === undefined;
(man ? test : test.skip)('the man page is valid (skipped without the program man)', () => {
  const render = (width: string): ReturnType<typeof spawnSync> =>
    spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', 'man/synapse.1'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: width },
    });
  for (const width of ['60', '100']) expect(render(width)).toMatchObject({ status: 0, stderr: '' });
  const text = execFileSync('man', ['-E', 'UTF-8', '-l', 'man/synapse.1'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '200', MANPAGER: 'cat', GROFF_NO_SGR: '1' },
  }).replace(/.\x08/g, '');
  for (const { examples } of shown) {
    for (const example of examples) expect(text).toContain(example);
  }
});

function isCommandOrTopic(name: string): boolean {
  return shown.some(({ id }) => id === name || id.startsWith(`${name} `));
}
