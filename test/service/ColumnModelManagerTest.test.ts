import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { schemaChange, TableSession, tableModel, type Column } from '../server/tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

function post(model: M.ColumnModel): ReturnType<typeof server.alice.post> {
  return server.alice.post('/column', { name: 'name', ...model });
}

async function column(model: M.ColumnModel): Promise<Column> {
  const [made] = await alice().columns({ name: 'name', ...model });
  if (made === undefined) {
    throw new Error('The server made no column');
  }
  return made;
}

function idsOf(columns: readonly Column[]): string[] {
  return columns.map(({ id }) => id);
}

/** Columns of a type, with names of their own. */
function several(count: number, model: M.ColumnModel): Promise<Column[]> {
  return alice().columns(
    ...Array.from({ length: count }, (_, index) => ({ name: `c${index}`, ...model })),
  );
}

/** What making a table with columns answers. */
async function makeTable(columnIds: readonly string[]): Promise<{ status: number; body: unknown }> {
  const { id: parentId } = await alice().project();
  return server.alice.post('/entity', {
    concreteType: `${tableModel}.TableEntity`,
    name: 'table',
    parentId,
    columnIds,
  });
}

async function replaced(
  from: M.ColumnModel,
  to: M.ColumnModel,
): Promise<{ status: number; body: unknown }> {
  const old = await column(from);
  const next = await column(to);
  const { id } = await alice().table([old]);
  return alice().transaction(id, [
    schemaChange([{ oldColumnId: old.id, newColumnId: next.id }], [next.id]),
  ]);
}

const wide = { columnType: 'STRING', maximumSize: 1000 } as const;
const orderMismatch =
  'The provided ordered column IDs does not match resulting columns in the table schema.';

describe('ColumnModelManagerTest', () => {
  test.each<[string, M.ColumnType, M.FacetType]>([
    [
      'testValidateFacetTypeStringColumnEnumerationFacet: texts have values',
      'STRING',
      'enumeration',
    ],
    ['testValidateFacetTypeStringColumnRangeFacet: and ranges', 'STRING', 'range'],
    [
      'testValidateFacetTypeIntegerColumnEnumerationFacet: so have integers',
      'INTEGER',
      'enumeration',
    ],
    ['testValidateFacetTypeIntegerColumnRangeFacet: both', 'INTEGER', 'range'],
    [
      'testValidateFacetTypeBooleanColumnEnumerationFacet: booleans have values',
      'BOOLEAN',
      'enumeration',
    ],
    ['testValidateFacetTypeDoubleColumnRangeFacet: doubles have ranges', 'DOUBLE', 'range'],
    ['testValidateFacetTypeDateColumnRangeFacet: so have dates', 'DATE', 'range'],
    ['testValidateFacetType_StringListColumn: lists have values', 'STRING_LIST', 'enumeration'],
    ['testValidateFacetType_IntegerListColumn: also of integers', 'INTEGER_LIST', 'enumeration'],
    ['testValidateFacetType_BooleanListColumn: of booleans', 'BOOLEAN_LIST', 'enumeration'],
    ['testValidateFacetType_DateListColumn: of dates', 'DATE_LIST', 'enumeration'],
    ['testValidateFacetType_EntityIdListColumn: of entities', 'ENTITYID_LIST', 'enumeration'],
    ['testValidateFacetType_UserIdListColumn: and of users', 'USERID_LIST', 'enumeration'],
  ])('%s', async (_title, columnType, facetType) => {
    expect(await post({ columnType, facetType })).toMatchObject({
      status: 201,
      body: { columnType, facetType },
    });
  });

  test('testValidateFacetTypeNullFacetType: a column needs no facet', async () => {
    expect((await post({ columnType: 'LARGETEXT' })).status).toBe(201);
  });

  const valuesOnly = (type: string): string => `${type} columns can only be enumeration faceted`;

  test.each<[string, M.ColumnType, M.FacetType, string]>([
    [
      'testValidateFacetTypeBooleanColumnRangeFacet: booleans have no ranges',
      'BOOLEAN',
      'range',
      valuesOnly('BOOLEAN'),
    ],
    [
      'testCreateColumnModelInvalidFacetType: nor have users',
      'USERID',
      'range',
      valuesOnly('USERID'),
    ],
    [
      'testValidateFacetType_StringListColumn: nor have lists',
      'STRING_LIST',
      'range',
      valuesOnly('STRING_LIST'),
    ],
    [
      'testValidateFacetType_IntegerListColumn: of integers',
      'INTEGER_LIST',
      'range',
      valuesOnly('INTEGER_LIST'),
    ],
    [
      'testValidateFacetType_BooleanListColumn: of booleans too',
      'BOOLEAN_LIST',
      'range',
      valuesOnly('BOOLEAN_LIST'),
    ],
    [
      'testValidateFacetType_DateListColumn: of dates too',
      'DATE_LIST',
      'range',
      valuesOnly('DATE_LIST'),
    ],
    [
      'testValidateFacetType_EntityIdListColumn: of entities too',
      'ENTITYID_LIST',
      'range',
      valuesOnly('ENTITYID_LIST'),
    ],
    [
      'testValidateFacetType_UserIdListColumn: of users too',
      'USERID_LIST',
      'range',
      valuesOnly('USERID_LIST'),
    ],
    [
      'testValidateFacetTypeDoubleColumnEnumerationFacet: doubles have no values',
      'DOUBLE',
      'enumeration',
      'Date columns can only be ranges',
    ],
    [
      'testValidateFacetTypeDateColumnEnumerationFacet: nor have dates',
      'DATE',
      'enumeration',
      'Date columns can only be ranges',
    ],
    [
      'testValidateFacetTypeOtherColumnTypeEnumerationFacet: other types have neither',
      'LARGETEXT',
      'enumeration',
      'The ColumnType:LARGETEXT can not be faceted',
    ],
    [
      'testValidateFacetTypeOtherColumnTypeRangeFacet: as was said',
      'FILEHANDLEID',
      'range',
      'The ColumnType:FILEHANDLEID can not be faceted',
    ],
  ])('%s', async (_title, columnType, facetType, reason) => {
    expect(await post({ columnType, facetType })).toEqual(refusal(400, reason));
  });

  test('testCreateColumnModelsInvalidFacetType: no column is made when one is not valid', async () => {
    const name = crypto.randomUUID();
    const list = [
      { name, columnType: 'STRING' },
      { name: 'b', columnType: 'BOOLEAN', facetType: 'range' },
    ];
    expect((await server.alice.post('/column/batch', { list })).status).toBe(400);
    expect(await server.alice.get(`/column?prefix=${name}`)).toMatchObject({
      body: { totalNumberOfResults: 0 },
    });
  });

  test('testCreateColumnModelAnonymous: who makes a column has logged in', async () => {
    expect(await server.anonymous.post('/column', { name: 'a', columnType: 'STRING' })).toEqual(
      refusal(403, 'You must login to create a ColumnModel'),
    );
  });

  test('testCreateColumnModelHappy: a column is made', async () => {
    expect(await post({ columnType: 'STRING' })).toMatchObject({
      status: 201,
      body: { name: 'name', columnType: 'STRING' },
    });
  });

  test('testCreateColumnModelsHappy: columns are made together', async () => {
    const columns = await several(2, { columnType: 'INTEGER' });
    expect(columns.map(({ name }) => name)).toEqual(['c0', 'c1']);
  });

  test.each(['ROW_ID', 'row_version', 'Row_Etag', 'ROW_BENEFACTOR', 'ROW_SEARCH_CONTENT'])(
    'testCreateColumnModelReservedName: %s is the name of a system column',
    async (name) => {
      expect(await post({ name, columnType: 'STRING' })).toEqual(
        refusal(400, `The column name: ${name} is a system reserved column name.`),
      );
    },
  );

  test('testCheckColumnNaming: a name is needed', async () => {
    expect(await server.alice.post('/column', { columnType: 'STRING' })).toEqual(
      refusal(400, 'name is required.'),
    );
  });

  test('testCheckColumnNamingReserved: other names may begin as those of system columns', async () => {
    expect((await post({ name: 'ROW_ID_2', columnType: 'STRING' })).status).toBe(201);
  });

  test('testCheckColumnNamingAtLimit: a name has 256 characters at most', async () => {
    expect((await post({ name: 'a'.repeat(256), columnType: 'STRING' })).status).toBe(201);
  });

  test('testCheckColumnNamingOverLimit: and no more', async () => {
    expect(await post({ name: 'a'.repeat(257), columnType: 'STRING' })).toEqual(
      refusal(400, 'Column name must be: 256 characters or less.'),
    );
  });

  test('testListColumnModels: columns are listed in pages', async () => {
    const prefix = crypto.randomUUID();
    await alice().columns({ name: `${prefix}a`, columnType: 'STRING' });
    expect(await server.alice.get(`/column?prefix=${prefix}&limit=10&offset=0`)).toMatchObject({
      body: { totalNumberOfResults: 1 },
    });
  });

  test.each([
    ['testListColumnModelsLimitNegative: a limit is not negative', 'limit=-1'],
    ['testListColumnModelsLimitTooLarge: a page has a hundred columns at most', 'limit=101'],
    ['testListColumnModelsOffsetNegative: an offset is not negative', 'offset=-1'],
  ])('%s', async (_title, query) => {
    expect((await server.alice.get(`/column?${query}`)).status).toBe(400);
  });

  test('testGetColumnsInOrder: a table has its columns in their order', async () => {
    const columns = (await several(3, { columnType: 'DATE' })).reverse();
    const { id } = await alice().table(columns);
    expect(await server.alice.get(`/entity/${id}/column`)).toMatchObject({
      body: { results: columns },
    });
  });

  test('testGetColumnsDoesNotExist: an unknown column is not found', async () => {
    expect(await makeTable(['99999999'])).toEqual(
      refusal(404, 'Column does not exist for id: 99999999'),
    );
  });

  test('testGetColumnsDuplicateId: a table has a column once', async () => {
    const { id } = await column({ columnType: 'STRING' });
    expect(await makeTable([id, id])).toEqual(refusal(400, "Duplicate column: 'name'"));
  });

  test('testGetColumnsDuplicateName: and a name once', async () => {
    const ids = idsOf([
      await column({ columnType: 'STRING' }),
      await column({ columnType: 'INTEGER' }),
    ]);
    expect(await makeTable(ids)).toEqual(refusal(400, "Duplicate column name: 'name'"));
  });

  test('testGetColumnModelsForTableAuthorized: who reads a table reads its columns', async () => {
    const { id } = await alice().table(await several(1, { columnType: 'STRING' }));
    expect((await server.alice.get(`/entity/${id}/column`)).status).toBe(200);
  });

  test('testGetColumnModelsForTableUnauthorized: and nobody else', async () => {
    const { id } = await alice().table(await several(1, { columnType: 'STRING' }));
    expect((await server.bob.get(`/entity/${id}/column`)).status).toBe(403);
  });

  test.each<[string, number, M.ColumnModel]>([
    ['testValidateSchemaSizeUnderLimit: sixteen of the longest texts fit', 16, wide],
    ['testValidateLargeTextColumns: so do thirty long texts', 30, { columnType: 'LARGETEXT' }],
    ['testValidateSchemaMaxColumns: and 152 columns', 152, { columnType: 'BOOLEAN' }],
    ['testValidateSchemaMaxColumnsEmpty: and none', 0, {}],
  ])('%s', async (_title, count, model) => {
    expect((await makeTable(idsOf(count === 0 ? [] : await several(count, model)))).status).toBe(
      201,
    );
  });

  test.each<[string, number, M.ColumnModel, unknown]>([
    [
      'testValidateSchemaSizeOverLimit: seventeen of the longest texts do not fit',
      17,
      wide,
      'Too much data per column. The maximum size for a row is about 64000 bytes. The size for the given columns would be 68000 bytes',
    ],
    [
      'testValidateLargeTextColumnsOverLimit: nor do 31 long texts',
      31,
      { columnType: 'LARGETEXT' },
      expect.stringMatching(/^Too much data per column\./),
    ],
    [
      'testValidateSchemaTooManyColumns: nor do 153 columns',
      153,
      { columnType: 'BOOLEAN' },
      'Too many columns. The limit is 152 columns per table',
    ],
  ])('%s', async (_title, count, model, reason) => {
    expect(await makeTable(idsOf(await several(count, model)))).toEqual(refusal(400, reason));
  });

  test('testPLFM_4904: a column may be replaced by one of its name', async () => {
    const answer = await replaced({ columnType: 'STRING' }, { columnType: 'MEDIUMTEXT' });
    expect(answer.status).toBe(201);
  });

  /** A table with two columns, and one to add. */
  async function twoColumns(): Promise<{ id: string; ids: string[]; added: string }> {
    const [a, b, added] = idsOf(await several(3, { columnType: 'STRING' }));
    const ids = [a ?? '', b ?? ''];
    const { body } = await makeTable(ids);
    return { id: (body as M.TableEntity).id ?? '', ids, added: added ?? '' };
  }

  test('testCalculateNewSchemaIdsAndValidateWithNullOrderedColumnIds: a new column takes the place of the old', async () => {
    const { id, ids, added } = await twoColumns();
    const { results } = await alice().change(id, [
      schemaChange([{ oldColumnId: ids[0] ?? '', newColumnId: added }]),
    ]);
    expect(results).toMatchObject([{ schema: [{ id: added }, { id: ids[1] }] }]);
  });

  test('testCalculateNewSchemaIdsAndValidate: or the one that the order gives it', async () => {
    const { id, ids, added } = await twoColumns();
    const order = [ids[1] ?? '', added];
    const { results } = await alice().change(id, [
      schemaChange([{ oldColumnId: ids[0] ?? '', newColumnId: added }], order),
    ]);
    expect(results).toMatchObject([{ schema: order.map((one) => ({ id: one })) }]);
  });

  test.each<[string, (ids: string[]) => string[]]>([
    [
      'testCalculateNewSchemaIdsAndValidateMissingInUserProvidedColumns: the order has all columns',
      () => [],
    ],
    [
      'testCalculateNewSchemaIdsAndValidateMissingFromUserProvidedColumns: and no others',
      (ids) => [...ids, 'other'],
    ],
  ])('%s', async (_title, order) => {
    const { id, ids, added } = await twoColumns();
    const change = schemaChange([{ newColumnId: added }], order([...ids, added]));
    expect(await alice().transaction(id, [change])).toEqual(refusal(400, orderMismatch));
  });

  test('testCalculateNewSchemaIdsAndValidatePLFM_4188: a table may lose all columns', async () => {
    const { id, ids } = await twoColumns();
    const changes = ids.map((oldColumnId) => ({ oldColumnId }));
    const { results } = await alice().change(id, [schemaChange(changes, [])]);
    expect(results).toMatchObject([{ schema: [] }]);
  });

  test('testCalculateNewSchemaIdsAndValidateOverSizeLimit: a change keeps to the limits', async () => {
    const { id } = await alice().table([]);
    const ids = idsOf(await several(17, wide));
    const changes = ids.map((newColumnId) => ({ newColumnId }));
    expect(await alice().transaction(id, [schemaChange(changes, ids)])).toEqual(
      refusal(400, expect.stringMatching(/^Too much data per column\./)),
    );
  });

  test('testCalculateNewSchemaIdsAndValidateMissingUpdate: a column that is replaced is in the table', async () => {
    const { id, added } = await twoColumns();
    const change = schemaChange([{ oldColumnId: '999', newColumnId: added }]);
    expect(await alice().transaction(id, [change])).toEqual(
      refusal(400, `Cannot update column: 999 since it is not currently a column of table: ${id}`),
    );
  });

  const list = (columnType: M.ColumnType): M.ColumnModel => ({ columnType, maximumListLength: 10 });

  test.each<[string, M.ColumnModel, M.ColumnModel, string]>([
    [
      'testValidateColumnChangeFileToNonFile: a column of files stays one',
      { columnType: 'FILEHANDLEID' },
      { columnType: 'STRING' },
      'A FILEHANDLEID column cannot be changed to STRING',
    ],
    [
      'testValidateColumnChangeNonFileToFile: and none becomes one',
      { columnType: 'STRING' },
      { columnType: 'FILEHANDLEID' },
      'A STRING column cannot be changed to FILEHANDLEID',
    ],
    [
      'testValidateColumnChangeListColumnToDifferentListColumn: a list keeps its type',
      list('STRING_LIST'),
      list('INTEGER_LIST'),
      'Cannot change a _LIST to a different type of _LIST',
    ],
    [
      'testValidateColumnChangeListColumnToNonListColumn: and stays a list',
      list('STRING_LIST'),
      { columnType: 'STRING' },
      'Cannot perform schema change from _LIST type to non-_LIST type',
    ],
    [
      'testValidateColumnChangeNonListToListColumnTypeMismatch: a column becomes a list of its type',
      { columnType: 'STRING' },
      list('INTEGER_LIST'),
      'Cannot convert to a TYPE_LIST that does not match the original TYPE',
    ],
    [
      'testValidateColumnChangeNonListToListColumnWithReducedStringLength: whose texts are as long',
      { columnType: 'STRING', maximumSize: 50 },
      { columnType: 'STRING_LIST', maximumSize: 10 },
      'Cannot convert to a STRING_LIST column with a smaller maximum size string length than original',
    ],
    [
      'testValidateColumnChangeFromJSON: JSON stays JSON',
      { columnType: 'JSON' },
      { columnType: 'STRING' },
      'Cannot change from/to a JSON column type',
    ],
    [
      'testValidateColumnChangeToJSON: and nothing becomes JSON',
      { columnType: 'STRING' },
      { columnType: 'JSON' },
      'Cannot change from/to a JSON column type',
    ],
  ])('%s', async (_title, from, to, reason) => {
    expect(await replaced(from, to)).toEqual(refusal(400, reason));
  });

  test.each<[string, M.ColumnModel, M.ColumnModel]>([
    [
      'testValidateColumnChangeFileToFile: a column of files replaces another',
      { columnType: 'FILEHANDLEID' },
      { name: 'other', columnType: 'FILEHANDLEID' },
    ],
    [
      'testValidateColumnChangeNonListToListColumnWithSameStringLength: a text becomes a list of texts',
      { columnType: 'STRING', maximumSize: 50 },
      { columnType: 'STRING_LIST', maximumSize: 50 },
    ],
    [
      'testValidateColumnChangeListColumnToSameListColumn: a list replaces another',
      list('STRING_LIST'),
      { ...list('STRING_LIST'), maximumListLength: 20 },
    ],
  ])('%s', async (_title, from, to) => {
    expect(await replaced(from, to)).toMatchObject({ status: 201 });
  });

  test.each<[string, (files: string) => object]>([
    ['testValidateColumnChangeAddFile: a column of files is added', (id) => ({ newColumnId: id })],
    ['testValidateColumnChangeRemoveFile: and removed', (id) => ({ oldColumnId: id })],
  ])('%s', async (_title, change) => {
    const files = await column({ columnType: 'FILEHANDLEID' });
    const isAdded = 'newColumnId' in change(files.id);
    const { id } = await alice().table(isAdded ? [] : [files]);
    const answer = await alice().transaction(id, [schemaChange([change(files.id)])]);
    expect(answer).toMatchObject({ status: 201 });
  });

  test('testValidateColumnChangeNotTable: columns of a view become others', async () => {
    const from = await column({ columnType: 'STRING' });
    const to = await column({ columnType: 'INTEGER_LIST' });
    const { id: parentId } = await alice().project();
    const view = await server.alice.create('entityview', {
      name: 'view',
      parentId,
      scopeIds: [parentId],
      viewTypeMask: 1,
      columnIds: [from.id],
    });
    const change = schemaChange([{ oldColumnId: from.id, newColumnId: to.id }], [to.id]);
    expect(await alice().transaction(view.id, [change])).toMatchObject({ status: 201 });
  });
});
