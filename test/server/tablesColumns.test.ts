import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from './entitySession.js';
import { TableSession } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

async function made(model: M.ColumnModel): Promise<M.ColumnModel> {
  const [column] = await alice().columns(model);
  return column ?? {};
}

function refused(model: M.ColumnModel): Promise<unknown> {
  return server.alice.post('/column', model);
}

describe('column models', () => {
  test('one made twice is one', async () => {
    const [first] = await alice().columns({ name: 'same', columnType: 'STRING' });
    const [again] = await new TableSession(server.bob).columns({
      name: ' same ',
      columnType: 'STRING',
      maximumSize: 50,
      id: '99',
    });
    expect(again).toEqual(first);
    const [other] = await alice().columns({
      name: 'same',
      columnType: 'STRING',
      maximumSize: 51,
    });
    expect(other?.id).not.toBe(first?.id);
  });

  test('sizes have defaults', async () => {
    expect(await made({ name: 'a', columnType: 'STRING' })).toMatchObject({ maximumSize: 50 });
    expect(await made({ name: 'a', columnType: 'LINK' })).toMatchObject({ maximumSize: 50 });
    expect(await made({ name: 'a', columnType: 'STRING_LIST' })).toMatchObject({
      maximumSize: 50,
      maximumListLength: 100,
    });
  });

  test('list lengths have defaults', async () => {
    expect(await made({ name: 'a', columnType: 'INTEGER_LIST' })).toMatchObject({
      maximumListLength: 100,
    });
    expect(await made({ name: 'a', columnType: 'INTEGER' })).toEqual({
      id: expect.any(String),
      name: 'a',
      columnType: 'INTEGER',
    });
  });

  test('enumerations are trimmed and sorted', async () => {
    const column = await made({
      name: 'e',
      columnType: 'STRING',
      enumValues: [' b ', 'a'],
      defaultValue: 'a',
    });
    expect(column).toMatchObject({ enumValues: ['a', 'b'], defaultValue: 'a' });
  });

  test('a blank default is none', async () => {
    expect(await made({ name: 'n', columnType: 'INTEGER', defaultValue: ' ' })).not.toHaveProperty(
      'defaultValue',
    );
    expect(await made({ name: 'b', columnType: 'BOOLEAN', defaultValue: 'TRUE' })).toMatchObject({
      defaultValue: 'true',
    });
  });

  test.each<[M.ColumnModel, unknown]>([
    [{ columnType: 'STRING' }, 'name is required.'],
    [{ name: '  ', columnType: 'STRING' }, 'name is required.'],
    [{ name: 'a' }, 'ColumnModel.columnType cannot be null'],
    [
      { name: 'x'.repeat(257), columnType: 'STRING' },
      'Column name must be: 256 characters or less.',
    ],
    [
      { name: 'row_id', columnType: 'STRING' },
      'The column name: row_id is a system reserved column name.',
    ],
    [
      { name: 'a', columnType: 'STRING', maximumSize: 1001 },
      'ColumnModel.maxSize for a STRING cannot exceed: 1000',
    ],
    [
      { name: 'a', columnType: 'STRING', maximumSize: 0 },
      'ColumnModel.maxSize for a STRING must be greater than 0',
    ],
    [
      { name: 'a', columnType: 'INTEGER_LIST', maximumListLength: 1 },
      'ColumnModel.maximumListLength for a LIST column must be at least 2',
    ],
    [
      { name: 'a', columnType: 'INTEGER_LIST', maximumListLength: 101 },
      'ColumnModel.maximumListLength for a LIST column cannot exceed: 100',
    ],
    [
      { name: 'a', columnType: 'DOUBLE', facetType: 'enumeration' },
      'Date columns can only be ranges',
    ],
    [
      { name: 'a', columnType: 'BOOLEAN', facetType: 'range' },
      'BOOLEAN columns can only be enumeration faceted',
    ],
    [
      { name: 'a', columnType: 'LARGETEXT', facetType: 'enumeration' },
      'The ColumnType:LARGETEXT can not be faceted',
    ],
    [
      { name: 'a', columnType: 'ENTITYID', defaultValue: 'syn1' },
      'Columns of type ENTITYID cannot have default values.',
    ],
    [{ name: 'a', columnType: 'INTEGER', defaultValue: 'x' }, 'For input string: "x"'],
    [
      {
        name: 'a',
        columnType: 'STRING',
        enumValues: Array.from({ length: 101 }, (_, index) => String(index)),
      },
      'Maximum allowed enum values is 100. This enum has 101 values',
    ],
    [
      { name: 'a', columnType: 'STRING', jsonSubColumns: [] },
      'JsonSubColumns can only set for a column of type: JSON',
    ],
  ])('refuses %j', async (model, reason) => {
    expect(await refused(model)).toEqual(refusal(400, reason));
  });

  test('nobody makes one without logging in', async () => {
    const answer = await server.anonymous.post('/column', { name: 'a', columnType: 'STRING' });
    expect(answer).toEqual(refusal(403, 'You must login to create a ColumnModel'));
  });

  test('are found by id or by prefix', async () => {
    const list = await alice().columns(
      { name: 'Prefix_b', columnType: 'STRING' },
      { name: 'prefix_a', columnType: 'STRING' },
      { name: 'other', columnType: 'STRING' },
    );
    const [b, a] = list;
    expect(await server.bob.get(`/column/${b?.id ?? ''}`)).toMatchObject({ status: 200, body: b });
    expect(await server.bob.get('/column/987654')).toEqual(
      refusal(404, expect.stringContaining('987654')),
    );
    const found = await server.bob.get('/column?prefix=PREFIX&limit=1&offset=1');
    expect(found.body).toEqual({ results: [a], totalNumberOfResults: 2 });
  });
});

describe('schemas', () => {
  test('are those of the entity in its order', async () => {
    const columns = await alice().columns(
      { name: 'b', columnType: 'STRING' },
      { name: 'a', columnType: 'INTEGER' },
    );
    const table = await alice().table(columns);
    expect(table).toMatchObject({ columnIds: columns.map(({ id }) => id) });
    const answer = await server.alice.get(`/entity/${table.id}/column`);
    expect(answer.body).toEqual({ results: columns });
    expect(await server.bob.get(`/entity/${table.id}/column`)).toMatchObject({ status: 403 });
  });

  test('have known columns with unique names', async () => {
    const [a, sameName] = await alice().columns(
      { name: 'a', columnType: 'STRING' },
      { name: 'a', columnType: 'INTEGER' },
    );
    const { id: parentId } = await alice().project();
    const create = (columnIds: (string | undefined)[]) =>
      server.alice.post('/entity', {
        concreteType: 'org.sagebionetworks.repo.model.table.TableEntity',
        parentId,
        columnIds,
      });
    expect(await create([a?.id, sameName?.id])).toEqual(refusal(400, "Duplicate column name: 'a'"));
    expect(await create([a?.id, a?.id])).toEqual(refusal(400, "Duplicate column: 'a'"));
    expect(await create(['123456'])).toMatchObject({ status: 404 });
  });

  test('have rows of bounded size', async () => {
    const { id: parentId } = await alice().project();
    const create = (columnIds: (string | undefined)[]) =>
      server.alice.post('/entity', {
        concreteType: 'org.sagebionetworks.repo.model.table.TableEntity',
        parentId,
        columnIds,
      });
    const wide = await alice().columns(
      ...Array.from({ length: 17 }, (_, index) => ({
        name: `w${index}`,
        columnType: 'STRING' as const,
        maximumSize: 1000,
      })),
    );
    expect(await create(wide.map(({ id }) => id))).toEqual(
      refusal(400, expect.stringMatching(/^Too much data per column. .* would be 68000 bytes$/)),
    );
    const many = await alice().columns(
      ...Array.from({ length: 153 }, (_, index) => ({
        name: `m${index}`,
        columnType: 'BOOLEAN' as const,
      })),
    );
    expect(await create(many.map(({ id }) => id))).toEqual(
      refusal(400, 'Too many columns. The limit is 152 columns per table'),
    );
  });
});
