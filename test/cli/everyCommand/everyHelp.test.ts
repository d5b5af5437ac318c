import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandInfo } from '../../../build/readCommands.js';
import { readCommandData } from '../../../src/cli/commandData.js';
import { commandHelp } from '../../../src/cli/help/commandHelp.js';
import { runSynapse, type Ended } from '../runSynapse.js';
import { shownCommands } from './shownCommands.js';
import { startAll } from './startAll.js';

const bin = join(import.meta.dirname, '../../../bin');
const ids = shownCommands.map(({ id }) => id);
function commandOf(id: string): CommandInfo {
  const command = shownCommands.find((each) => each.id === id);
  if (command === undefined) throw new Error(id);
  return command;
}

const plain = (title: string): string => title;

const helpOf = (id: string, width: number): string =>
  commandHelp(readCommandData(bin, id.replaceAll(' ', ':')), { width, heading: plain });

describe.each([60, 100])('help for a terminal of %i columns', (width) => {
  test.each(ids)('has no longer line: %s', (id) => {
    const longer = helpOf(id, width)
      .split('\n')
      .filter((line) => line.length > width)
      // A word that alone is too long has a line of its own.
      .filter((line) => /\S\s+\S/.test(line.replace(/ \\$/, '').replace(/"[^"]*"|'[^']*'/g, 'x')));
    expect(longer).toEqual([]);
  });
});

/** Commands with more flags than a screen has room for. */
const longer: Readonly<Record<string, number>> = { api: 50, cp: 42, get: 60, store: 48, sync: 42 };

describe('help fits a screen: what comes before the flags of every command has at most 40 lines', () => {
  test.each(ids)('%s', (id) => {
    const [own = ''] = helpOf(id, 100).split('GLOBAL FLAGS');
    expect(own.trimEnd().split('\n').length).toBeLessThanOrEqual(longer[id] ?? 40);
  });
});

describe('what help says has one form', () => {
  test.each(ids)('%s', (id) => {
    const { summary, args, flags, examples } = commandOf(id);
    // A line of `synapse --help`.
    expect(summary).toMatch(/^[A-Z][^\n]{0,58}\.$/);
    for (const { name, description } of [...args, ...flags.filter(({ hidden }) => !hidden)]) {
      expect({ name, description }).toEqual({
        name,
        description: expect.stringMatching(/^\S.{3,}/),
      });
    }
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example).toMatch(/\bsynapse [a-z]/);
  });

  test.each(ids)('the flags in the examples are flags of the command: %s', (id) => {
    const known = commandOf(id).flags.flatMap(({ name, char, aliases, allowNo }) => [
      `--${name}`,
      ...(allowNo ? [`--no-${name}`] : []),
      ...(char === undefined ? [] : [`-${char}`]),
      ...aliases.map((alias) => `--${alias}`),
    ]);
    for (const example of commandOf(id).examples) {
      const [, own = ''] = example.split(`synapse ${id}`);
      const [words = ''] = own.replace(/"[^"]*"|'[^']*'/g, '').split(/[|>)]/);
      const used = words.match(/(?<=\s)--?[a-z][\w-]*/g) ?? [];
      // The parameters of an operation are flags of `synapse api`.
      if (id !== 'api') expect(known).toEqual(expect.arrayContaining(used));
    }
  });
});

describe('--help prints the same', () => {
  let home: string;
  let ended: ReadonlyMap<string, Promise<Ended>>;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'synapse-help-'));
    ended = startAll(ids, (id) =>
      runSynapse([...id.split(' '), '--help'], { home, env: { COLUMNS: '60' } }),
    );
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test.each(ids)('%s', async (id) => {
    const help = { status: 0, stdout: helpOf(id, 60), stderr: '' };
    expect(await ended.get(id)).toEqual(help);
  });
});
