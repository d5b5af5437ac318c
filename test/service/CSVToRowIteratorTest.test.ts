import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { csvUpload, TableSession } from '../server/tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

const models: readonly M.ColumnModel[] = [
  { name: 'a', columnType: 'STRING' },
  { name: 'b', columnType: 'INTEGER' },
  { name: 'c', columnType: 'BOOLEAN' },
];

/** A table with three columns, and the rows that it has after an upload. */
async function uploaded(
  lines: readonly string[],
  fields: object = {},
  { before = [], columns: wanted = models }: { before?: string[][]; columns?: typeof models } = {},
): Promise<{ answer: { status: number; body: unknown }; rows: M.Row[] }> {
  const columns = await alice().columns(...wanted);
  const { id } = await alice().table(columns);
  if (before.length > 0) {
    await alice().append(id, columns, before);
  }
  const file = await alice().upload(`${lines.join('\n')}\n`);
  const answer = await alice().transaction(id, [csvUpload(file, fields)]);
  return { answer, rows: await alice().rows(`select * from ${id}`) };
}

const noHeader = { csvTableDescriptor: { isFirstLineHeader: false } };
const data = ['AAA,2,true', 'CCC,3,false', 'FFF,4,true'];
const cells = [
  ['AAA', '2', 'true'],
  ['CCC', '3', 'false'],
  ['FFF', '4', 'true'],
];
const three = [
  ['x', '10', 'true'],
  ['y', '20', 'true'],
  ['z', '30', 'true'],
];

function shown(rows: readonly M.Row[]): unknown[] {
  return rows.map(({ rowId, values }) => [rowId, ...(values ?? [])]);
}

describe('CSVToRowIteratorTest', () => {
  test.each<[string, string[], object]>([
    [
      'testCSVToRowIteratorNoHeaders: without a header, cells are in the order of the columns',
      data,
      noHeader,
    ],
    ['testCSVToRowIteratorWithHeaderSameOrder: a header is no row', ['a,b,c', ...data], {}],
    [
      'testCSVToRowIteratorWithHeaderDifferentOrder: a header gives the order',
      ['c,b,a', 'true,2,AAA', 'false,3,CCC', 'true,4,FFF'],
      {},
    ],
  ])('%s', async (_title, lines, fields) => {
    const { rows } = await uploaded(lines, fields);
    expect(rows.map(({ values }) => values)).toEqual(cells);
  });

  test('testCSVToRowIteratorNullHeaders: an empty file has no header', async () => {
    expect((await uploaded([''])).answer).toEqual(
      refusal(400, 'Expected the first line to be the header but was empty.'),
    );
  });

  test('testCSVToRowIteratorWithHeadersMissing: a row is no header', async () => {
    expect((await uploaded(data)).answer).toEqual(
      refusal(
        400,
        'The first line is expected to be a header but the values do not match the names of of the columns of the table (AAA is not a valid column name or id). Header row: AAA,2,true',
      ),
    );
  });

  test('testCSVToRowIteratorWithHeaderAndRowIdAndVersionId: ids may come last, and be missing', async () => {
    const lines = ['a,b,c,ROW_ID,ROW_VERSION', 'AAA,2,,1,11', 'CCC,3,false,,', 'FFF,,true,3,10'];
    const { rows } = await uploaded(lines, {}, { before: three });
    expect(shown(rows)).toEqual([
      [1, 'AAA', '2', null],
      [2, 'y', '20', 'true'],
      [3, 'FFF', null, 'true'],
      [4, 'CCC', '3', 'false'],
    ]);
  });

  test('testCSVToRowIteratorWithHeadersIgnoreColumns: a column without a name is ignored', async () => {
    const lines = ['ROW_ID,ROW_VERSION,a,,c', '1,11,AAA,2,', ',,CCC,3,false', '3,10'];
    const { rows } = await uploaded(lines, {}, { before: three });
    expect(shown(rows)).toEqual([
      [1, 'AAA', '10', null],
      [2, 'y', '20', 'true'],
      [4, 'CCC', null, 'false'],
    ]);
  });

  test('testCSVToRowIteratorWithNotAllHeaders: columns that are not named do not change', async () => {
    const lines = ['ROW_ID,ROW_VERSION,a,c', '1,11,AAA,', ',,CCC,false', '3,10'];
    const { rows } = await uploaded(lines, {}, { before: three });
    expect(shown(rows)).toEqual([
      [1, 'AAA', '10', null],
      [2, 'y', '20', 'true'],
      [4, 'CCC', null, 'false'],
    ]);
  });

  test('testCSVToRowIteratorReadDeletion: a row without cells is deleted', async () => {
    const lines = ['ROW_ID,ROW_VERSION,a,b,c', '1,11,AAA,2,', ',,CCC,3,false', '3,10'];
    const { rows } = await uploaded(lines, {}, { before: three });
    expect(shown(rows)).toEqual([
      [1, 'AAA', '2', null],
      [2, 'y', '20', 'true'],
      [4, 'CCC', '3', 'false'],
    ]);
  });

  test('testCSVToRowIteratorPLFM_3155: ids of a skipped header count', async () => {
    const columns: M.ColumnModel[] = [{ name: 'foo', columnType: 'STRING' }];
    const lines = ['ROW_ID,ROW_VERSION,bar', '1,11,AAA', '2,11,BBB'];
    const fields = { ...noHeader, linesToSkip: 1 };
    const { rows } = await uploaded(lines, fields, { before: [['x'], ['y']], columns });
    expect(shown(rows)).toEqual([
      [1, 'AAA'],
      [2, 'BBB'],
    ]);
  });

  test.each<[string, object]>([
    ['testCSVIncludeEtag: etags are no cells', {}],
    [
      'testCSVIncludeEtagSkipFirstLine: nor are those after a skipped header',
      { ...noHeader, linesToSkip: 1 },
    ],
  ])('%s', async (_title, fields) => {
    const columns: M.ColumnModel[] = [{ name: 'foo', columnType: 'STRING' }];
    const lines = ['ROW_ID,ROW_VERSION,ROW_ETAG,foo', '1,11,etag1,AAA', '2,11,etag2,BBB'];
    const { rows } = await uploaded(lines, fields, { before: [['x'], ['y']], columns });
    expect(shown(rows)).toEqual([
      [1, 'AAA'],
      [2, 'BBB'],
    ]);
  });

  test('testPLFM_5989: a byte order mark is no part of a name', async () => {
    const { rows } = await uploaded(['\ufeffa,b', 'text,3']);
    expect(shown(rows)).toEqual([[1, 'text', '3', null]]);
  });
});
