import { expect, test } from '@jest/globals';
import { wrapCommand } from '../../../src/cli/help/wrapCommand.js';

test('a command line that fits stays as it is', () => {
  expect(wrapCommand('$ synapse get syn456 - | wc -l', 40)).toEqual([
    '$ synapse get syn456 - | wc -l',
  ]);
});

test('a longer one is broken between words, as a shell continues it', () => {
  expect(wrapCommand('$ synapse store a.csv --annotations \'{"a": "b c"}\' --force', 30)).toEqual([
    '$ synapse store a.csv \\',
    '    --annotations \\',
    '    \'{"a": "b c"}\' --force',
  ]);
});

test('a word that is too long has a line of its own', () => {
  expect(wrapCommand(`$ synapse ${'x'.repeat(40)} y`, 20)).toEqual([
    '$ synapse \\',
    `    ${'x'.repeat(40)} \\`,
    '    y',
  ]);
});
