import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { methodVerdicts, readDifferences, readMethods } from '../../build/readVerdicts.js';
import { serviceTestsPage } from '../../build/serviceTestsPage.js';

const tests = join(import.meta.dirname, '..');

/** The known differences: H, M and L for high, medium and low weight. */
const knownRows = [...numbered('H', 12), ...numbered('M', 19, 13), ...numbered('L', 18)];

function numbered(weight: string, count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => `${weight}${index + first}`);
}

function source(path: string): string {
  const file = join(tests, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Whether a test of this title stands in the text of a test file. */
function hasTitle(text: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}`));
}

describe('methods of the service’s tests', () => {
  const methods = readMethods();

  test('are listed once each', () => {
    const names = methods.map(({ testClass, method }) => `${testClass}.${method}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('have a verdict, and a note where they are not the same', () => {
    const wrong = methods.filter(
      ({ verdict, note }) =>
        !methodVerdicts.includes(verdict) || (verdict !== 'same' && note === ''),
    );
    expect(wrong).toEqual([]);
  });

  test('have a test where they are the same', () => {
    const missing = methods
      .filter(({ verdict }) => verdict === 'same')
      .filter(
        ({ testClass, method }) => !hasTitle(source(`service/${testClass}.test.ts`), `${method}: `),
      );
    expect(missing).toEqual([]);
  });

  test('are listed where they have a test', () => {
    const listed = new Set(methods.map(({ testClass, method }) => `${testClass}.${method}`));
    const unlisted = readdirSync(join(tests, 'service'))
      .filter((name) => name.endsWith('.test.ts') && name !== 'verdicts.test.ts')
      .flatMap((name) =>
        [...source(`service/${name}`).matchAll(/\btest\(\s*['"`](\w+): /g)].map(
          ([, method]) => `${name.slice(0, -'.test.ts'.length)}.${method}`,
        ),
      )
      .filter((name) => !listed.has(name));
    expect(unlisted).toEqual([]);
  });
});

describe('known differences', () => {
  const rows = readDifferences();

  test('are all settled', () => {
    const listed = rows.map(({ row }) => row);
    expect(knownRows.filter((row) => !listed.includes(row))).toEqual([]);
  });

  test('are the same, or a departure with a reason', () => {
    expect(rows.filter(({ verdict }) => !/^(?:same|departure: .{10})/.test(verdict))).toEqual([]);
  });

  test('have a test', () => {
    const missing = rows.filter(({ test: name }) => {
      const [path = '', title = ''] = name.split(' › ');
      return title === '' || !hasTitle(source(path), title);
    });
    expect(missing).toEqual([]);
  });
});

test('the page about them is what the tables say', () => {
  const page = readFileSync(join(tests, '../docs/service-tests.md'), 'utf8');
  expect(page).toBe(serviceTestsPage(readMethods(), readDifferences()));
});
