import { describe, expect, test } from '@jest/globals';
import { ArgumentError, CellValueError, CsvError, type RowsInput } from '../../src/index.js';
import type { StoredColumn } from '../../src/columns/columnModel.js';
import { openRows, type OpenRowsOptions } from '../../src/tables/rows/rowSource.js';
import { rowReferenceKey } from '../../src/tables/rows/rowReference.js';

const columns: StoredColumn[] = [
  { id: '1', name: 'name', columnType: 'STRING', maximumSize: 50 },
  { id: '2', name: 'age', columnType: 'INTEGER' },
  { id: '3', name: 'ok', columnType: 'BOOLEAN' },
  { id: '4', name: 'seen', columnType: 'DATE' },
  { id: '5', name: 'score', columnType: 'DOUBLE' },
];

async function read(input: RowsInput, options: OpenRowsOptions = {}) {
  const source = await openRows(input, columns, options);
  const rows = [];
  for await (const row of source.rows) rows.push(row);
  return { names: source.columns.map(({ name }) => name), rows };
}

const cellsOf = async (input: RowsInput) => (await read(input)).rows.map(({ cells }) => cells);

async function failureOf(input: RowsInput): Promise<Error> {
  try {
    await read(input);
  } catch (error) {
    return error as Error;
  }
  throw new Error('The rows were read.');
}

describe('cells of CSV', () => {
  const cases: [name: string, header: string, cell: string, expected: string | null][] = [
    ['an empty cell is null', 'name', ',', null],
    ['an empty cell in quotes is the empty text', 'name', '"",', ''],
    ['NA stays a text', 'name', 'NA,', 'NA'],
    ['blanks stay in a text', 'name', ' a ,', ' a '],
    ['booleans as Python writes them are booleans', 'ok', 'True,', 'true'],
    ['an empty cell in quotes is null where there are no texts', 'age', '"",', null],
    ['a whole number may have a fraction of zeros', 'age', '12.0,', '12'],
    ['a whole number may have an exponent', 'age', '1e3,', '1000'],
    ['a whole number of 64 bits is exact', 'age', '9007199254740993,', '9007199254740993'],
    ['a date without an offset is in UTC', 'seen', '2020-01-01,', '1577836800000'],
    ['a date may have an offset', 'seen', '2020-01-01T01:00:00+01:00,', '1577836800000'],
    ['a date may be milliseconds', 'seen', '-5,', '-5'],
  ];
  test.each(cases)('%s', async (_, column, cell, expected) => {
    const other = column === 'name' ? 'age' : 'name';
    expect(await cellsOf({ csv: `${column},${other}\n${cell}\n` })).toEqual([[expected, null]]);
  });

  const bad: [column: string, cell: string][] = [
    ['age', 'NA'],
    ['age', '1.5'],
    ['age', '99999999999999999999'],
    ['ok', 'yes'],
    ['seen', 'yesterday'],
    ['score', 'abc'],
  ];
  test.each(bad)('a bad cell of %s is named with its row', async (column, cell) => {
    const error = await failureOf({ csv: `name,${column}\na,\n"b\nc",${cell}\n` });
    expect(error).toBeInstanceOf(CellValueError);
    expect(error).toMatchObject({ row: 3, column, value: cell });
  });

  test('the number of a row counts the skipped lines', async () => {
    const error = await failureOf({ csv: '# a\r\n# b\nname,age\nx,y\n', skipLines: 2 });
    expect(error).toMatchObject({ row: 4, column: 'age' });
  });
});

describe('CSV files', () => {
  test('can have another dialect', async () => {
    const input = { csv: "name;age\n'a;''b';1\n", separator: ';', quote: "'" };
    expect(await cellsOf(input)).toEqual([["a;'b", '1']]);
  });

  test('can have a byte order mark, any line ends and no last one', async () => {
    const rows = [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ];
    expect(await cellsOf({ csv: '\ufeffname,age\r\na,1\rb,2\nc,3' })).toEqual(rows);
  });

  test('without a header have all columns, or names', async () => {
    const all = { csv: 'a,1,true,0,0.5\n', header: false } as const;
    expect(await cellsOf(all)).toEqual([['a', '1', 'true', '0', '0.5']]);
    const named = { csv: '1,a\n2,b\n', header: ['age', 'name'] };
    expect(await read(named)).toMatchObject({
      names: ['age', 'name'],
      rows: [
        { row: 1, cells: ['1', 'a'] },
        { row: 2, cells: ['2', 'b'] },
      ],
    });
  });

  test('with one column skip empty lines, unless they are rows', async () => {
    expect(await cellsOf({ csv: 'name\na\n\n\nb\n' })).toEqual([['a'], ['b']]);
    const rows = await cellsOf({ csv: 'name\na\n\nb\n', emptyLines: 'row' });
    expect(rows).toEqual([['a'], [null], ['b']]);
  });

  test('come in pieces of any size', async () => {
    const bytes = Buffer.from('name,age\n"é, ""q""",1\n😀,2\n');
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const byte of bytes) {
        await Promise.resolve();
        yield Buffer.of(byte);
      }
    }
    expect(await cellsOf(pieces())).toEqual([
      ['é, "q"', '1'],
      ['😀', '2'],
    ]);
  });

  const refused: [what: string, input: RowsInput, message: RegExp][] = [
    ['an empty file', { csv: '' }, /is empty/],
    ['only empty lines', { csv: '\n\n' }, /is empty/],
    ['too many cells', { csv: 'name,age\na,1\nb,2,3\n' }, /Row 3 .* 3 cells, the first row has 2/],
    ['too few cells', { csv: 'name,age\na\n' }, /Row 2 /],
    ['an open quote', { csv: 'name,age\n"a,1\n' }, /Row 2 .*quote that is not closed/],
    ['text after a quote', { csv: 'name,age\n"a"b,1\n' }, /Row 2 /],
    ['an unknown column', { csv: 'name,size\n' }, /names "size", which is no column/],
    ['another case', { csv: 'Name,age\n' }, /Did you mean "name"\?/],
    ['a column twice', { csv: 'name,name\n' }, /column "name" twice/],
    ['a column without a name', { csv: 'name,\n' }, /Column 2 .* has no name/],
    ['a reserved name', { csv: 'name,row_benefactor\n' }, /Synapse reserves/],
    ['the id of a row twice', { csv: 'ROW_ID,row_id\n' }, /twice/],
    ['UTF-16', Buffer.from('\ufeffname\na\n', 'utf16le'), /UTF-16/],
    ['Latin 1', Buffer.from('name\né\n', 'latin1'), /not UTF-8/],
    [
      'another number of columns',
      { csv: 'a,b\n', header: false },
      /has 2 columns, and the table 5/,
    ],
    ['too few names', { csv: 'a,b\n', header: ['name'] }, /have 2 cells, but 1 columns are named/],
  ];
  test.each(refused)('with %s are refused', async (_, input, message) => {
    const error = await failureOf(input);
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toMatch(message);
  });

  test('that do not exist are refused with their path', async () => {
    expect((await failureOf('/nowhere/x.csv')).message).toMatch('Cannot read /nowhere/x.csv');
  });

  test('have references to rows under reserved names in any case', async () => {
    const { rows, names } = await read({
      csv: 'row_id,name,ROW_VERSION,ROW_ETAG\n1,a,2,e\n,b,,\n',
    });
    expect(names).toEqual(['name']);
    expect(rows.map(({ reference }) => reference)).toEqual([
      { rowId: 1, versionNumber: 2, etag: 'e' },
      { rowId: undefined, versionNumber: undefined, etag: undefined },
    ]);
    expect(await failureOf({ csv: 'ROW_ID,name\nx,a\n' })).toMatchObject({
      row: 2,
      column: 'ROW_ID',
    });
  });
});

describe('objects', () => {
  test('that lack a key are told from those with null', async () => {
    const { rows } = await read([
      { name: 'a', age: null },
      { age: 1 },
      { name: undefined, ok: true },
    ]);
    expect(rows).toEqual([
      { row: 1, reference: {}, cells: ['a', null] },
      { row: 2, reference: {}, cells: [null, '1'], absent: new Set([0]) },
      { row: 3, reference: {}, cells: [null, null, 'true'], absent: new Set([0, 1]) },
    ]);
  });

  test('add columns when a later row has them', async () => {
    const { names, rows } = await read([{ age: 1 }, { name: 'a', age: 2 }]);
    expect(names).toEqual(['age', 'name']);
    expect(rows.map(({ cells }) => cells)).toEqual([['1'], ['2', 'a']]);
  });

  test('with a key that is no column are refused at that row', async () => {
    const error = await failureOf([{ name: 'a' }, { name: 'b', size: 1 }]);
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toMatch('Row 2 names "size", which is no column');
    expect((await failureOf([{ row_benefactor: 1 }])).message).toMatch('no column');
  });

  const noRows: unknown[] = [[['a', 1]], [1], [null], 5, {}];
  test.each(noRows)('are rows; %j is refused', async (input) => {
    expect(await failureOf(input as RowsInput)).toBeInstanceOf(ArgumentError);
  });

  test('hold their reference under a symbol or reserved names', async () => {
    const reference = { rowId: 5, versionNumber: 2 };
    const { rows } = await read([
      { name: 'a', [rowReferenceKey]: reference },
      { name: 'a', ROW_ID: '5', ROW_VERSION: 2n },
      { name: 'a', rowId: 5, versionNumber: 2 },
      { name: 'a', ROW_ID: null },
    ]);
    const read3 = rows.map((row) => ({ ...row.reference }));
    expect(read3).toEqual([reference, reference, reference, {}]);
    expect(await failureOf([{ ROW_ID: 'x' }])).toMatchObject({ row: 1, column: 'ROW_ID' });
  });

  test('stop when the signal aborts, also while the next one is awaited', async () => {
    const control = new AbortController();
    async function* never(): AsyncGenerator<object> {
      yield { name: 'a' };
      await new Promise(() => undefined);
    }
    const reason = new Error('enough');
    const reading = read(never(), { signal: control.signal });
    control.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

test('a CSV error is an error of its argument', () => {
  expect(new CsvError('x')).toBeInstanceOf(ArgumentError);
});
