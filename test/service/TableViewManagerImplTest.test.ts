import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { partialRows, schemaChange, type Column } from '../server/tableSession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let file: Stored;
let columns: Readonly<Record<'bar' | 'date' | 'foo' | 'integers' | 'strings', Column>>;
let etag: Column;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  const session = alice();
  columns = {
    foo: await session.column({ name: 'foo', columnType: 'STRING', maximumSize: 50 }),
    bar: await session.column({ name: 'bar', columnType: 'INTEGER' }),
    date: await session.column({ name: 'aDate', columnType: 'DATE' }),
    integers: await session.column({ name: 'numbers', columnType: 'INTEGER_LIST' }),
    strings: await session.column({ name: 'foo', columnType: 'STRING_LIST' }),
  };
  const defaults = await session.defaults('entityview', 1);
  etag = defaults.find(({ name }) => name === 'etag') ?? columns.foo;
});

beforeEach(async () => {
  project = await alice().project();
  file = await alice().file(project.id, 'file');
});

function tooMany(): Promise<Column[]> {
  return alice().columns(
    ...Array.from({ length: 153 }, (_, index) => ({
      name: `c${index}`,
      columnType: 'BOOLEAN' as const,
    })),
  );
}

function createView(fields: object) {
  return server.alice.post('/entity', {
    concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
    parentId: project.id,
    name: crypto.randomUUID(),
    ...fields,
  });
}

/** Changes cells of the file through a view of some columns. */
async function update(
  shown: readonly Column[],
  values: Record<string, string | null>,
  row: object = {},
): Promise<readonly M.EntityUpdateResult[]> {
  const { id } = await alice().fileView(project.id, shown);
  const now = await server.alice.read(file.id);
  return alice().updates(
    id,
    partialRows(id, [{ rowId: numberOf(file), etag: now.etag, values, ...row }]),
  );
}

async function annotations(): Promise<M.Annotations['annotations']> {
  const { body } = await server.alice.get(`/entity/${file.id}/annotations2`);
  return (body as M.Annotations).annotations;
}

describe('TableViewManagerImplTest', () => {
  test('testValidateSchemaAndScope: a view has the columns, the scope and the mask that it is given', async () => {
    const columnIds = [columns.foo.id];
    const fields = { columnIds, scopeIds: [project.id], viewTypeMask: 1 };
    expect(await createView(fields)).toMatchObject({
      status: 201,
      body: { columnIds, viewTypeMask: 1, scopeIds: [String(numberOf(project))] },
    });
  });

  test('testValidateSchemaAndScopeTooManyColumns: a view is not made with 153 columns', async () => {
    const columnIds = (await tooMany()).map(({ id }) => id);
    const fields = { columnIds, scopeIds: [project.id], viewTypeMask: 1 };
    const reason = 'A view cannot have 153 columns.  It must have 152 columns or less.';
    expect(await createView(fields)).toEqual(refusal(400, reason));
    const view = await alice().fileView(project.id, []);
    expect(await server.alice.put(`/entity/${view.id}`, { ...view, columnIds })).toEqual(
      refusal(400, reason),
    );
  });

  test('testValidateSchemaAndScopeWithNullType: a view needs a mask or a type', async () => {
    expect(await createView({ scopeIds: [project.id] })).toEqual(
      refusal(400, "Either 'viewType' or 'viewTypeMask' must be provided"),
    );
  });

  test('testSetViewSchemaAndScope: new columns and a new scope take effect', async () => {
    const other = await alice().project();
    const view = await alice().fileView(other.id, [columns.foo]);
    expect(await alice().rows(`select * from ${view.id}`)).toEqual([]);
    await alice().annotate(file.id, { bar: ['LONG', '5'] });
    const changed = { columnIds: [columns.bar.id], scopeIds: [project.id] };
    await server.alice.update(await server.alice.read(view.id), changed);
    expect(await alice().cells(`select * from ${view.id}`)).toEqual([['5']]);
  });

  test('testSetViewSchemaAndScopeWithNullSchema: a view may be made without columns', async () => {
    expect(await createView({ scopeIds: [project.id], viewTypeMask: 1 })).toMatchObject({
      status: 201,
      body: { columnIds: [] },
    });
  });

  test('testSetViewSchemaAndScopeWithNullScope: a view without a scope is empty', async () => {
    const { body } = await createView({ columnIds: [columns.foo.id], viewTypeMask: 1 });
    expect(await alice().rows(`select * from ${(body as Stored).id}`)).toEqual([]);
  });

  test('testSetViewSchemaAndScopeWithProjectOnly: a view of projects has projects only', async () => {
    const { id } = await alice().fileView(project.id, [columns.foo], { viewTypeMask: 2 });
    expect((await alice().rows(`select * from ${id}`)).map(({ rowId }) => rowId)).toEqual([
      numberOf(project),
    ]);
  });

  test('testApplySchemaChange: the order of the columns can be given', async () => {
    const { id } = await alice().fileView(project.id, [columns.foo]);
    const order = [columns.bar.id, columns.foo.id];
    const { results } = await alice().change(id, [
      schemaChange([{ newColumnId: columns.bar.id }], order),
    ]);
    expect(results).toMatchObject([{ schema: [columns.bar, columns.foo] }]);
    expect(await server.alice.read(id)).toMatchObject({ columnIds: order });
  });

  test('testApplySchemaChangeOverLimit: a change does not make 153 columns', async () => {
    const many = await tooMany();
    const { id } = await alice().fileView(project.id, many.slice(1));
    expect(
      await alice().transaction(id, [schemaChange([{ newColumnId: many[0]?.id ?? '' }])]),
    ).toMatchObject({ status: 400, body: { reason: expect.stringContaining('152') } });
  });

  test('testUpdateAnnotationsFromValues: annotations have the types of their columns, and the etag is none', async () => {
    await update([etag, columns.foo, columns.bar], {
      [etag.id]: file.etag,
      [columns.foo.id]: 'aString',
      [columns.bar.id]: '123',
    });
    expect(await annotations()).toEqual({
      foo: { type: 'STRING', value: ['aString'] },
      bar: { type: 'LONG', value: ['123'] },
    });
  });

  test('testUpdateAnnotations_ListValues: cells of lists become annotations with several values', async () => {
    await update([columns.strings, columns.integers], {
      [columns.strings.id]: '["asdf", "qwerty"]',
      [columns.integers.id]: '[123, 456, 789]',
    });
    expect(await annotations()).toEqual({
      foo: { type: 'STRING', value: ['asdf', 'qwerty'] },
      numbers: { type: 'LONG', value: ['123', '456', '789'] },
    });
  });

  test.each([
    [
      'testToAnnotationValuesList_ValueNotJSONArrayFormat: a list must be a JSON array',
      'not a JSON ARRAY!!',
      'Value is not correctly formatted as a JSON Array: not a JSON ARRAY!!',
    ],
    [
      'testToAnnotationValuesList_ListContainsNull: a list has no null',
      '[123, 456, null, 789]',
      'null value is not allowed',
    ],
  ])('%s', async (_, text, failureMessage) => {
    expect(await update([columns.integers], { [columns.integers.id]: text })).toEqual([
      { entityId: file.id, failureCode: 'ILLEGAL_ARGUMENT', failureMessage },
    ]);
    expect(await annotations()).toEqual({});
  });

  test('testToAnnotationValuesList_HappyCase: a list has its values in their order', async () => {
    await update([columns.integers], { [columns.integers.id]: '[123, 456, 789]' });
    expect(await annotations()).toEqual({
      numbers: { type: 'LONG', value: ['123', '456', '789'] },
    });
  });

  test('testUpdateAnnotationsFromValuesSameNameDifferntType: an annotation takes the type of the column', async () => {
    await alice().annotate(file.id, { foo: ['LONG', '456'], bar: ['STRING', 'not a long'] });
    await update([columns.foo, columns.bar], {
      [columns.foo.id]: 'aString',
      [columns.bar.id]: '123',
    });
    expect(await annotations()).toEqual({
      foo: { type: 'STRING', value: ['aString'] },
      bar: { type: 'LONG', value: ['123'] },
    });
  });

  test('testUpdateAnnotationsDate: a date keeps its time of day', async () => {
    await update([columns.date], { [columns.date.id]: '1509744902000' });
    expect(await annotations()).toEqual({
      aDate: { type: 'TIMESTAMP_MS', value: ['1509744902000'] },
    });
  });

  test('testUpdateAnnotationsFromValuesDelete: a cell of null removes the annotation', async () => {
    await alice().annotate(file.id, { foo: ['STRING', 'startValue'] });
    await update([columns.foo], { [columns.foo.id]: null });
    expect(await annotations()).toEqual({});
  });

  test('testGetEtagColumn: the etag is read from the column of that name', async () => {
    const values = { [etag.id]: file.etag, [columns.foo.id]: 'red' };
    expect(await update([etag, columns.foo], values, { etag: undefined })).toEqual([
      { entityId: file.id },
    ]);
  });

  test('testGetEtagColumnMissing: without an etag, the view must have the column', async () => {
    expect(await update([columns.foo], { [columns.foo.id]: 'red' }, { etag: undefined })).toEqual([
      {
        entityId: file.id,
        failureCode: 'ILLEGAL_ARGUMENT',
        failureMessage: "The view schema must include 'etag' column.",
      },
    ]);
  });

  test('testUpdateEntityInView: a change gives the file a new etag, and the view follows', async () => {
    const { id } = await alice().fileView(project.id, [columns.foo]);
    const row = { rowId: numberOf(file), etag: file.etag, values: { [columns.foo.id]: 'red' } };
    await alice().updates(id, partialRows(id, [row]));
    const after = await server.alice.read(file.id);
    expect(after.etag).not.toBe(file.etag);
    expect(await alice().rows(`select * from ${id}`, { includeEntityEtag: true })).toMatchObject([
      { etag: after.etag, values: ['red'] },
    ]);
  });

  test('testUpdateEntityInViewNullRowId: a row needs the id of its file', async () => {
    expect(
      await update([columns.foo], { [columns.foo.id]: 'red' }, { rowId: undefined }),
    ).toMatchObject([
      { failureCode: 'ILLEGAL_ARGUMENT', failureMessage: 'row.rowId is required.' },
    ]);
  });

  test('testUpdateEntityInViewEmptyValues: a row without values changes nothing', async () => {
    expect(await update([columns.foo], {})).toEqual([{ entityId: file.id }]);
    expect((await server.alice.read(file.id)).etag).toBe(file.etag);
  });

  test('testUpdateEntityInViewNoChanges: a row with properties only changes nothing', async () => {
    const name = (await alice().defaults('entityview', 1)).find((each) => each.name === 'name');
    const values = { [name?.id ?? '']: 'another name' };
    expect(await update(name === undefined ? [] : [name], values)).toEqual([{ entityId: file.id }]);
    expect(await server.alice.read(file.id)).toMatchObject({ etag: file.etag, name: 'file' });
  });

  test('testUpdateEntityInViewMissingEtag: the column of the etag must have a value', async () => {
    const values = { [etag.id]: null, [columns.foo.id]: 'red' };
    expect(await update([etag, columns.foo], values, { etag: undefined })).toEqual([
      {
        entityId: file.id,
        failureCode: 'ILLEGAL_ARGUMENT',
        failureMessage: "The 'etag' must be included to update an Entity's annotations.",
      },
    ]);
  });

  test('testPopulateViewFromSnapshotWithNotFound: the refusal names the version', async () => {
    const { id } = await alice().fileView(project.id, [columns.foo]);
    expect(await alice().askQuery(`select foo from ${id}.1 where foo = 'x'`)).toEqual(
      refusal(400, `Snapshot not found for: ${id}.1`),
    );
  });

  test.each([
    [
      'testValidateViewForSnapshotWithEmptyFilter: a view without a scope has no versions',
      'entityview',
      { viewTypeMask: 1, scopeIds: [] },
      'You cannot create a version of a view that has no scope.',
    ],
    [
      'testValidateViewForSnapshotWithEmptyFilterAndDataset: a dataset without files has no versions',
      'dataset',
      { items: [] },
      'You cannot create a version of an empty Dataset. Add files to this Dataset before creating a version.',
    ],
    [
      'testValidateViewForSnapshotWithEmptyFilterAndDatasetCollection: a collection without datasets has no versions',
      'datasetcollection',
      { items: [] },
      'You cannot create a version of an empty Dataset Collection. Add Datasets to this Dataset Collection before creating a version.',
    ],
  ] as const)('%s', async (_, type, fields, reason) => {
    const { id } = await alice().view(type, { parentId: project.id, columns: [], ...fields });
    expect(await alice().transaction(id, [], { createSnapshot: true })).toEqual(
      refusal(400, reason),
    );
  });

  test('testValidateViewForSnapshot: a view that cannot be built has no versions', async () => {
    const { id } = await alice().fileView(project.id, [columns.foo]);
    await alice().annotate(file.id, { foo: ['STRING', 'x'.repeat(51)] });
    expect(await alice().transaction(id, [], { createSnapshot: true })).toMatchObject({
      status: 400,
    });
    await alice().annotate(file.id, {});
    expect(await alice().snapshot(id)).toBe(1);
  });

  test('testCreateSnapshot: a version has the columns of its time and its options', async () => {
    const { id } = await alice().fileView(project.id, [columns.foo]);
    const options = { snapshotLabel: 'a label', snapshotComment: 'a comment' };
    expect(await alice().snapshot(id, options)).toBe(1);
    await server.alice.update(await server.alice.read(id), { columnIds: [columns.bar.id] });
    expect(await server.alice.get(`/entity/${id}/version/1`)).toMatchObject({
      body: {
        columnIds: [columns.foo.id],
        versionLabel: 'a label',
        versionComment: 'a comment',
        isLatestVersion: false,
      },
    });
    expect(await alice().cells(`select foo from ${id}.1`)).toEqual([[null]]);
    expect(await server.bob.get(`/entity/${id}/version/1`)).toMatchObject({ status: 403 });
  });
});
