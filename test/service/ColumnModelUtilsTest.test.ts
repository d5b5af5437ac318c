import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';

const server = withSessions();

/** A column as it is stored. */
async function made(model: M.ColumnModel): Promise<M.ColumnModel> {
  const [column = {}] = await new TableSession(server.alice).columns({ name: 'name', ...model });
  return column;
}

const str = (maximumSize?: number, maximumListLength?: number): M.ColumnModel => ({
  columnType: 'STRING_LIST',
  defaultValue: '["str"]',
  ...(maximumSize !== undefined && { maximumSize }),
  ...(maximumListLength !== undefined && { maximumListLength }),
});

const sub = (fields: object): M.ColumnModel => ({
  columnType: 'JSON',
  jsonSubColumns: [{ name: 'a', jsonPath: '$.a', columnType: 'INTEGER', ...fields }],
});

const enumOf = (columnType: M.ColumnType, enumValues: string[], fields = {}): M.ColumnModel => ({
  columnType,
  enumValues,
  ...fields,
});

describe('ColumnModelUtilsTest', () => {
  test.each<[string, M.ColumnModel, object]>([
    [
      'testNormalize: names, defaults and values are trimmed, and values sorted',
      {
        name: ' name ',
        columnType: 'STRING',
        maximumSize: 444,
        enumValues: ['Fox', ' Trot ', 'Alpha'],
        defaultValue: ' Fox ',
      },
      { name: 'name', enumValues: ['Alpha', 'Fox', 'Trot'], defaultValue: 'Fox', maximumSize: 444 },
    ],
    [
      'testNormalizedStringColumnNullSize: a text has 50 characters by default',
      { columnType: 'STRING', defaultValue: '123' },
      { maximumSize: 50, defaultValue: '123' },
    ],
    [
      'testNormalizedStringColumnJustRight: a size is kept',
      { columnType: 'STRING', defaultValue: '123', maximumSize: 49 },
      { maximumSize: 49, defaultValue: '123' },
    ],
    [
      'testNormalizedStringListColumnNullSize: a text of a list has 50 characters by default',
      str(undefined, 32),
      { maximumSize: 50, maximumListLength: 32, defaultValue: '["str"]' },
    ],
    [
      'testNormalizedStringListColumnJustRight: the size of the texts of a list is kept',
      str(49, 32),
      { maximumSize: 49, maximumListLength: 32, defaultValue: '["str"]' },
    ],
    [
      'testNormalizedStringListColumnNullMaxListLength: a list of texts has 100 elements by default',
      str(49),
      { maximumSize: 49, maximumListLength: 100, defaultValue: '["str"]' },
    ],
    [
      'testNormalizedIntegerListColumnNullMaxListLength: so has a list of integers',
      { columnType: 'INTEGER_LIST' },
      { maximumListLength: 100 },
    ],
    [
      'testValidateListLengthForCloneWithMaxLengthNull: so has a list of dates',
      { columnType: 'DATE_LIST' },
      { maximumListLength: 100 },
    ],
    [
      'testValidateListLengthForCloneNothingHappens: the length of a list is kept',
      { columnType: 'INTEGER_LIST', maximumListLength: 45 },
      { maximumListLength: 45 },
    ],
    [
      'testNormalizedTrimmerEnum: an empty text is a value of an enumeration of texts',
      enumOf('STRING', [' aa ', 'bb ', '  '], { defaultValue: 'aa', maximumSize: 12 }),
      { enumValues: ['', 'aa', 'bb'], defaultValue: 'aa' },
    ],
    [
      'testNormalizedDoubleEnum: doubles are written with a point',
      enumOf('DOUBLE', [' 234 ', '1.123 ', '  '], { defaultValue: '123' }),
      { enumValues: ['1.123', '234.0'], defaultValue: '123.0' },
    ],
    [
      'testNormalizedCloneWithSubColumnsWithValidSubs: sub-columns are kept',
      sub({}),
      { jsonSubColumns: [{ name: 'a', jsonPath: '$.a', columnType: 'INTEGER' }] },
    ],
    [
      'testMaxEnums: an enumeration has a hundred values at most',
      enumOf(
        'STRING',
        Array.from({ length: 100 }, () => 'aaa'),
        { maximumSize: 5 },
      ),
      { maximumSize: 5 },
    ],
  ])('%s', async (_title, model, expected) => {
    expect(await made(model)).toMatchObject(expected);
  });

  test.each<[string, M.ColumnModel, keyof M.ColumnModel]>([
    [
      'testNormalizedEmptyEnum: an empty enumeration is none',
      enumOf('STRING', [], { maximumSize: 12 }),
      'enumValues',
    ],
    [
      'testNormalizedEmptyDoubleEnum: so is one of blanks for numbers',
      enumOf('DOUBLE', ['', '  '], { defaultValue: '123' }),
      'enumValues',
    ],
    [
      'testNormalizedEntityIdListColumnWithDefaultValueEmpty: an empty default is none',
      { columnType: 'ENTITYID_LIST', defaultValue: '' },
      'defaultValue',
    ],
    [
      'testNormalizedUserIdListColumnWithDefaultValueEmpty: so it is for users',
      { columnType: 'USERID_LIST', defaultValue: '' },
      'defaultValue',
    ],
    [
      'testNormalizedStringIdListColumnWithDefaultValueIsEmptyJSONList: so is an empty list',
      { columnType: 'STRING_LIST', defaultValue: '[]' },
      'defaultValue',
    ],
    [
      'testNormalizedCloneWithSubColumnsWithEmtptySubs: an empty list of sub-columns is none',
      { columnType: 'JSON', jsonSubColumns: [] },
      'jsonSubColumns',
    ],
  ])('%s', async (_title, model, member) => {
    expect(await made(model)).not.toHaveProperty(member);
  });

  const tooLarge = 'ColumnModel.maxSize for a STRING cannot exceed: 1000';

  test.each<[string, M.ColumnModel, unknown]>([
    [
      'testNormalizedStringColumnSizeTooBig: a text has a thousand characters at most',
      { columnType: 'STRING', maximumSize: 1001 },
      tooLarge,
    ],
    ['testNormalizedStringListColumnSizeTooBig: so has a text of a list', str(1001), tooLarge],
    [
      'testNormalizedStringListColumnSizeTooSmall: and one at least',
      { columnType: 'STRING', maximumSize: 0 },
      'ColumnModel.maxSize for a STRING must be greater than 0',
    ],
    [
      'testNormalizedEntityIdListColumnWithDefaultValueNotNull: lists of entities have no default',
      { columnType: 'ENTITYID_LIST', defaultValue: '["1234"]' },
      'Columns of type ENTITYID_LIST cannot have default values.',
    ],
    [
      'testNormalizedUserIdListColumnWithDefaultValueNotNull: nor have lists of users',
      { columnType: 'USERID_LIST', defaultValue: '["1234"]' },
      'Columns of type USERID_LIST cannot have default values.',
    ],
    [
      'testLargeTextDisallowDefaultValue: nor has long text',
      { columnType: 'LARGETEXT', defaultValue: 'value' },
      'Columns of type LARGETEXT cannot have default values.',
    ],
    [
      'testMediumTextDisallowDefaultValue: nor has medium text',
      { columnType: 'MEDIUMTEXT', defaultValue: 'value' },
      'Columns of type MEDIUMTEXT cannot have default values.',
    ],
    [
      'testJsonDisallowDefaultValue: a default is JSON where the column is',
      { columnType: 'JSON', defaultValue: 'value' },
      expect.stringContaining('Invalid JSON object or array'),
    ],
    [
      'testNormalizedCloneWithSubColumnsWithJsonFacets: JSON has no facet of its own',
      { columnType: 'JSON', facetType: 'range' },
      'The ColumnType:JSON can not be faceted',
    ],
    [
      'testNormalizedCloneWithSubColumnsWithInvalidSub: a sub-column has a name',
      sub({ name: undefined }),
      'JsonSubColumnModel.name is required.',
    ],
    [
      'testValidateJsonSubColumnWithNullName: so it is said',
      sub({ name: undefined }),
      'JsonSubColumnModel.name is required.',
    ],
    [
      'testValidateJsonSubColumnWithNullPath: and a path',
      sub({ jsonPath: undefined }),
      'JsonSubColumnModel.jsonPath is required.',
    ],
    [
      'testValidateJsonSubColumnWithNullType: and a type',
      sub({ columnType: undefined }),
      'JsonSubColumnModel.columnType is required.',
    ],
    [
      'testValidateJsonSubColumnWithJSONColumnType: that is not JSON',
      sub({ columnType: 'JSON' }),
      'The columnType of a JsonSubColumnModel cannot be JSON.',
    ],
    [
      'testValidateJsonSubColumnWithListColumnType: and no list',
      sub({ columnType: 'INTEGER_LIST' }),
      'The columnType of a JsonSubColumnModel cannot be a list.',
    ],
    [
      'testNormalizedCloneWithSubColumnsWithNonJSON: only JSON has sub-columns',
      { ...sub({}), columnType: 'INTEGER' },
      'JsonSubColumns can only set for a column of type: JSON',
    ],
    [
      'testNormalizedCloneWithSubColumnsWithDuplicateJsonPath: each with a path of its own',
      {
        columnType: 'JSON',
        jsonSubColumns: ['a', 'duplicateA'].map((name) => ({
          name,
          jsonPath: '$.a',
          columnType: 'INTEGER' as const,
        })),
      },
      "Duplicate jsonPath found in jsonSubColumns: '$.a'",
    ],
    [
      'testIncompatibleEnum: values are of the type of the column',
      enumOf('DOUBLE', ['1.0', 'not a number', '  ']),
      'For input string: "not a number"',
    ],
    [
      'testIncompatibleIntegerEnum: values of integers are integers',
      enumOf('INTEGER', [' 234 ', '1.123 ']),
      'For input string: "1.123"',
    ],
    [
      'testIncompatibleStringEnum: values fit the size of the column',
      enumOf('STRING', [' string too long '], { maximumSize: 5 }),
      "String 'string too long' exceeds the maximum length of 5 characters.",
    ],
    [
      'testInvalidStringListEnum: values of lists are lists',
      enumOf('STRING_LIST', ['aaa'], { maximumSize: 5 }),
      'Not a JSON Array: aaa',
    ],
    [
      'testTooManyEnums: an enumeration has no more than a hundred values',
      enumOf(
        'STRING',
        Array.from({ length: 101 }, () => 'aaa'),
      ),
      'Maximum allowed enum values is 100. This enum has 101 values',
    ],
    [
      'testStringListWithBadDefaultValue: the default of a list is a list',
      { columnType: 'STRING_LIST', defaultValue: 'nonArray]' },
      'Not a JSON Array: nonArray]',
    ],
    [
      'testValidateListLengthForCloneWithMaxLengthAboveAllowedMax: a list has a hundred elements at most',
      { columnType: 'INTEGER_LIST', maximumListLength: 101 },
      'ColumnModel.maximumListLength for a LIST column cannot exceed: 100',
    ],
    [
      'testValidateListLengthForCloneWithMaxLengthNegative: and may have two',
      { columnType: 'INTEGER_LIST', maximumListLength: 1 },
      'ColumnModel.maximumListLength for a LIST column must be at least 2',
    ],
  ])('%s', async (_title, model, reason) => {
    expect(await server.alice.post('/column', { name: 'name', ...model })).toEqual(
      refusal(400, reason),
    );
  });

  test('testCalculateHash: columns that are the same once they are normal are one', async () => {
    const model: M.ColumnModel = {
      columnType: 'STRING',
      maximumSize: 10,
      enumValues: ['b', 'a'],
      defaultValue: 'a',
    };
    const { id } = await made(model);
    expect(await made({ ...model, id: '999', enumValues: [' a', 'b '] })).toMatchObject({ id });
    expect((await made({ ...model, defaultValue: '  b  ' })).id).not.toBe(id);
  });

  test('testRoundTrip: a column is read as it was stored', async () => {
    const column = await made({ columnType: 'STRING', enumValues: [' z ', 'y'], maximumSize: 7 });
    const read = await server.alice.get(`/column/${column.id ?? ''}`);
    expect(read.body).toEqual(column);
  });

  test('testValidateJsonSubColumn: a sub-column with a name, a path and a type is valid', async () => {
    expect(await made(sub({ facetType: 'range' }))).toMatchObject({ columnType: 'JSON' });
  });
});
