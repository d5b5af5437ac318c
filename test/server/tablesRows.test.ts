import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from './entitySession.js';
import { partialRows, rowSet, tableModel, TableSession } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

describe('rows', () => {
  test('are added with ids from 1', async () => {
    const { id, columns } = await alice().filled([]);
    const first = await alice().append(id, columns, [
      ['a', '1'],
      ['b', null],
    ]);
    expect(first).toMatchObject({
      tableId: id,
      rows: [
        { rowId: 1, versionNumber: 1 },
        { rowId: 2, versionNumber: 1 },
      ],
    });
    const second = await alice().append(id, columns, [['', '3']]);
    expect(second).toMatchObject({ rows: [{ rowId: 3, versionNumber: 2 }] });
    expect(second.etag).not.toBe(first.etag);
    expect(await alice().rows(`select * from ${id}`)).toEqual([
      { rowId: 1, versionNumber: 1, values: ['a', '1'] },
      { rowId: 2, versionNumber: 1, values: ['b', '7'] },
      { rowId: 3, versionNumber: 2, values: ['', '3'] },
    ]);
  });

  test('take headers in any order', async () => {
    const { id, name, count } = await alice().filled([]);
    await alice().append(id, [count, name], [['5', 'five']]);
    await alice().append(id, [name], [['seven']]);
    expect(await alice().cells(`select name, "count" from ${id}`)).toEqual([
      ['five', '5'],
      ['seven', '7'],
    ]);
  });

  test('are changed only when nobody changed them since', async () => {
    const { id, columns } = await alice().filled();
    await alice().change(id, [
      rowSet(id, columns, [
        { rowId: 2, versionNumber: 1, values: ['zwei', '22'] },
        { rowId: 3, versionNumber: 1 },
      ]),
    ]);
    expect(await alice().rows(`select * from ${id}`)).toEqual([
      { rowId: 1, versionNumber: 1, values: ['one', '1'] },
      { rowId: 2, versionNumber: 2, values: ['zwei', '22'] },
    ]);
    const stale = await alice().transaction(id, [
      rowSet(id, columns, [{ rowId: 2, versionNumber: 1, values: ['x', '0'] }]),
    ]);
    expect(stale).toEqual(
      refusal(
        412,
        'Row id: 2 has been changed since last read.  Please get the latest value for this row and then attempt to update it again.',
      ),
    );
  });

  test('ids are never used twice', async () => {
    const { id, columns } = await alice().filled();
    await alice().change(id, [rowSet(id, [], [{ rowId: 3, versionNumber: 1 }])]);
    expect(await alice().append(id, columns, [['new', '4']])).toMatchObject({
      rows: [{ rowId: 4 }],
    });
  });

  test('the etag of the set counts as what was last read', async () => {
    const { id, columns } = await alice().filled();
    const { etag = '' } = await alice().append(id, columns, [['four', '4']]);
    const change = (fields: object) =>
      alice().transaction(id, [
        rowSet(id, columns, [{ rowId: 1, versionNumber: 0, values: ['x', '0'] }], fields),
      ]);
    expect(await change({})).toMatchObject({ status: 412 });
    expect(await change({ etag: 'no-such-etag' })).toEqual(
      refusal(400, 'Invalid etag: no-such-etag'),
    );
    expect(await change({ etag })).toMatchObject({ status: 201 });
  });

  test.each<[string, M.Row[], number, unknown]>([
    [
      'the same row twice',
      [
        { rowId: 1, versionNumber: 1, values: ['a', '1'] },
        { rowId: 1, versionNumber: 1, values: ['b', '1'] },
      ],
      400,
      'The row id 1 is included more than once in the rowset',
    ],
    ['no version', [{ rowId: 1, values: ['a', '1'] }], 400, 'Row version number cannot be null'],
    [
      'an unknown row',
      [{ rowId: 99, versionNumber: 1, values: ['a', '1'] }],
      400,
      'Cannot update row: 99 because it does not exist.',
    ],
    [
      'a bad cell',
      [{ values: ['a', '1'] }, { values: ['a', 'one'] }],
      400,
      'Value at [1,1] was not a valid INTEGER. For input string: "one"',
    ],
    [
      'too long text',
      [{ values: ['x'.repeat(51), '1'] }],
      400,
      expect.stringMatching(
        /^Value at \[0,0\] was not a valid STRING\. String 'x+' exceeds the maximum length of 50 characters\.$/,
      ),
    ],
  ])('are refused with %s', async (_, rows, status, reason) => {
    const { id, columns } = await alice().filled();
    expect(await alice().transaction(id, [rowSet(id, columns, rows)])).toEqual(
      refusal(status, reason),
    );
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(3);
  });

  test('partial rows write single cells', async () => {
    const { id, columns, name, count } = await alice().filled();
    await alice().append(id, columns, [['four', '4']]);
    await alice().change(id, [
      partialRows(id, [
        { rowId: 1, values: { [count.id]: '11' } },
        { rowId: 2, values: { [name.id]: null } },
        { rowId: 4 },
        { values: { [name.id]: 'five' } },
        { rowId: 3, values: {} },
      ]),
    ]);
    expect(await alice().rows(`select * from ${id}`)).toEqual([
      { rowId: 1, versionNumber: 3, values: ['one', '11'] },
      { rowId: 2, versionNumber: 3, values: [null, '2'] },
      { rowId: 3, versionNumber: 1, values: ['three', '3'] },
      { rowId: 5, versionNumber: 3, values: ['five', '7'] },
    ]);
    expect(
      await alice().transaction(id, [partialRows(id, [{ rowId: 1, values: { 999999: 'x' } }])]),
    ).toEqual(
      refusal(400, "PartialRow.value.key: '999999' is not a valid column ID for row ID: 1"),
    );
  });

  test('deleteRows deletes by id', async () => {
    const { id } = await alice().filled();
    const answer = await server.alice.post(`/entity/${id}/table/deleteRows`, { rowIds: [1, 3] });
    expect(answer).toMatchObject({ status: 201, body: { rows: [{ rowId: 1 }, { rowId: 3 }] } });
    expect(await alice().cells(`select name from ${id}`)).toEqual([['two']]);
    for (const rowIds of [{ a: 1 }, ['x'], '1']) {
      const path = `/entity/${id}/table/deleteRows`;
      expect(await server.alice.post(path, { rowIds })).toMatchObject({ status: 400 });
    }
  });

  test.each<[M.ColumnType, string, string | null]>([
    ['STRING_LIST', `['a', "it's", b c,]`, '["a", "it\'s", "b c"]'],
    ['STRING_LIST', `['\\u00fc\\n', 1.5, True]`, '["ü\\n", "1.5", "true"]'],
    ['INTEGER_LIST', "['1', 2]", '[1, 2]'],
    ['BOOLEAN_LIST', '[True, False]', '[true, false]'],
    ['ENTITYID_LIST', "['syn1', 'syn2']", '["syn1","syn2"]'],
    [
      'JSON',
      "{'a': [1, {'b': None}], 'c': True, d: {}}",
      '{"a": [1, {"b": "None"}], "c": true, "d": {}}',
    ],
  ])('of type %s may be written like %s', async (columnType, given, expected) => {
    const columns = await alice().columns({ name: 'c', columnType });
    const { id } = await alice().table(columns);
    await alice().append(id, columns, [[given]]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([[expected]]);
  });

  test.each<[M.ColumnType, string, string]>([
    ['INTEGER_LIST', '[9007199254740993]', '[9007199254740993]'],
    ['STRING_LIST', '["\\u0000", 1.0]', '["\\u0000", "1.0"]'],
    [
      'JSON',
      '{"b": 9007199254740993, "a": 1.0, "c": -0.0, "d": 18446744073709551615, "e": 18446744073709551616}',
      '{"a": 1.0, "b": 9007199254740993, "c": -0.0, "d": 18446744073709551615, "e": 18446744073709552000.0}',
    ],
    ['JSON', '[1e2, 0.10, -0]', '[100.0, 0.1, -0]'],
    ['DOUBLE', '-0', '-0'],
    ['DOUBLE', '-0.0', '-0'],
    ['DOUBLE', '1e-320', '1e-320'],
    ['DOUBLE', 'NaN', 'NaN'],
  ])('of type %s keep the numbers of %s', async (columnType, given, expected) => {
    const columns = await alice().columns({ name: 'c', columnType });
    const { id } = await alice().table(columns);
    await alice().append(id, columns, [[given], [null]]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([[expected], [null]]);
    if (columnType === 'DOUBLE') {
      const nan = await alice().cells(`select c from ${id} where isnan(c)`);
      expect(nan).toHaveLength(given === 'NaN' ? 1 : 0);
    }
  });

  test.each([["['a'"], ["['a' 'b']"], ["['\\x']"], ["['a\n']"], ['{a 1}'], ["'a'"], ['[]]x']])(
    'are no list when they are %j',
    async (text) => {
      const columns = await alice().columns({ name: 'c', columnType: 'STRING_LIST' });
      const { id } = await alice().table(columns);
      const change = rowSet(id, columns, [{ values: [text] }]);
      expect(await alice().transaction(id, [change])).toEqual(
        refusal(400, `Value at [0,0] was not a valid STRING_LIST. Not a JSON Array: ${text}`),
      );
    },
  );

  test('take lists or objects for their JSON', async () => {
    const columns = await alice().columns(
      { name: 'list', columnType: 'STRING_LIST' },
      { name: 'json', columnType: 'JSON' },
      { name: 'number', columnType: 'DOUBLE' },
      { name: 'truth', columnType: 'BOOLEAN' },
    );
    const { id } = await alice().table(columns);
    const values = [['a', 'b'], { c: [1] }, 1.5, false];
    const rows = (cells: readonly unknown[], fields: object = {}) => ({
      concreteType: `${tableModel}.AppendableRowSetRequest`,
      toAppend: { tableId: id, rows: [{ values: cells, ...fields }] },
    });
    const { toAppend, ...request } = rows(values);
    await alice().change(id, [
      {
        ...request,
        toAppend: { concreteType: `${tableModel}.RowSet`, headers: columns, ...toAppend },
      },
    ]);
    const partial = rows(
      columns.map((column, index) => ({ key: column.id, value: values[index] })),
    );
    await alice().change(id, [
      {
        ...request,
        toAppend: { concreteType: `${tableModel}.PartialRowSet`, ...partial.toAppend },
      },
    ]);
    const expected = ['["a", "b"]', '{"c": [1]}', '1.5', 'false'];
    expect(await alice().cells(`select * from ${id}`)).toEqual([expected, expected]);
  });

  test('of every type come back in their form', async () => {
    const types: [M.ColumnType, string, string | null][] = [
      ['STRING', 'Ünïcode', 'Ünïcode'],
      ['DOUBLE', '6', '6'],
      ['DOUBLE', '1E20', '1e20'],
      ['DOUBLE', 'NaN', 'NaN'],
      ['DOUBLE', '-Infinity', '-Infinity'],
      ['INTEGER', '9223372036854775807', '9223372036854775807'],
      ['BOOLEAN', 'TRUE', 'true'],
      ['DATE', '2020-01-02T03:04:05.678Z', '1577934245678'],
      ['DATE', '17', '17'],
      ['ENTITYID', 'syn12.3', 'syn12'],
      ['LINK', 'https://example.org', 'https://example.org'],
      ['MEDIUMTEXT', 'm'.repeat(2000), 'm'.repeat(2000)],
      ['LARGETEXT', 'l'.repeat(5000), 'l'.repeat(5000)],
      ['USERID', '123', '123'],
      ['SUBMISSIONID', '4', '4'],
      ['EVALUATIONID', '5', '5'],
      ['JSON', '{"a":[1,2.50]}', '{"a": [1, 2.5]}'],
      ['STRING_LIST', '["a","b, c"]', '["a", "b, c"]'],
      ['INTEGER_LIST', '[1,2]', '[1, 2]'],
      ['BOOLEAN_LIST', '[true,"false"]', '[true, false]'],
      ['DATE_LIST', '[5,"1970-01-01T00:00:00.006Z"]', '[5, 6]'],
      ['ENTITYID_LIST', '["syn9","8"]', '["syn9","syn8"]'],
      ['USERID_LIST', '["3"]', '[3]'],
      ['INTEGER_LIST', '[]', null],
      ['INTEGER', '', null],
    ];
    const columns = await alice().columns(
      ...types.map(([columnType], index) => ({ name: `c${index}`, columnType })),
    );
    const { id } = await alice().table(columns);
    await alice().append(id, columns, [types.map(([, given]) => given)]);
    const [cells] = await alice().cells(`select * from ${id}`);
    expect(cells).toEqual(types.map(([, , expected]) => expected));
  });

  test.each<[M.ColumnModel, string, unknown]>([
    [{ columnType: 'BOOLEAN' }, 'yes', 'Not a boolean: yes'],
    [{ columnType: 'DATE' }, 'soon', 'Invalid format: "soon"'],
    [{ columnType: 'ENTITYID' }, 'abc', 'abc is not a valid Synapse ID.'],
    [{ columnType: 'DOUBLE' }, '1,5', 'For input string: "1,5"'],
    [{ columnType: 'INTEGER' }, '9223372036854775808', 'For input string: "9223372036854775808"'],
    [
      { columnType: 'STRING', enumValues: ['a', 'b'] },
      'c',
      "'c' is not a valid value for this column. Valid values are: a, b.",
    ],
    [{ columnType: 'INTEGER_LIST' }, '1', 'Not a JSON Array: 1'],
    [{ columnType: 'INTEGER_LIST' }, '[null]', 'null value is not allowed'],
    [
      { columnType: 'INTEGER_LIST', maximumListLength: 2 },
      '[1,2,3]',
      'Exceeds the maximum number of list elements defined in the ColumnModel (2): "[1,2,3]"',
    ],
    [{ columnType: 'JSON' }, '{', 'Invalid JSON object or array: {'],
    [
      { columnType: 'JSON' },
      '5',
      "Invalid JSON object or array: A JSONObject text must begin with '{' at 1 [character 2 line 1], " +
        "A JSONArray text must start with '[' at 1 [character 2 line 1]",
    ],
    [
      { columnType: 'MEDIUMTEXT' },
      'm'.repeat(2001),
      'Exceeds the maximum number of characters: 2000',
    ],
  ])('with %j refuse %.20s', async (model, value, detail) => {
    const columns = await alice().columns({ name: 'cell', ...model });
    const { id } = await alice().table(columns);
    expect(await alice().transaction(id, [rowSet(id, columns, [{ values: [value] }])])).toEqual(
      refusal(400, `Value at [0,0] was not a valid ${model.columnType ?? ''}. ${String(detail)}`),
    );
  });
});
