import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { entryNames } from './bulkDownload.js';

const server = withSessions();

/** The names that files get in an archive without folders. */
const flat = async (...names: string[]): Promise<unknown> =>
  (await entryNames(server.alice, names, 'Flat')).names;

describe('FlatZipEntryNameProviderTest', () => {
  test('testDuplicatePrefix: files of the same name get a number', async () => {
    expect(await flat('foo.txt', 'foo.txt', 'foo.txt')).toEqual([
      'foo.txt',
      'foo(1).txt',
      'foo(2).txt',
    ]);
  });

  test('testDuplicatePrefixDifferentSuffix: files with another suffix keep their names', async () => {
    expect(await flat('foo.txt', 'foo.bar')).toEqual(['foo.txt', 'foo.bar']);
  });

  test('testExistingGeneratedName: a name with a number is a name', async () => {
    expect(await flat('foo(1).txt', 'foo.txt')).toEqual(['foo(1).txt', 'foo.txt']);
  });

  test('testDuplicateExistingGeneratedName: a name with a number gets another number', async () => {
    expect(await flat('foo(1).txt', 'foo(1).txt', 'foo(1).txt')).toEqual([
      'foo(1).txt',
      'foo(1)(1).txt',
      'foo(1)(2).txt',
    ]);
  });

  test('testExistingGeneratedNameWithRepetition: a number that is taken is left out', async () => {
    expect(await flat('foo(1).txt', 'foo.txt', 'foo.txt')).toEqual([
      'foo(1).txt',
      'foo.txt',
      'foo(2).txt',
    ]);
  });

  test('testExistingGeneratedNameWithGap: only the numbers that are taken are left out', async () => {
    expect(await flat('foo(2).txt', 'foo.txt', 'foo.txt', 'foo.txt', 'foo(2).txt')).toEqual([
      'foo(2).txt',
      'foo.txt',
      'foo(1).txt',
      'foo(3).txt',
      'foo(2)(1).txt',
    ]);
  });

  test('testExistingGeneratedNameAndDifferentSuffix: numbers are counted for each suffix', async () => {
    expect(await flat('foo(1).txt', 'foo.bar', 'foo.bar')).toEqual([
      'foo(1).txt',
      'foo.bar',
      'foo(1).bar',
    ]);
  });

  test('testNoSufix: a name without a suffix ends with the number', async () => {
    expect(await flat('foo', 'foo', 'foo')).toEqual(['foo', 'foo(1)', 'foo(2)']);
  });

  test('testMultipleDots: the number comes before the first dot', async () => {
    expect(await flat('foo.xml.zip', 'foo.xml.zip', 'foo.xml.zip')).toEqual([
      'foo.xml.zip',
      'foo(1).xml.zip',
      'foo(2).xml.zip',
    ]);
  });

  test('testNullFileHandle: the name does not depend on the file handle', async () => {
    const { ids, names } = await entryNames(server.alice, ['foo.txt'], 'Flat');
    expect(names.join()).not.toContain(ids.join());
  });
});
