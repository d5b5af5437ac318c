import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What came of reading one method of the service's own tests. */
export interface MethodVerdict {
  /** Class of the service's test, without its package. */
  readonly testClass: string;
  readonly method: string;
  readonly verdict: (typeof methodVerdicts)[number];
  /** Whether its test fails on the server as it was before the methods were read. */
  readonly wasMended: boolean;
  readonly note: string;
}

/** A known difference from the service, and the test that states what the service does. */
export interface RowVerdict {
  readonly row: string;
  readonly what: string;
  /** `<file in test/> › <title of the test>` */
  readonly test: string;
  /** `same`, or `departure: <reason>`. */
  readonly verdict: string;
}

/**
 * - `same`: test/service/ sends what the method sends, and expects what it expects.
 * - `cannot`: needs what the embedded server has not (AWS, mail, another provider); the note says what.
 * - `internal`: tests classes of the service that no request reaches.
 * - `newer`: the service does this differently today; the note says how it is known.
 */
export const methodVerdicts = ['same', 'cannot', 'internal', 'newer'] as const;

const folder = join(import.meta.dirname, '../test/service');

/** All methods that were read, in the order of the files. */
export function readMethods(): MethodVerdict[] {
  const mended = new Set(
    readLines('mended.tsv').map(([testClass, method]) => `${testClass}.${method}`),
  );
  return readRows('methods').map(([testClass = '', method = '', verdict = '', note = '']) => ({
    testClass,
    method,
    verdict: verdict as MethodVerdict['verdict'],
    wasMended: mended.has(`${testClass}.${method}`),
    note,
  }));
}

/** All known differences, in the order of the files. */
export function readDifferences(): RowVerdict[] {
  return readRows('rows').map(([row = '', what = '', test = '', verdict = '']) => ({
    row,
    what,
    test,
    verdict,
  }));
}

function readRows(kind: string): string[][] {
  return readdirSync(join(folder, kind))
    .filter((name) => name.endsWith('.tsv'))
    .sort()
    .flatMap((name) => readLines(join(kind, name)));
}

function readLines(path: string): string[][] {
  return readFileSync(join(folder, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
}
