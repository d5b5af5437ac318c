import { describe, expect, test } from '@jest/globals';
import { ArgumentError, CsvError } from '../../src/index.js';
import { inferColumns, type InferredColumn } from '../../src/tables/rows/inferColumns.js';

const options = { profile: 'exact' } as const;

function typeOf({ columnType, maximumSize, maximumListLength }: InferredColumn): string {
  const length = maximumListLength === undefined ? '' : `[${maximumListLength}]`;
  return `${columnType}${maximumSize === undefined ? '' : ` ${maximumSize}`}${length}`;
}

async function ofTexts(...cells: string[]): Promise<string> {
  const lines = cells.map((cell) => (cell === '' ? ',' : `"${cell.replaceAll('"', '""')}",`));
  const [column] = await inferColumns({ csv: `a,b\n${lines.join('\n')}\n` }, options);
  return column === undefined ? '' : typeOf(column);
}

async function ofValues(...values: unknown[]): Promise<string> {
  const [column] = await inferColumns(
    values.map((a) => ({ a })),
    options,
  );
  return column === undefined ? '' : typeOf(column);
}

describe('the exact profile', () => {
  const texts: [cells: string[], type: string][] = [
    [['1', '-9223372036854775808', ''], 'INTEGER'],
    [['9223372036854775808'], 'STRING 50'],
    [['007', '1'], 'STRING 50'],
    [['+1'], 'STRING 50'],
    [['1', '2.5', '1e-7', 'NaN', '-inf'], 'DOUBLE'],
    [['9007199254740993', '0.5'], 'STRING 50'],
    [['0.12345678901234567891'], 'STRING 50'],
    [['0.1', '0.30000000000000004'], 'DOUBLE'],
    [['1e400'], 'STRING 50'],
    [['Nan', 'inf'], 'STRING 50'],
    [['true', 'False', 'TRUE'], 'BOOLEAN'],
    [['true', '1'], 'STRING 50'],
    [['2020-01-01', '2020-01-01T10:00:00.123Z', '2020-01-01 10:00+02:00'], 'DATE'],
    [['2020-01-01T10:00:00.123456Z'], 'STRING 50'],
    [['2020', '20200101'], 'INTEGER'],
    [['2020-02-30'], 'STRING 50'],
    [['syn1', 'syn22'], 'ENTITYID'],
    [['syn1.2'], 'STRING 50'],
    [['["a","b"]', '["c"]'], 'STRING_LIST 1[2]'],
    [['[1]', '[2,3,4]'], 'INTEGER_LIST[3]'],
    [['[true]'], 'BOOLEAN_LIST[2]'],
    [['["syn1"]'], 'ENTITYID_LIST[2]'],
    [['["syn1","x"]'], 'STRING_LIST 4[2]'],
    [['[1,"a"]'], 'JSON'],
    [['[]', '["a"]'], 'JSON'],
    [['[1.5]', '[null]'], 'JSON'],
    [['{"a":1}', '[1]'], 'JSON'],
    [['{"a":1', '[1]'], 'STRING 50'],
    [['NA', 'None'], 'STRING 50'],
    [[''], 'STRING 50'],
    [['😀'.repeat(40)], 'STRING 80'],
    [['x'.repeat(1001)], 'MEDIUMTEXT'],
    [['x'.repeat(2001)], 'LARGETEXT'],
  ];
  test.each(texts)('of the texts %j is %s', async (cells, type) => {
    expect(await ofTexts(...cells)).toBe(type);
  });

  const values: [values: unknown[], type: string][] = [
    [[1, 2n, null], 'INTEGER'],
    [[1, 0.5], 'DOUBLE'],
    [[2n ** 53n + 1n, 0.5], 'STRING 50'],
    [[2n ** 63n], 'STRING 50'],
    [[-0], 'DOUBLE'],
    [[Number.NaN], 'DOUBLE'],
    [['5', '6'], 'STRING 50'],
    [['2020-01-01'], 'STRING 50'],
    [['syn5'], 'ENTITYID'],
    [[new Date(0)], 'DATE'],
    [[new Date(0), 'x'], 'STRING 50'],
    [[['a', 'b']], 'STRING_LIST 1[2]'],
    [[[new Date(0)]], 'DATE_LIST[2]'],
    [[{ a: 1 }], 'JSON'],
    [[{ path: 'x.png' }], 'FILEHANDLEID'],
    [[undefined], 'STRING 50'],
  ];
  test.each(values)('of the values %p is %s', async (list, type) => {
    expect(await ofValues(...list)).toBe(type);
  });

  test('fits into the width of a row', async () => {
    const wide = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`c${at}`, 'x'.repeat(at === 0 ? 100 : 900)]),
    );
    const columns = await inferColumns([wide], options);
    expect(columns.filter(({ columnType }) => columnType === 'MEDIUMTEXT').length).toBeGreaterThan(
      9,
    );
    expect(columns[0]).toMatchObject({ columnType: 'STRING', maximumSize: 100 });
  });

  test('counts the rows before a key as without a value', async () => {
    const columns = await inferColumns([{ a: 1 }, { b: true }, {}], { profile: 'python-legacy' });
    expect(columns.map(({ columnType }) => columnType)).toEqual(['DOUBLE', 'BOOLEAN']);
  });
});

describe('inference refuses', () => {
  test('files without names for their columns', async () => {
    await expect(inferColumns({ csv: '1,2\n', header: false })).rejects.toThrow(CsvError);
    await expect(inferColumns({ csv: 'a,a\n1,2\n' })).rejects.toThrow('twice');
    await expect(inferColumns({ csv: '' })).rejects.toThrow('empty');
  });

  test('values that no column can hold, and profiles that do not exist', async () => {
    await expect(inferColumns([{ a: Buffer.from('x') }])).rejects.toThrow(ArgumentError);
    await expect(inferColumns([{ a: new Date(Number.NaN) }])).rejects.toThrow('invalid date');
    const other = { profile: 'pandas' as 'python' };
    await expect(inferColumns([{ a: 1 }], other)).rejects.toThrow('no profile "pandas"');
  });
});
