import { describe, expect, test } from '@jest/globals';
import { globFilter, type GlobOptions } from '../../src/sync/globs.js';

const paths = ['a.txt', 'b.csv', 'x/a.txt', 'x/y/b.csv', 'x/y/c[1].txt', 'data/raw/z.bam', 'é.txt'];
const kept = (options: GlobOptions): string[] => {
  const filter = globFilter(options);
  return paths.filter((path) => filter.leftOut(path) === undefined);
};

test('without patterns, every path takes part', () => {
  expect(kept({})).toEqual(paths);
});

describe('a pattern', () => {
  test('without a slash matches names at every level', () => {
    expect(kept({ include: ['*.csv'] })).toEqual(['b.csv', 'x/y/b.csv']);
    expect(kept({ include: ['a.txt'] })).toEqual(['a.txt', 'x/a.txt']);
  });

  test('with a slash is tied to the top', () => {
    expect(kept({ include: ['/a.txt'] })).toEqual(['a.txt']);
    expect(kept({ include: ['x/*.txt'] })).toEqual(['x/a.txt']);
  });

  test('with ** matches any number of directories', () => {
    expect(kept({ include: ['x/**/b.csv'] })).toEqual(['x/y/b.csv']);
    expect(kept({ include: ['**/a.txt'] })).toEqual(['a.txt', 'x/a.txt']);
    expect(kept({ include: ['x/**'] })).toEqual(['x/a.txt', 'x/y/b.csv', 'x/y/c[1].txt']);
  });

  test('that matches a directory matches everything in it', () => {
    expect(kept({ exclude: ['y'] })).not.toContain('x/y/b.csv');
    expect(kept({ include: ['data/'] })).toEqual(['data/raw/z.bam']);
    expect(kept({ include: ['a.txt/'] })).toEqual([]);
  });

  test('has sets of characters, any character, and escapes', () => {
    expect(kept({ include: ['[a-b].*'] })).toEqual(['a.txt', 'b.csv', 'x/a.txt', 'x/y/b.csv']);
    expect(kept({ include: ['[!a].txt'] })).toEqual(['é.txt']);
    expect(kept({ include: ['c\\[1].txt'] })).toEqual(['x/y/c[1].txt']);
    expect(kept({ include: ['?.csv'] })).toEqual(['b.csv', 'x/y/b.csv']);
  });

  test('matches names whatever their Unicode form', () => {
    expect(kept({ include: ['e\u0301.txt'] })).toEqual(['é.txt']);
  });

  test('takes time in proportion to the lengths', () => {
    const filter = globFilter({ include: ['*a*a*a*a*a*a*a*a*b'] });
    const started = performance.now();
    expect(filter.leftOut('a'.repeat(20_000))).toBeDefined();
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('that cannot be read is refused', () => {
    expect(() => globFilter({ include: [''] })).toThrow('matches nothing');
    expect(() => globFilter({ exclude: ['a['] })).toThrow('without its ]');
  });
});

test('exclude counts more than include', () => {
  const filter = globFilter({ include: ['*.txt'], exclude: ['x/'] });
  expect(filter.leftOut('a.txt')).toBeUndefined();
  expect(filter.leftOut('x/a.txt')).toBe('excluded by x/');
  expect(filter.leftOut('b.csv')).toContain('matches no pattern');
  expect(filter.leftOut('x', true)).toBe('excluded by x/');
});

test('a folder that include does not name may have something to include', () => {
  expect(globFilter({ include: ['*.csv'] }).leftOut('x', true)).toBeUndefined();
});
