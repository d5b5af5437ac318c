import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { TableSession, tableModel } from '../server/tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

const headerOnly = { isFirstLineHeader: true };
const noHeader = { isFirstLineHeader: false };

async function ask(
  text: string,
  csvTableDescriptor: object = headerOnly,
  fields: object = {},
): Promise<{ status: number; body: unknown }> {
  return alice().job('/table/upload/csv/preview/async', {
    concreteType: `${tableModel}.UploadToTablePreviewRequest`,
    uploadFileHandleId: await alice().upload(text),
    csvTableDescriptor,
    ...fields,
  });
}

async function preview(
  rows: readonly (readonly (string | null)[])[],
  descriptor: object = headerOnly,
  fields: object = {},
): Promise<M.UploadToTablePreviewResult> {
  const text = rows
    .map((cells) =>
      cells.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(','),
    )
    .join('\n');
  const answer = await ask(`${text}\n`, descriptor, fields);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as M.UploadToTablePreviewResult;
}

function names({ suggestedColumns }: M.UploadToTablePreviewResult): (string | undefined)[] {
  return (suggestedColumns ?? []).map(({ name }) => name);
}

const full = { doFullFileScan: true };

describe('UploadPreviewBuilderTest', () => {
  test('testBuildResultsWithHeader: types and names are suggested, and rows shown', async () => {
    const rows = [
      ['string', 'int', 'boolean', 'double'],
      ['CCC', null, 'false', '1.1'],
      ['', '', '', ''],
      [null, null, null, null],
      ['FFF', '4', 'true', '2.2'],
    ];
    expect(await preview(rows)).toMatchObject({
      rowsScanned: 4,
      suggestedColumns: [
        { name: 'string', columnType: 'STRING', maximumSize: 3 },
        { name: 'int', columnType: 'INTEGER' },
        { name: 'boolean', columnType: 'BOOLEAN' },
        { name: 'double', columnType: 'DOUBLE' },
      ],
      sampleRows: rows.slice(1).map((values) => ({ values })),
    });
  });

  test('testBuildResultsNoHeader: columns without a header are numbered', async () => {
    const rows = [
      ['CCC', '3'],
      ['FFF', '4'],
    ];
    expect(await preview(rows, noHeader)).toMatchObject({
      rowsScanned: 2,
      suggestedColumns: [
        { name: 'col1', columnType: 'STRING', maximumSize: 3 },
        { name: 'col2', columnType: 'INTEGER' },
      ],
      sampleRows: rows.map((values) => ({ values })),
    });
  });

  const types = [
    { name: 'boolean', columnType: 'BOOLEAN' },
    { name: 'double', columnType: 'DOUBLE' },
  ];

  test('testBuildResultsWithRowIdAndVersion: ids and versions are no columns', async () => {
    const result = await preview([
      ['ROW_ID', 'ROW_VERSION', 'boolean', 'double'],
      ['1', '0', 'false', '1.1'],
      ['2', '0', 'true', '2.2'],
    ]);
    expect(result).toMatchObject({ rowsScanned: 2, suggestedColumns: types });
    expect(result.sampleRows).toEqual([
      { rowId: 1, versionNumber: 0, values: ['false', '1.1'] },
      { rowId: 2, versionNumber: 0, values: ['true', '2.2'] },
    ]);
  });

  test('testBuildResultsWithRowIdAndVersionEtag: etags are no columns', async () => {
    const result = await preview([
      ['ROW_ID', 'ROW_VERSION', 'ROW_ETAG', 'boolean', 'double'],
      ['1', '0', 'etag1', 'false', '1.1'],
      ['2', '0', 'etag2', 'true', '2.2'],
    ]);
    expect(result).toMatchObject({ rowsScanned: 2, suggestedColumns: types });
    expect(result.sampleRows).toEqual([
      { rowId: 1, versionNumber: 0, etag: 'etag1', values: ['false', '1.1'] },
      { rowId: 2, versionNumber: 0, etag: 'etag2', values: ['true', '2.2'] },
    ]);
  });

  test.each([
    ['testPLFM_3887_MissingRowID: an empty id is none', ''],
    ['testPLFM_3887_NullRowId: a missing id is none', null],
  ])('%s', async (_title, id) => {
    const { sampleRows } = await preview([
      ['ROW_ID', 'ROW_VERSION', 's', 'i'],
      ['1', '0', 'a2', '7'],
      [id, id, 'a1', '6'],
    ]);
    expect(sampleRows).toEqual([
      { rowId: 1, versionNumber: 0, values: ['a2', '7'] },
      { values: ['a1', '6'] },
    ]);
  });

  test('testPLFM_3887_DeleteRow: a row that is deleted has no cells', async () => {
    const { sampleRows } = await preview([
      ['ROW_ID', 'ROW_VERSION', 's', 'i'],
      ['1', '0'],
      ['2', '1', 'a1', '6'],
    ]);
    expect(sampleRows).toEqual([
      { rowId: 1, versionNumber: 0, values: [null, null] },
      { rowId: 2, versionNumber: 1, values: ['a1', '6'] },
    ]);
  });

  test('testPLFM_3887_SparseRows: rows may be short', async () => {
    const { sampleRows } = await preview([
      ['a', 'b', 'c'],
      ['1', '2', '3'],
      ['4', '5', null],
      ['6', '7'],
    ]);
    expect(sampleRows?.[2]).toEqual({ values: ['6', '7', null] });
  });

  test('testPLFM_5106_tooManyColumns: rows may not be longer than the header', async () => {
    expect(await ask('a,b,c\n1,2,3\n4,5,6,7\n')).toEqual(
      refusal(400, 'Row number 3 has 4 column(s).  Expected each row to have 3 columns or less.'),
    );
  });

  const many = Array.from({ length: 1001 }, (_, index) => ['CCC', String(index)]);

  test('testBuildResultsFullScan: a full scan reads all rows', async () => {
    expect((await preview(many, noHeader, full)).rowsScanned).toBe(1001);
  });

  test('testBuildResultsPartialScan: any other reads a thousand', async () => {
    const result = await preview(many, noHeader, { doFullFileScan: false });
    expect(result.rowsScanned).toBe(1000);
  });

  test('testPLFM_3032: a column without any value is a text', async () => {
    const rows = [
      ['A', 'B', 'C'],
      ['CCC', '3', null],
      ['FFF', '4', null],
      ['GGG', '5', null],
    ];
    const { rowsScanned, suggestedColumns } = await preview(rows, headerOnly, full);
    expect(rowsScanned).toBe(3);
    expect(suggestedColumns?.[2]).toEqual({ name: 'C', columnType: 'STRING', maximumSize: 50 });
  });

  test('testPLFM_3191: so is a column of empty texts, without a header', async () => {
    const rows = [
      ['EEE', '', 'foo'],
      ['FFF', '', 'bar'],
      ['GGG', '', 'foo'],
    ];
    const result = await preview(rows, noHeader, full);
    expect(result.rowsScanned).toBe(3);
    expect(names(result)).toEqual(['col1', 'col2', 'col3']);
  });

  test('testPLFM_3190: a file may only have a header', async () => {
    const result = await preview([['EEE', '123', 'foo']], headerOnly, full);
    expect(result.rowsScanned).toBe(0);
    expect(names(result)).toEqual(['EEE', '123', 'foo']);
  });

  test('testOneRowNoHeader: a file may have one row', async () => {
    const result = await preview([['EEE', '123', 'foo']], noHeader, full);
    expect(result.rowsScanned).toBe(1);
    expect(names(result)).toEqual(['col1', 'col2', 'col3']);
  });

  test('testBadHeaders: headers become names of columns', async () => {
    const header = ['ROW_ID', 'ROW_VERSION', 'Date', 'all', 'avg', '"quote"'];
    const result = await preview([[...header, "~!@#$%^&* ()_+{}:<>?/.,;'", 'okay', 'all', 'col']]);
    expect(names(result)).toEqual(['Date', 'all', 'avg', 'quote', 'col', 'okay', 'all1', 'col1']);
  });

  test('testNullHeaders: an empty file has no header', async () => {
    expect(await ask('\n')).toEqual(
      refusal(400, 'Expected the first line to be the header but was empty.'),
    );
  });

  test('testNonUniqueHeaders: names that repeat are numbered', async () => {
    const result = await preview([['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']]);
    expect(names(result)).toEqual(['a', 'b', 'c', 'a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  });

  test.each([
    ['testProcessHeaderKeyWord: a keyword is a name', 'AS', ['AS']],
    ['testProcessHeaderWhiteSpace: blanks become underscores', '\nfoo bar\tbar\n', ['foo_bar_bar']],
    ['testProcessHeaderWord: the name of a system column is kept, and is no column', 'ROW_ID', []],
    [
      'testProcessHeaderAllBad: special characters are no name',
      '~!@#$%^&*()+"<>?,./;\'[]{}',
      ['col'],
    ],
    [
      'testProcessHeaderSomeGood: special characters are dropped',
      '~!@a#$%^&*b()+"<c>?,./;d\'[] {}e_g',
      ['abcd_e_g'],
    ],
    ['testProcessHeaderNull: no header is no name', null, ['col']],
    ['testProcessHeaderEmpty: blanks are no name', ' \n\t', ['col']],
    ['testProcessHeaderUnderscoreLeft: underscores are no name', '#_&_#', ['col']],
  ])('%s', async (_title, header, expected) => {
    // A column before keeps the line from being empty.
    expect(names(await preview([['first', header]]))).toEqual(['first', ...expected]);
  });

  test.each<[string, string[], M.ColumnModel]>([
    [
      'testPLFM_4165: integers and texts are a text',
      ['13', 'X', '15'],
      { columnType: 'STRING', maximumSize: 2 },
    ],
    [
      'testBooleanToString: a boolean and a text are a text',
      ['true', 'X'],
      { columnType: 'STRING', maximumSize: 4 },
    ],
    [
      'testStringToBoolean: a text and a boolean are a text',
      ['X', 'true'],
      { columnType: 'STRING', maximumSize: 4 },
    ],
    [
      'testDoubleToString: a double and a text are a text',
      ['123.456', 'X'],
      { columnType: 'STRING', maximumSize: 7 },
    ],
    [
      'testIntegerToDoubleToString: an integer, a double and a text are a text',
      ['123456', '2.1', 'X'],
      { columnType: 'STRING', maximumSize: 6 },
    ],
    [
      'testAllToString: values of all types are a text',
      ['true', '1', '2.1', 'X'],
      { columnType: 'STRING', maximumSize: 4 },
    ],
  ])('%s', async (_title, cells, expected) => {
    const { suggestedColumns } = await preview([['mixed'], ...cells.map((cell) => [cell])]);
    expect(suggestedColumns).toEqual([{ name: 'mixed', ...expected }]);
  });

  test.each([
    ['testParseAsLong: text is no id', 'x', undefined],
    ['testParseAsLong: digits are an id', '123', 123],
  ])('%s', async (_title, id, rowId) => {
    const { sampleRows } = await preview([
      ['ROW_ID', 'a'],
      [id, 'b'],
    ]);
    expect(sampleRows?.[0]?.rowId).toBe(rowId);
  });

  test('testPLFM_5989: a byte order mark is no part of a name', async () => {
    const { body } = await ask('\ufeffcolumn1,column2\nabcde,1.5\n');
    expect((body as M.UploadToTablePreviewResult).suggestedColumns).toEqual([
      { name: 'column1', columnType: 'STRING', maximumSize: 5 },
      { name: 'column2', columnType: 'DOUBLE' },
    ]);
  });
});
