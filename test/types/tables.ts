// Compiled, never run: a line that should not compile and does fails the type check, as does one the other way round.
import {
  defineTable,
  type CellValue,
  type ColumnType,
  type NewRowOf,
  type RowOf,
} from '../../src/index.js';

/** Compiles when two types are the same: each is assignable to the other. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;

export const Visit = defineTable({
  name: 'visits',
  columns: {
    patient: { type: 'STRING', maximumSize: 100, enumValues: ['a', 'b'] },
    'seen at': 'DATE',
    age: 'INTEGER',
    weight: 'DOUBLE',
    isSmoker: 'BOOLEAN',
    tags: 'STRING_LIST',
    counts: 'INTEGER_LIST',
    file: 'ENTITYID',
    extra: 'JSON',
  },
});

export const rows: Same<
  RowOf<typeof Visit>,
  {
    patient: string | null;
    'seen at': Date | null;
    age: number | null;
    weight: number | null;
    isSmoker: boolean | null;
    tags: string[] | null;
    counts: number[] | null;
    file: string | null;
    extra: unknown;
  }
> = true;

export const exactRows: Same<
  Pick<
    RowOf<typeof Visit, { integers: 'bigint'; dates: 'epoch'; json: 'text' }>,
    'age' | 'counts' | 'extra' | 'seen at'
  >,
  { age: bigint | null; counts: bigint[] | null; extra: string | null; 'seen at': number | null }
> = true;

export const everyTypeHasValues: Record<ColumnType, unknown> extends Record<
  keyof { [Type in ColumnType]: CellValue<Type> },
  unknown
>
  ? true
  : false = true;

export function columnsAreChecked(row: RowOf<typeof Visit>): unknown[] {
  // @ts-expect-error there is no such column
  const misspelled: unknown = row.ages;
  // @ts-expect-error every value may be null
  const age: number = row.age;
  // @ts-expect-error a DATE is no text
  const seen: string | null = row['seen at'];
  return [misspelled, age, seen];
}

export const newRows: NewRowOf<typeof Visit>[] = [
  {},
  { age: 5 },
  { age: 5n, weight: 1, isSmoker: null, tags: ['a'], counts: [1, 2n, '3'] },
  { age: '9007199254740993', 'seen at': '2024-01-31', file: { id: 'syn1' }, extra: { a: [1] } },
  { 'seen at': new Date(0), file: 5, tags: new Set(['a']) },
  { 'seen at': 0, patient: undefined },
];

export const wrongRows: NewRowOf<typeof Visit>[] = [
  // @ts-expect-error there is no such column
  { ages: 5 },
  // @ts-expect-error not a number
  { age: 'forty' },
  // @ts-expect-error a BOOLEAN is true or false
  { isSmoker: 'yes' },
  // @ts-expect-error a list is not one text
  { tags: 'a' },
  // @ts-expect-error a list has elements of its type
  { tags: [1] },
  // @ts-expect-error a text is not a number
  { patient: 5 },
];

export function whatWasReadCanBeWritten(
  row: RowOf<typeof Visit>,
  exact: RowOf<typeof Visit, { integers: 'bigint' }>,
  texts: RowOf<typeof Visit, { integers: 'string'; dates: 'epoch'; json: 'text' }>,
): NewRowOf<typeof Visit>[] {
  return [row, exact, texts, { ...row, age: 6 }];
}

// @ts-expect-error there is no such column type
export const misspelledType = defineTable({ columns: { age: 'INTEGR' } });

// @ts-expect-error there is no such property
export const misspelledProperty = defineTable({ columns: { a: { type: 'STRING', maxSize: 5 } } });

// @ts-expect-error a column has a type
export const untyped = defineTable({ columns: { age: { maximumSize: 5 } } });
