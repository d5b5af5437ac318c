import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import {
  rowSet,
  schemaChange,
  TableSession,
  type Column,
  type Values,
} from '../server/tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

async function oneColumn(model: M.ColumnModel): Promise<{ id: string; columns: Column[] }> {
  const columns = await alice().columns({ name: 'myCol', ...model });
  return { id: (await alice().table(columns)).id, columns };
}

/** What becomes of cells of a column. */
async function stored(model: M.ColumnModel, cells: Values): Promise<unknown[]> {
  const { id, columns } = await oneColumn(model);
  await alice().append(
    id,
    columns,
    cells.map((cell) => [cell]),
  );
  return (await alice().cells(`select myCol from ${id} order by row_id`)).flat();
}

/** The error of a cell that is the second of its row, in the second row. */
async function refused(model: M.ColumnModel, cell: string): Promise<unknown> {
  const columns = await alice().columns(
    { name: 'first', columnType: 'STRING' },
    { name: 'myCol', ...model },
  );
  const { id } = await alice().table(columns);
  return alice().transaction(id, [
    rowSet(id, columns, [{ values: ['a', null] }, { values: ['b', cell] }]),
  ]);
}

const long = (size: number): string => 'a'.repeat(size);
const notNumber = 'For input string: "true"';

describe('TableModelUtilsTest', () => {
  test.each<[string, M.ColumnModel, Values, unknown[]]>([
    [
      'testValidateBoolean: booleans are read in any case, and no value is the default',
      { columnType: 'BOOLEAN', defaultValue: 'true' },
      ['FalSE', 'true', null, ''],
      ['false', 'true', 'true', 'true'],
    ],
    [
      'testValidateLong: integers',
      { columnType: 'INTEGER', defaultValue: '890' },
      ['123', null],
      ['123', '890'],
    ],
    ['testValidateUserId: ids of users', { columnType: 'USERID' }, ['123', null], ['123', null]],
    [
      'testValidateEntityId: ids of entities',
      { columnType: 'ENTITYID' },
      ['syn123', '123', null],
      ['syn123', 'syn123', null],
    ],
    ['testValidateSubmissionId: of submissions', { columnType: 'SUBMISSIONID' }, ['123'], ['123']],
    ['testValidateEvaluationId: of evaluations', { columnType: 'EVALUATIONID' }, ['123'], ['123']],
    [
      'testValidateDate: dates',
      { columnType: 'DATE', defaultValue: '890' },
      ['123', null],
      ['123', '890'],
    ],
    [
      'testValidateDouble: doubles, also those that are no numbers, in any case',
      { columnType: 'DOUBLE', defaultValue: '-89.3e12' },
      ['123.1', 'NaN', 'nan', 'NAN', '-inf', '-INFINITY', '-\u221e', '+inf', '\u221e', null],
      [
        '123.1',
        ...['NaN', 'NaN', 'NaN', '-Infinity', '-Infinity', '-Infinity', 'Infinity', 'Infinity'],
        '-89300000000000',
      ],
    ],
    [
      'testValidateString: texts, and no value is the default',
      { columnType: 'STRING', maximumSize: 555, defaultValue: '-89.3e12' },
      ['some string', null],
      ['some string', '-89.3e12'],
    ],
    [
      'testValidateLink: links',
      { columnType: 'LINK', maximumSize: 555, defaultValue: '-89.3e12' },
      ['some link', null],
      ['some link', '-89.3e12'],
    ],
    [
      'testValidateEnum: values of an enumeration',
      {
        columnType: 'STRING',
        maximumSize: 555,
        enumValues: ['aa', 'bb', 'cc'],
        defaultValue: 'aa',
      },
      ['aa', 'bb', 'cc', null],
      ['aa', 'bb', 'cc', 'aa'],
    ],
    [
      'testValidateStringColumnEmptyString: an empty text is a text',
      { columnType: 'STRING', maximumSize: 555 },
      [''],
      [''],
    ],
    [
      'testValidateStringColumnEmptyLink: and a link',
      { columnType: 'LINK', maximumSize: 555 },
      [''],
      [''],
    ],
    [
      'testValidateLargTextColumn: and a long text',
      { columnType: 'LARGETEXT' },
      ['', null, 'basic'],
      ['', null, 'basic'],
    ],
    [
      'testValidateMediumTextColumn: and a medium text',
      { columnType: 'MEDIUMTEXT' },
      ['', null, 'basic'],
      ['', null, 'basic'],
    ],
    [
      'testValidateJsonColumn: objects are JSON, an empty text is no value',
      { columnType: 'JSON' },
      ['{"foo":"bar"}', null, ''],
      ['{"foo": "bar"}', null, null],
    ],
    [
      'testValidateJsonColumnWithJsonArray: so are arrays',
      { columnType: 'JSON' },
      ['[{"foo":"bar"}]'],
      ['[{"foo": "bar"}]'],
    ],
    [
      'testValidateValue_StringList_EmptyJSONList: an empty list is no value',
      { columnType: 'STRING_LIST', maximumSize: 54, maximumListLength: 2 },
      ['[]'],
      [null],
    ],
  ])('%s', async (_title, model, cells, expected) => {
    expect(await stored(model, cells)).toEqual(expected);
  });

  test.each<[string, M.ColumnModel, string, string]>([
    [
      'testValidateBooleanFail: other text is no boolean',
      { columnType: 'BOOLEAN' },
      'some string',
      'Not a boolean: some string',
    ],
    [
      'testValidateLong: the cell and its type are named',
      { columnType: 'INTEGER' },
      'true',
      notNumber,
    ],
    [
      'testValidateFileHandleId: a file is a number',
      { columnType: 'FILEHANDLEID' },
      'true',
      notNumber,
    ],
    ['testValidateUserId: a user is a number', { columnType: 'USERID' }, 'true', notNumber],
    [
      'testValidateSubmissionId: so is a submission',
      { columnType: 'SUBMISSIONID' },
      'true',
      notNumber,
    ],
    [
      'testValidateEvaluationId: and an evaluation',
      { columnType: 'EVALUATIONID' },
      'true',
      notNumber,
    ],
    [
      'testValidateEntityId: an entity has an id of Synapse',
      { columnType: 'ENTITYID' },
      'true',
      'true is not a valid Synapse ID.',
    ],
    [
      'testValidateDate: it is said where a date is malformed',
      { columnType: 'DATE' },
      'true',
      'Invalid format: "true" is malformed at "rue"',
    ],
    ['testValidateDouble: other text is no double', { columnType: 'DOUBLE' }, 'true', notNumber],
    [
      'testValidateString: a text has a size',
      { columnType: 'STRING', maximumSize: 555 },
      long(556),
      `String '${long(556)}' exceeds the maximum length of 555 characters.`,
    ],
    [
      'testValidateLink: so has a link',
      { columnType: 'LINK', maximumSize: 555 },
      long(556),
      `Link '${long(556)}' exceeds the maximum length of 555 characters.`,
    ],
    [
      'testValidateEnum: the values of an enumeration are listed',
      { columnType: 'STRING', maximumSize: 555, enumValues: ['aa', 'bb', 'cc'] },
      'dd',
      "'dd' is not a valid value for this column. Valid values are: aa, bb, cc.",
    ],
    [
      'testValidateLargTextColumnTooBig: a long text has a limit',
      { columnType: 'LARGETEXT' },
      long(524_289),
      'Exceeds the maximum number of characters: 524288',
    ],
    [
      'testValidateMediumTextColumnTooBig: so has a medium text',
      { columnType: 'MEDIUMTEXT' },
      long(2001),
      'Exceeds the maximum number of characters: 2000',
    ],
    [
      'testValidateJsonColumnWithNonJsonObjectOrArray: other text is no JSON',
      { columnType: 'JSON' },
      'non json object',
      "Invalid JSON object or array: A JSONObject text must begin with '{' at 1 [character 2 line 1], A JSONArray text must start with '[' at 1 [character 2 line 1]",
    ],
    [
      'testValidateJsonColumnWithTooLong: JSON has the limit of a long text',
      { columnType: 'JSON' },
      `[{"foo":"${long(524_288)}"}]`,
      'Exceeds the maximum number of characters: 524288',
    ],
    [
      'testValidateValue_StringList_valueListSizeTooLarge: no list has more than a hundred elements',
      { columnType: 'STRING_LIST' },
      JSON.stringify(Array(101).fill('a')),
      `value can not exceed 100 elements in list: ${JSON.stringify(Array(101).fill('a'))}`,
    ],
    [
      'testValidateValue_StringList_valueNotJsonArray: other text is no list',
      { columnType: 'STRING_LIST' },
      'i am not a list',
      'Not a JSON Array: i am not a list',
    ],
    [
      'testValidateValue_StringList_valueListElementSizeExceeded: texts of lists have a size',
      { columnType: 'STRING_LIST', maximumSize: 4, maximumListLength: 52 },
      '["1","12345", "123"]',
      "String '12345' exceeds the maximum length of 4 characters.",
    ],
    [
      'testValidateValue_StringList_valueListLengthExceeded: lists have a length',
      { columnType: 'STRING_LIST', maximumSize: 54, maximumListLength: 2 },
      '["1","12345", "123"]',
      'Exceeds the maximum number of list elements defined in the ColumnModel (2): "["1","12345", "123"]"',
    ],
    [
      'testValidateValue_IntList_valueListLengthExceeded: so have lists of integers',
      { columnType: 'INTEGER_LIST', maximumListLength: 2 },
      '[1, 12345, 123]',
      'Exceeds the maximum number of list elements defined in the ColumnModel (2): "[1, 12345, 123]"',
    ],
  ])('%s', async (_title, model, cell, detail) => {
    expect(await refused(model, cell)).toEqual(
      refusal(400, `Value at [1,1] was not a valid ${model.columnType ?? ''}. ${detail}`),
    );
  });

  test.each<[string, M.ColumnModel, number]>([
    [
      'testCalculateMaxSizeForTypeString: a text, by its size',
      { columnType: 'STRING', maximumSize: 444 },
      4 * 444,
    ],
    [
      'testCalculateMaxSizeForTypeLink: a link, by its size',
      { columnType: 'LINK', maximumSize: 444 },
      4 * 444,
    ],
    ['testCalculateMaxSizeForTypeBoolean: a boolean', { columnType: 'BOOLEAN' }, 5],
    ['testCalculateMaxSizeForTypeLong: an integer', { columnType: 'INTEGER' }, 20],
    ['testCalculateMaxSizeForTypeDate: a date', { columnType: 'DATE' }, 20],
    ['testCalculateMaxSizeForTypeDouble: a double', { columnType: 'DOUBLE' }, 23],
    ['testCalculateMaxSizeForTypeFileHandle: a file', { columnType: 'FILEHANDLEID' }, 20],
    ['testCalculateMaxSizeForTypeUserID: a user', { columnType: 'USERID' }, 20],
    ['testCalculateMaxSizeForTypeSubmissionID: a submission', { columnType: 'SUBMISSIONID' }, 20],
    ['testCalculateMaxSizeForTypeEvaluationID: an evaluation', { columnType: 'EVALUATIONID' }, 20],
    ['testCalculateMaxSizeForTypeEntityId: an entity', { columnType: 'ENTITYID' }, 44],
    ['testCalculateMaxSizeForTypeLargeText: a long text', { columnType: 'LARGETEXT' }, 2133],
    ['testCalculateMaxSizeForTypeMediumText: a medium text', { columnType: 'MEDIUMTEXT' }, 421],
    ['testCalculateMaxSizeForTypeJson: JSON', { columnType: 'JSON' }, 2133],
    [
      'testCalculateMaxSizeForTypeStringList: a list of texts, by size and length',
      { columnType: 'STRING_LIST', maximumSize: 100, maximumListLength: 12 },
      4 * 100 * 12,
    ],
    [
      'testCalculateMaxSizeForTypeIntegerList: a list of integers',
      { columnType: 'INTEGER_LIST', maximumListLength: 12 },
      20 * 12,
    ],
    [
      'testCalculateMaxSizeForTypeDateList: a list of dates',
      { columnType: 'DATE_LIST', maximumListLength: 12 },
      20 * 12,
    ],
    [
      'testCalculateMaxSizeForTypeUserIdList: a list of users',
      { columnType: 'USERID_LIST', maximumListLength: 12 },
      20 * 12,
    ],
    [
      'testCalculateMaxSizeForTypeEntityIdList: a list of entities',
      { columnType: 'ENTITYID_LIST', maximumListLength: 12 },
      44 * 12,
    ],
    [
      'testCalculateMaxSizeForTypeBooleanList: a list of booleans',
      { columnType: 'BOOLEAN_LIST', maximumListLength: 12 },
      5 * 12,
    ],
  ])('%s says how many rows fit a page', async (_title, model, bytes) => {
    const { id } = await oneColumn(model);
    const { maxRowsPerPage } = await alice().query(`select * from ${id}`, {}, 0x8);
    expect(maxRowsPerPage).toBe(Math.floor(2_097_152 / bytes));
  });

  test('testValidateNonColumnEmptyString: an empty text is no value where it is no text', async () => {
    const types: M.ColumnType[] = ['INTEGER', 'DOUBLE', 'BOOLEAN', 'DATE', 'ENTITYID', 'USERID'];
    const lists: M.ColumnType[] = ['STRING_LIST', 'INTEGER_LIST', 'BOOLEAN_LIST', 'JSON'];
    for (const columnType of [...types, ...lists]) {
      expect(await stored({ columnType }, [''])).toEqual([null]);
    }
  });

  test('testDuplicateRowIds: a row is changed once in a set', async () => {
    const { id, columns } = await oneColumn({ columnType: 'STRING' });
    await alice().append(id, columns, [['a']]);
    const row = { rowId: 1, versionNumber: 1, values: ['b'] };
    expect(await alice().transaction(id, [rowSet(id, columns, [row, row])])).toEqual(
      refusal(400, 'The row id 1 is included more than once in the rowset'),
    );
  });

  test('testCreateSparseChangeSetPLFM_4180: a row that is shorter than its header leaves the rest', async () => {
    const columns = await alice().columns(
      { name: 'a', columnType: 'STRING' },
      { name: 'b', columnType: 'STRING' },
    );
    const { id } = await alice().table(columns);
    await alice().append(id, columns, [['one', 'two']]);
    await alice().change(id, [
      rowSet(id, columns, [{ rowId: 1, versionNumber: 9, values: ['changed'] }]),
    ]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([['changed', 'two']]);
  });

  test('testValidateRequestSizeOver: a set of rows may be 2 MiB wide', async () => {
    const { id, columns } = await oneColumn({ columnType: 'STRING', maximumSize: 1000 });
    const rows = Array.from({ length: 525 }, () => ({ values: ['a'] }));
    expect(await alice().transaction(id, [rowSet(id, columns, rows)])).toEqual(
      refusal(
        400,
        'Request exceeds the maximum number of bytes per request.  Maximum : 2097152 bytes',
      ),
    );
    expect(await alice().transaction(id, [rowSet(id, columns, rows.slice(1))])).toMatchObject({
      status: 201,
    });
  });

  test.each([
    ['testValidatePartialRowNoMatch: a cell is in a column of the table', '1'],
    ['testValidatePartialRowString: by its id, not its name', 'myCol'],
  ])('%s', async (_title, key) => {
    const { id } = await oneColumn({ columnType: 'STRING' });
    const toAppend = {
      concreteType: 'org.sagebionetworks.repo.model.table.PartialRowSet',
      tableId: id,
      rows: [{ rowId: 5, values: [{ key, value: 'x' }] }],
    };
    const concreteType = 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest';
    expect(await alice().transaction(id, [{ concreteType, toAppend }])).toEqual(
      refusal(400, `PartialRow.value.key: '${key}' is not a valid column ID for row ID: 5`),
    );
  });

  test('testCreateSparseChangeSetNullSelectColumns: a set of rows has headers', async () => {
    const { id } = await oneColumn({ columnType: 'STRING' });
    const toAppend = {
      concreteType: 'org.sagebionetworks.repo.model.table.RowSet',
      tableId: id,
      rows: [{ values: ['x'] }],
    };
    const concreteType = 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest';
    expect(await alice().transaction(id, [{ concreteType, toAppend }])).toEqual(
      refusal(400, 'SelectColumns is required.'),
    );
  });

  test('testCreateChangesFromOldSchemaToNew: columns that an entity loses and gets are changed', async () => {
    const columns = await alice().columns(
      { name: 'a', columnType: 'STRING' },
      { name: 'b', columnType: 'STRING' },
      { name: 'c', columnType: 'STRING' },
    );
    const [a, b, c] = columns;
    const { id } = await alice().table([a, b].flatMap((column) => column ?? []));
    await alice().append(id, columns.slice(0, 2), [['one', 'two']]);
    await server.alice.update(await server.alice.read(id), { columnIds: [c?.id, b?.id] });
    expect(await alice().cells(`select * from ${id}`)).toEqual([[null, 'two']]);
    await alice().change(id, [schemaChange([{ oldColumnId: c?.id ?? '' }], [b?.id ?? ''])]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([['two']]);
  });
});
