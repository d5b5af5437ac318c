import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';

/** A recorded behaviour of the Python client. */
export interface VectorCase<Input, Value> {
  name: string;
  input: Input;
  expected: { value: Value; error?: undefined } | { value?: undefined; error: RecordedError };
}

export interface RecordedError {
  type: string;
  message: string;
}

/** The cases of an area: from `$VECTORS_DIR` where it is set, else from the fixtures. */
export function readVectors<Input, Value = unknown>(area: string): VectorCase<Input, Value>[] {
  const folder = process.env['VECTORS_DIR'] ?? join(import.meta.dirname, '../fixtures/vectors');
  const text = readFileSync(join(folder, `${area}.json`), 'utf8');
  return (JSON.parse(text) as { cases: VectorCase<Input, Value>[] }).cases;
}

/** One test for each case; there may be none of a kind in a folder of other cases. */
export function testEach<Case extends { name: string }>(
  cases: readonly Case[],
  run: (vector: Case) => void | Promise<void>,
): void {
  cases.forEach((vector, index) => {
    test(`${index}: ${vector.name}`, () => run(vector));
  });
}

/** The value of a call, or the error that it ended with. */
export type Outcome = { value: unknown; error?: undefined } | { value?: undefined; error: Error };

export async function outcomeOf(run: () => unknown): Promise<Outcome> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Python values that JSON cannot hold, as the vectors write them. */
export interface Tagged {
  $float?: string;
  $int?: string;
  $datetime?: string;
  $date?: string;
}

export function tagOf(value: unknown): Tagged | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.keys(value).some((key) => key.startsWith('$')) ? value : undefined;
}

/** A number of Python: a double as a number, an integer beyond 2^53 as a bigint. */
export function numberOf({ $float, $int }: Tagged): number | bigint | undefined {
  if ($float !== undefined) return Number($float);
  return $int === undefined ? undefined : BigInt($int);
}

/** What one release of Python takes for a date by accident. */
export function isAccidentalDate(text: string): boolean {
  const forms = [
    /^(\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d)\d/,
    /^.{8,10}\D\d\d(:\d\d)?[.,]\d/,
    /[:.,](Z|[+-]|$)/,
    /\d\D(Z|[+-]\d[\d:.]*)$/,
    /:\d{3}([Z+-]|$)/,
  ];
  return forms.some((form) => form.test(text));
}
