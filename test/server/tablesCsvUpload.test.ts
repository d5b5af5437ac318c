import { describe, expect, test } from '@jest/globals';

import { refusal, withSessions } from './entitySession.js';
import { csvUpload, TableSession, tableModel } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

describe('CSV uploads', () => {
  test('add rows by header with defaults for the rest', async () => {
    const { id } = await alice().filled([]);
    const file = await alice().upload('name\n"a, ""b"""\n\nc\n');
    const { results } = await alice().change(id, [csvUpload(file)]);
    expect(results).toEqual([
      {
        concreteType: `${tableModel}.UploadToTableResult`,
        rowsProcessed: 2,
        etag: expect.any(String),
      },
    ]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([
      ['a, "b"', '7'],
      ['c', '7'],
    ]);
  });

  test('follow the descriptor', async () => {
    const { id } = await alice().filled([]);
    const file = await alice().upload("# made by hand\nit\\'s\t1\r\n'tab\there'\t2\r\n");
    await alice().change(id, [
      csvUpload(file, {
        linesToSkip: 1,
        csvTableDescriptor: { separator: '\t', quoteCharacter: "'", isFirstLineHeader: false },
      }),
    ]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([
      ["it's", '1'],
      ['tab\there', '2'],
    ]);
  });

  test('name columns by their names only', async () => {
    const { id, name } = await alice().filled([]);
    const file = await alice().upload(`count,${name.id}\n1,one\n`);
    expect(await alice().transaction(id, [csvUpload(file)])).toEqual(
      refusal(400, expect.stringContaining(`(${name.id} is not a valid column name or id)`)),
    );
  });

  test('with ROW_ID change the columns that they have', async () => {
    const { id } = await alice().filled();
    await alice().change(id, [
      csvUpload(await alice().upload('count,ROW_ID,ROW_VERSION\n33,3,1\n44,,\n')),
    ]);
    expect(await alice().rows(`select * from ${id}`)).toEqual([
      { rowId: 1, versionNumber: 1, values: ['one', '1'] },
      { rowId: 2, versionNumber: 1, values: ['two', '2'] },
      { rowId: 3, versionNumber: 2, values: ['three', '33'] },
      { rowId: 4, versionNumber: 2, values: [null, '44'] },
    ]);
    await alice().change(id, [csvUpload(await alice().upload('ROW_ID,ROW_VERSION\n1,1\n2,1\n'))]);
    expect(await alice().cells(`select name from ${id}`)).toEqual([['three'], [null]]);
    expect(
      await alice().transaction(id, [
        csvUpload(await alice().upload('ROW_ID,ROW_VERSION,count\n3,1,1\n')),
      ]),
    ).toMatchObject({ status: 412 });
  });

  test('ignore row ids in a table that never had rows', async () => {
    const { id } = await alice().filled([]);
    await alice().change(id, [
      csvUpload(await alice().upload('ROW_ID,ROW_VERSION,name\n17,4,a\n18,4,b\n')),
    ]);
    expect(await alice().rows(`select name from ${id}`)).toMatchObject([
      { rowId: 1, values: ['a'] },
      { rowId: 2, values: ['b'] },
    ]);
  });

  test('without a header begin with the row id and version if the skipped row does', async () => {
    const { id } = await alice().filled();
    const csvTableDescriptor = { isFirstLineHeader: false };
    const named = await alice().upload('ROW_ID,ROW_VERSION,other,name\n1,1,uno,10\n');
    await alice().change(id, [csvUpload(named, { csvTableDescriptor, linesToSkip: 1 })]);
    expect(await alice().cells(`select * from ${id} where row_id = 1`)).toEqual([['uno', '10']]);
    await alice().change(id, [csvUpload(await alice().upload('1,1,x\n'), { csvTableDescriptor })]);
    expect(await alice().rows(`select * from ${id} where row_id > 3`)).toMatchObject([
      { rowId: 4, values: ['1', '1'] },
    ]);
  });

  test('do not change the cells that a row lacks, and delete rows that lack all', async () => {
    const { id } = await alice().filled();
    const file = await alice().upload('ROW_ID,ROW_VERSION,name,count\n1,1,uno\n2,1\n3,1,,\n');
    await alice().change(id, [csvUpload(file)]);
    expect(await alice().rows(`select * from ${id}`)).toMatchObject([
      { rowId: 1, values: ['uno', '1'] },
      { rowId: 3, values: [null, '7'] },
    ]);
  });

  test('ignore cells beyond the header', async () => {
    const { id } = await alice().filled([]);
    await alice().change(id, [csvUpload(await alice().upload('name\na,b\n'))]);
    expect(await alice().cells(`select name from ${id}`)).toEqual([['a']]);
  });

  test('without rows change nothing', async () => {
    const { id } = await alice().filled([]);
    const { results } = await alice().change(id, [csvUpload(await alice().upload('name\n'))]);
    expect(results).toEqual([
      { concreteType: `${tableModel}.UploadToTableResult`, rowsProcessed: 0 },
    ]);
  });

  test('are refused as a whole', async () => {
    const { id } = await alice().filled([]);
    const upload = async (text: string, fields: object = {}) =>
      alice().transaction(id, [csvUpload(await alice().upload(text), fields)]);
    expect(await upload('name,other\na,b\n')).toEqual(
      refusal(400, expect.stringMatching(/^The first line is expected to be a header but /)),
    );
    expect(await upload('name,count\na,b\n')).toEqual(
      refusal(400, 'Value at [0,1] was not a valid INTEGER. For input string: "b"'),
    );
    expect(await upload('\n')).toEqual(
      refusal(400, 'Expected the first line to be the header but was empty.'),
    );
    expect(await upload('name,ROW_ID\na,b\n')).toEqual(refusal(400, 'For input string: "b"'));
    expect(await upload('name\na\n', { csvTableDescriptor: { escapeCharacter: '"' } })).toEqual(
      refusal(500, 'The separator, quote, and escape characters must be different!'),
    );
    expect(await upload('name\na\n', { columnIds: ['1'] })).toEqual(
      refusal(400, 'Unsupported columnIds'),
    );
    expect(await alice().transaction(id, [csvUpload('999999999')])).toMatchObject({ status: 404 });
    const foreign = await new TableSession(server.bob).upload('name\na\n');
    expect(await alice().transaction(id, [csvUpload(foreign)])).toMatchObject({ status: 403 });
    expect(await alice().rows(`select * from ${id}`)).toEqual([]);
  });

  test('are previewed', async () => {
    const file = await alice().upload(
      'b,i,d,day,e,s\ntrue,1,1.5,2020-01-01,syn1,x\nfalse,2,2,2020-01-02,syn22,\n',
    );
    const answer = await alice().job('/table/upload/csv/preview/async', {
      concreteType: `${tableModel}.UploadToTablePreviewRequest`,
      uploadFileHandleId: file,
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        rowsScanned: 2,
        suggestedColumns: [
          { name: 'b', columnType: 'BOOLEAN' },
          { name: 'i', columnType: 'INTEGER' },
          { name: 'd', columnType: 'DOUBLE' },
          { name: 'day', columnType: 'DATE' },
          { name: 'e', columnType: 'ENTITYID' },
          { name: 's', columnType: 'STRING', maximumSize: 1 },
        ],
        sampleRows: [
          { values: ['true', '1', '1.5', '2020-01-01', 'syn1', 'x'] },
          { values: ['false', '2', '2', '2020-01-02', 'syn22', null] },
        ],
      },
    });
  });
});
