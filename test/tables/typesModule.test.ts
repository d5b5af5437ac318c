import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format } from 'prettier';
import ts from 'typescript';
import { columnTypes, type ColumnType } from '../../src/columns/columnTypes.js';
import {
  typesModule,
  type DescribedColumn,
  type DescribedTable,
} from '../../src/tables/types/typesModule.js';
import { inComment } from '../../src/tables/types/sourceText.js';

function table(name: string, columns: readonly DescribedColumn[], id = 'syn1'): DescribedTable {
  return { name, title: `${inComment(name)} (${id})`, suffix: id, columns };
}

const all = Object.keys(columnTypes) as ColumnType[];

test('a module has an interface and a definition for each table', () => {
  const columns: DescribedColumn[] = [
    { name: 'age', columnType: 'INTEGER', facetType: 'range' },
    { name: 'patient id', columnType: 'STRING', maximumSize: 50, enumValues: ['a', "b's"] },
    { name: 'tags', columnType: 'STRING_LIST', maximumSize: 20, maximumListLength: 5 },
    { name: 'extra', columnType: 'JSON' },
    { name: 'seen', columnType: 'DATE', defaultValue: '0' },
  ];
  expect(typesModule([table('my visits-2', columns)])).toBe(`\
// Written by \`synapse table types\`. Write it again when the columns change.

import { defineTable } from 'synapseclient';

/** The columns of "my visits-2" (syn1). */
export const MyVisits2 = defineTable({
  name: 'my visits-2',
  columns: {
    age: { type: 'INTEGER', facetType: 'range' },
    'patient id': { type: 'STRING', maximumSize: 50, enumValues: ['a', "b's"] },
    tags: { type: 'STRING_LIST', maximumSize: 20, maximumListLength: 5 },
    extra: 'JSON',
    seen: { type: 'DATE', defaultValue: '0' },
  },
});

/** A row of "my visits-2" (syn1). */
export interface MyVisits2Row {
  /** INTEGER, facet: range. */
  age: number | null;
  /** STRING, at most 50 characters, one of "a", "b's". */
  'patient id': string | null;
  /** STRING_LIST, at most 5 elements, each of at most 20 characters. */
  tags: string[] | null;
  /** JSON, at most 524288 characters. */
  extra: unknown;
  /** DATE, default "0". */
  seen: Date | null;
}
`);
});

test.each([
  [
    ['visits', 'Visits', 'VISITS'],
    ['Visits', 'VisitsSyn2', 'VISITS'],
  ],
  [
    ['a', 'a row', 'ARow'],
    ['A', 'ARowSyn2', 'ARowSyn3'],
  ],
  [
    ['2024', '', '日本 語', 'Date', 'class', '*/'],
    ['Table2024', 'Table', '日本語', 'DateTable', 'Class', 'TableSyn6'],
  ],
])('tables %j are named %j', (names, expected) => {
  const text = typesModule(names.map((name, index) => table(name, [], `syn${index + 1}`)));
  expect([...text.matchAll(/export const (\S+) =/g)].map(([, name]) => name)).toEqual(expected);
});

test('what no table can have has no definition', () => {
  const text = typesModule([
    table('q', [{ name: 'ROW_ID', columnType: 'INTEGER' }]),
    table('r', [{ name: 'v', columnType: 'VECTOR' }]),
  ]);
  expect(text).not.toContain('defineTable');
  expect(text).toContain('ROW_ID: number | null;');
  expect(text).toContain('v: string | null;');
});

const nasty = [
  '*/ alert(1) /*', '*/', '/*', '//', "a'b", 'a"b', '`${a}`', 'a\\', '\\', '\n', '\r\n', '\u2028', '\u2029', '\u202e', '\u200b', '\ufeff',
  '\ud800', '\0', '\u{e0001}', '__proto__', 'constructor', '1', '-1', '1e3', 'class', 'a b', '', '@deprecated', '</script>', '${', '\\u0041', '\\*/',
]; // prettier-ignore
const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 90 }),
  fc.array(fc.constantFrom(...nasty, 'a', ' '), { maxLength: 8 }).map((parts) => parts.join('')),
);
const columnOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<DescribedColumn> =>
  fc.record(
    {
      name: texts,
      columnType: fc.constantFrom(...all, 'VECTOR'),
      maximumSize: fc.integer({ min: 1, max: 1000 }),
      maximumListLength: fc.integer({ min: 2, max: 100 }),
      enumValues: fc.array(texts, { maxLength: 12 }),
      defaultValue: texts,
      facetType: fc.constantFrom('enumeration', 'range'),
      jsonSubColumns: fc.array(fc.record({ name: texts, jsonPath: texts }), { maxLength: 3 }),
    },
    { requiredKeys: ['name', 'columnType'] },
  );
const tablesOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<DescribedTable[]> =>
  fc.array(
    fc
      .tuple(texts, fc.uniqueArray(columnOf(texts), { maxLength: 5, selector: ({ name }) => name }))
      .map(([name, columns]) => table(name, columns)),
    { minLength: 1, maxLength: 3 },
  );

const tables = tablesOf(text);
// The width of other characters is a matter of opinion.
const plainTables = tablesOf(
  fc.oneof(fc.constantFrom(...nasty), fc.string({ maxLength: 90 }), fc.string({ maxLength: 30 })),
);

describe('any text of the server', () => {
  test('stays in its comment or string', () => {
    fc.assert(
      fc.property(tables, (described) => {
        const file = ts.createSourceFile('rows.ts', typesModule(described), ts.ScriptTarget.Latest);
        const { parseDiagnostics } = file as unknown as { parseDiagnostics: unknown[] };
        expect(parseDiagnostics).toEqual([]);
        const members: string[][] = [];
        for (const statement of file.statements) {
          if (!ts.isInterfaceDeclaration(statement)) {
            expect(ts.isImportDeclaration(statement) || ts.isVariableStatement(statement)).toBe(
              true,
            );
            continue;
          }
          members.push(statement.members.map(({ name }) => nameText(name)));
        }
        expect(members).toEqual(described.map(({ columns }) => columns.map(({ name }) => name)));
      }),
      { seed: 10, numRuns: 300 },
    );
  });

  test('is formatted as Prettier does', async () => {
    await fc.assert(
      fc.asyncProperty(plainTables, async (described) => {
        const source = typesModule(described);
        expect(await format(source, { parser: 'typescript', singleQuote: true })).toBe(source);
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  test('is printable', () => {
    fc.assert(
      fc.property(tables, (described) => {
        expect(typesModule(described)).not.toMatch(/[^\P{C}\n\p{Co}\p{Cn}]/u);
      }),
      { seed: 12, numRuns: 100 },
    );
  });
});

function nameText(name: ts.PropertyName | undefined): string {
  if (name === undefined || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) return '?';
  return name.text;
}
