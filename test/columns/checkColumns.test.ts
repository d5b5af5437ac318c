import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkColumn, checkColumns } from '../../src/columns/checkColumns.js';
import type { TableColumn } from '../../src/columns/columnModel.js';
import { columnTypes, type ColumnType } from '../../src/columns/columnTypes.js';
import { isSameColumn } from '../../src/columns/normalColumn.js';
import { createColumns } from '../../src/columns/createColumns.js';
import type { Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
beforeAll(async () => {
  syn = await clients.open('alice');
});

const types = Object.keys(columnTypes) as ColumnType[];

/** What Synapse says about a column; `undefined` when it accepts it. */
async function refusal(column: TableColumn): Promise<string | undefined> {
  try {
    await syn.services.table.createColumn({ body: column });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function problem(column: TableColumn): string | undefined {
  try {
    checkColumn(column);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const base = (columnType: ColumnType, more: Partial<TableColumn> = {}): TableColumn => ({
  name: 'a',
  columnType,
  ...more,
});

const defaults = [
  '',
  ' ',
  'x',
  'x'.repeat(51),
  '5',
  '-9223372036854775808',
  '9223372036854775808',
  '1.5',
  'NaN',
  '-Infinity',
  '1e400',
  'true',
  'FALSE',
  'yes',
  '2020-01-31',
  '2020-01-31T10:00:00Z',
  '2020-13-45',
  '[]',
  '[1, 2]',
  '["a", "b"]',
  '[true]',
  '[1, null]',
  '{"a": 1}',
  '{',
  'syn123',
];

describe('a column is refused exactly when Synapse refuses it', () => {
  const names = [
    '',
    ' ',
    'x'.repeat(256),
    'x'.repeat(257),
    'row_id',
    'ROW_ETAG ',
    'Größe (m²)',
    'a,b\n"c"',
  ];
  const sizes = [0, 1, 1000, 1001, -1];
  const lengths = [0, 1, 2, 100, 101];
  const cases: [what: string, columns: readonly TableColumn[]][] = [
    ['names', names.map((name) => ({ name, columnType: 'INTEGER' }))],
    [
      'sizes',
      ['STRING', 'LINK', 'STRING_LIST'].flatMap((type) =>
        sizes.map((maximumSize) => base(type as ColumnType, { maximumSize })),
      ),
    ],
    [
      'lengths of lists',
      types
        .filter((type) => columnTypes[type].isList)
        .flatMap((type) => lengths.map((maximumListLength) => base(type, { maximumListLength }))),
    ],
    [
      'facets',
      types.flatMap((type) =>
        (['enumeration', 'range'] as const).map((facetType) => base(type, { facetType })),
      ),
    ],
    [
      'defaults',
      types.flatMap((type) => defaults.map((defaultValue) => base(type, { defaultValue }))),
    ],
    [
      'sub-columns',
      types.map((type) =>
        base(type, { jsonSubColumns: [{ name: 'x', columnType: 'STRING', jsonPath: '$.x' }] }),
      ),
    ],
    [
      'facets of sub-columns',
      types.map((columnType) =>
        base('JSON', {
          jsonSubColumns: [{ name: 'x', columnType, jsonPath: '$.x', facetType: 'range' }],
        }),
      ),
    ],
    [
      'values',
      [0, 1, 100, 101].map((count) =>
        base('STRING', { enumValues: Array.from({ length: count }, (_, index) => `v${index}`) }),
      ),
    ],
    [
      'long values',
      [
        base('STRING', { maximumSize: 2, enumValues: ['abc'] }),
        base('INTEGER', { enumValues: ['5', 'x'] }),
      ],
    ],
  ];

  test.each(cases)('%s', async (_, columns) => {
    const different: object[] = [];
    for (const column of columns) {
      const [ours, theirs] = [problem(column), await refusal(column)];
      if ((ours === undefined) !== (theirs === undefined)) different.push({ column, ours, theirs });
    }
    expect(different).toEqual([]);
  });
});

test('columns that are the same to Synapse are the same here', async () => {
  const same: [TableColumn, TableColumn][] = [
    [base('STRING'), base('STRING', { maximumSize: 50 })],
    [base('STRING_LIST'), base('STRING_LIST', { maximumSize: 50, maximumListLength: 100 })],
    [base('STRING', { enumValues: [' b', 'a'] }), base('STRING', { enumValues: ['a', 'b'] })],
    [base('INTEGER', { defaultValue: ' ' }), base('INTEGER')],
    [base('INTEGER', { name: ' a ' }), base('INTEGER')],
    [base('INTEGER', { id: '5' }), base('INTEGER', { id: '6' })],
  ];
  const context = { services: syn.services } as Parameters<typeof createColumns>[0];
  for (const [one, other] of same) {
    const [first, second] = await createColumns(context, [one, other]);
    expect(first?.id).toBe(second?.id);
    expect(isSameColumn(one, other)).toBe(true);
    if (first !== undefined) expect(isSameColumn(first, one)).toBe(true);
  }
  expect(isSameColumn(base('STRING'), base('STRING', { maximumSize: 51 }))).toBe(false);
  expect(isSameColumn(base('STRING', { defaultValue: '' }), base('STRING'))).toBe(false);
});

describe('a list of columns', () => {
  const many = (count: number, columnType: ColumnType): TableColumn[] =>
    Array.from({ length: count }, (_, index) => ({ name: `c${index}`, columnType }));

  test('can have 152 columns', () => {
    expect(() => checkColumns(many(152, 'INTEGER'))).not.toThrow();
    expect(() => checkColumns(many(153, 'INTEGER'))).toThrow('this one has 153');
  });

  test('cannot have two of one name', () => {
    expect(() => checkColumns([base('INTEGER'), base('DOUBLE', { name: 'a ' })])).toThrow(
      'two columns named "a"',
    );
    expect(() => checkColumns([base('INTEGER'), base('DOUBLE', { name: 'A' })])).not.toThrow();
  });

  test('cannot be wider than Synapse allows', async () => {
    for (const [fits, tooMany, type] of [
      [30, 31, 'LARGETEXT'],
      [152, 153, 'MEDIUMTEXT'],
      [3, 4, 'STRING_LIST'],
    ] as const) {
      expect(() => checkColumns(many(fits, type))).not.toThrow();
      expect(() => checkColumns(many(tooMany, type))).toThrow();
    }
    const wide = many(17, 'STRING').map((column) => ({ ...column, maximumSize: 1000 }));
    expect(() => checkColumns(wide)).toThrow('A row of these columns can have 68000 bytes');
    const list = await createColumns(
      { services: syn.services } as Parameters<typeof createColumns>[0],
      wide,
    );
    const project = await clients.project(syn);
    const concreteType = 'org.sagebionetworks.repo.model.table.TableEntity';
    const columnIds = list.map(({ id }) => id);
    const body = { concreteType, name: 'wide', parentId: project.id, columnIds } as const;
    await expect(syn.services.entity.createEntity({ body })).rejects.toThrow('68000 bytes');
  });
});
