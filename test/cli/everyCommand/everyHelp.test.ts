import { beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { readCommands } from '../../../build/readCommands.js';
import { readCommandData } from '../../../src/cli/commandData.js';
import { commandHelp } from '../../../src/cli/help/commandHelp.js';

const bin = join(import.meta.dirname, '../../../bin');
const { commands } = readCommands();
const ids = commands.filter(({ hidden }) => !hidden).map(({ id }) => id);
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

describe('help fits a screen', () => {
  test.each(ids)('%s', (id) => {
    const [own = ''] = helpOf(id, 100).split('GLOBAL FLAGS');
    expect(own.split('\n').length).toBeLessThanOrEqual(40);
  });
});
