import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from './entitySession.js';
import { schemaChange, TableSession, type Column, type Values } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

/** Changes the type of a column of a table that has some cells. */
async function converted(
  from: M.ColumnModel,
  to: M.ColumnModel,
  cells: Values,
): Promise<{ id: string; answer: { status: number; body: unknown } }> {
  const [old, next] = (await alice().columns({ name: 'c', ...from }, { name: 'c', ...to })) as [
    Column,
    Column,
  ];
  const { id } = await alice().table([old]);
  await alice().append(
    id,
    [old],
    cells.map((cell) => [cell]),
  );
  const change = schemaChange([{ oldColumnId: old.id, newColumnId: next.id }], [next.id]);
  return { id, answer: await alice().transaction(id, [change]) };
}

const text = { columnType: 'STRING', maximumSize: 20 } as const;
const int = { columnType: 'INTEGER' } as const;

describe('cells of a column that changes its type', () => {
  test.each<[M.ColumnModel, M.ColumnModel, Values, Values]>([
    [text, int, ['12', ' 7 ', '1.5', '-2e1', null], ['12', '7', '2', '-20', null]],
    [text, { columnType: 'DOUBLE' }, ['12', '-.5', '1e300'], ['12', '-0.5', '1e300']],
    [text, { columnType: 'ENTITYID' }, ['12'], ['syn12']],
    [text, { columnType: 'BOOLEAN' }, ['1', '0'], ['true', 'false']],
    [{ columnType: 'BOOLEAN' }, text, ['true', 'false', null], ['1', '0', null]],
    [{ columnType: 'ENTITYID' }, text, ['syn12'], ['12']],
    [{ columnType: 'DATE' }, int, ['1577836800000'], ['1577836800000']],
    [{ columnType: 'DOUBLE' }, int, ['2.5', '-2.5', 'nan'], ['3', '-3', null]],
    [{ columnType: 'DOUBLE' }, text, ['2.5', '1e300', '3'], ['2.5', '1e300', '3']],
    [
      { columnType: 'DOUBLE' },
      { columnType: 'DOUBLE', facetType: 'range' },
      ['nan', '-0.0'],
      ['NaN', '-0'],
    ],
    [int, { columnType: 'BOOLEAN' }, ['1', '0'], ['true', 'false']],
    [int, text, ['9223372036854775807'], ['9223372036854775807']],
    [text, { columnType: 'STRING_LIST', maximumSize: 20 }, ['a"b', null], ['["a\\"b"]', '[null]']],
    [text, { ...text, enumValues: ['b'] }, ['a'], ['a']],
    [text, { ...text, maximumSize: 3 }, ['abc', '😀😀😀'], ['abc', '😀😀😀']],
    [
      { columnType: 'STRING_LIST', maximumSize: 9 },
      { columnType: 'STRING_LIST', maximumSize: 2 },
      ['["Éa", "b"]'],
      ['["Éa", "b"]'],
    ],
  ])('from %j to %j are converted as MySQL does', async (from, to, before, after) => {
    const { id, answer } = await converted(from, to, before);
    expect(answer).toMatchObject({ status: 201 });
    expect(await alice().cells(`select c from ${id}`)).toEqual(after.map((cell) => [cell]));
  });

  test.each<[M.ColumnModel, M.ColumnModel, Values, string]>([
    [text, int, ['1', 'abc'], "Incorrect integer value: 'abc' for column 'c' at row 2"],
    [text, int, [''], "Incorrect integer value: '' for column 'c' at row 1"],
    [text, int, ['12 apples'], "Data truncated for column 'c' at row 1"],
    [text, int, ['1e30'], "Data truncation: Out of range value for column 'c' at row 1"],
    [text, { columnType: 'DATE' }, ['2020-01-01'], "Data truncated for column 'c' at row 1"],
    [text, { columnType: 'DOUBLE' }, ['abc'], "Data truncated for column 'c' at row 1"],
    [
      text,
      { columnType: 'ENTITYID' },
      ['syn1'],
      "Incorrect integer value: 'syn1' for column 'c' at row 1",
    ],
    [
      int,
      { columnType: 'BOOLEAN' },
      ['128'],
      "Data truncation: Out of range value for column 'c' at row 1",
    ],
    [
      text,
      { ...text, maximumSize: 3 },
      ['abc', 'abcd'],
      "Data truncation: Data too long for column 'c' at row 2",
    ],
    [
      { columnType: 'STRING_LIST', maximumListLength: 9 },
      { columnType: 'STRING_LIST', maximumListLength: 2 },
      ['["a"]', '["a","b","c"]'],
      'maximumListLength for ColumnModel "c" must be at least: 3',
    ],
  ])('from %j to %j do not change when one does not fit', async (from, to, cells, reason) => {
    const { id, answer } = await converted(from, to, cells);
    expect(answer).toEqual(refusal(400, reason));
    expect(await alice().rows(`select c from ${id}`)).toHaveLength(cells.length);
  });
});
