import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { md5s, refusal, withSessions, type Stored } from './entitySession.js';
import { csvUpload, partialRows, rowSet, TableSession, type Column } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

async function defaults(type: M.ViewEntityType, mask?: number): Promise<Column[]> {
  const query = mask === undefined ? '' : `&viewTypeMask=${mask}`;
  const answer = await server.alice.get(
    `/column/tableview/defaults?viewEntityType=${type}${query}`,
  );
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as { list: Column[] }).list;
}

async function annotate(
  id: string,
  annotations: Record<string, M.AnnotationsValue>,
): Promise<void> {
  const { body } = await server.alice.get(`/entity/${id}/annotations2`);
  const put = await server.alice.put(`/entity/${id}/annotations2`, {
    ...(body as object),
    annotations,
  });
  expect(put).toMatchObject({ status: 200 });
}

interface Scene {
  readonly project: Stored;
  readonly folder: Stored;
  readonly first: Stored;
  readonly second: Stored;
}

/** A project with a file, and a folder with another. */
async function scene(): Promise<Scene> {
  const project = await alice().project();
  const folder = await server.alice.create('folder', { name: 'folder', parentId: project.id });
  const file = async (name: string, parentId: string, md5: string) =>
    server.alice.create('file', {
      name,
      parentId,
      dataFileHandleId: await server.alice.createHandle(md5),
    });
  const first = await file('first.txt', project.id, md5s.a);
  const second = await file('second.txt', folder.id, md5s.b);
  await annotate(first.id, {
    color: { type: 'STRING', value: ['red'] },
    size: { type: 'LONG', value: ['10'] },
    tags: { type: 'STRING', value: ['x', 'y'] },
    on: { type: 'TIMESTAMP_MS', value: ['1577934245678'] },
  });
  return { project, folder, first, second };
}

const annotationColumns: M.ColumnModel[] = [
  { name: 'id', columnType: 'ENTITYID' },
  { name: 'name', columnType: 'STRING', maximumSize: 256 },
  { name: 'color', columnType: 'STRING', facetType: 'enumeration' },
  { name: 'size', columnType: 'INTEGER' },
  { name: 'tags', columnType: 'STRING_LIST', maximumListLength: 3 },
];

async function viewOf(
  columns: readonly Column[],
  fields: object,
  type: 'dataset' | 'datasetcollection' | 'entityview' = 'entityview',
): Promise<Stored> {
  const { id: parentId } = await alice().project();
  const columnIds = columns.map(({ id }) => id);
  return server.alice.create(type, { name: 'view', parentId, columnIds, ...fields });
}

async function fileView(scopeIds: string[]): Promise<{ id: string; columns: Column[] }> {
  const columns = await alice().columns(...annotationColumns);
  const { id } = await viewOf(columns, { viewTypeMask: 1, scopeIds });
  return { id, columns };
}

describe('default columns', () => {
  test('depend on the kind of view', async () => {
    const names = async (type: M.ViewEntityType, mask?: number) =>
      (await defaults(type, mask)).map(({ name }) => name);
    const basic = 'id name description createdOn createdBy etag modifiedOn modifiedBy path'.split(
      ' ',
    );
    expect(await names('entityview', 2)).toEqual(basic);
    const withFiles = await names('entityview', 9);
    expect(withFiles).toEqual(await names('dataset'));
    expect(withFiles).toEqual([
      ...basic,
      ...'type currentVersion parentId benefactorId projectId dataFileHandleId dataFileName'.split(
        ' ',
      ),
      ...'dataFileSizeBytes dataFileMD5Hex dataFileConcreteType dataFileBucket dataFileKey'.split(
        ' ',
      ),
    ]);
    expect(await names('datasetcollection')).toEqual([
      ...basic,
      'datasetSizeInBytes',
      'datasetMD5Hex',
      'datasetItemCount',
    ]);
    expect(await names('submissionview')).toContain('submitterid');
    expect(await server.alice.get('/column/tableview/defaults?viewEntityType=entityview')).toEqual(
      refusal(400, 'viewTypeMask is required.'),
    );
  });

  test('show the properties of entities', async () => {
    const { project, folder, second } = await scene();
    const columns = await defaults('entityview', 1);
    const { id } = await viewOf(columns, { viewTypeMask: 1, scopeIds: [folder.id] });
    const { queryResult } = await alice().query(`select * from ${id}`, { includeEntityEtag: true });
    const { headers = [], rows = [] } = queryResult?.queryResults ?? {};
    const [row] = rows;
    const cells: Record<string, unknown> = {};
    headers.forEach(({ name = '' }, index) => {
      cells[name] = row?.values?.[index];
    });
    const file = (await server.alice.read(second.id)) as unknown as Required<M.FileEntity>;
    expect(rows).toHaveLength(1);
    expect(row).toMatchObject({
      rowId: Number(second.id.slice(3)),
      versionNumber: 1,
      etag: file.etag,
    });
    expect(cells).toEqual({
      id: second.id,
      name: 'second.txt',
      description: null,
      createdOn: String(Date.parse(file.createdOn)),
      createdBy: String(server.userId('alice')),
      etag: file.etag,
      modifiedOn: String(Date.parse(file.modifiedOn)),
      modifiedBy: String(server.userId('alice')),
      path: `${project.name}/folder/second.txt`,
      type: 'file',
      currentVersion: '1',
      parentId: folder.id,
      benefactorId: project.id,
      projectId: project.id,
      dataFileHandleId: file.dataFileHandleId,
      dataFileName: `${md5s.b.slice(0, 4)}.txt`,
      dataFileSizeBytes: '10',
      dataFileMD5Hex: md5s.b,
      dataFileConcreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
      dataFileBucket: null,
      dataFileKey: null,
    });
  });
});

describe('entity views', () => {
  test('list what is in their scope with annotations', async () => {
    const { project, folder, first, second } = await scene();
    const { id } = await fileView([project.id]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([
      [first.id, 'first.txt', 'red', '10', '["x", "y"]'],
      [second.id, 'second.txt', null, null, null],
    ]);
    expect(await alice().cells(`select name from ${id} where color = 'RED'`)).toEqual([
      ['first.txt'],
    ]);
    const columns = await alice().columns({ name: 'name', columnType: 'STRING', maximumSize: 256 });
    const named = async (viewTypeMask: number, scopeIds: string[]) => {
      const view = await viewOf(columns, { viewTypeMask, scopeIds });
      return (await alice().cells(`select name from ${view.id}`)).flat();
    };
    expect(await named(8, [project.id])).toEqual(['folder']);
    expect(await named(9, [project.id])).toEqual(['folder', 'first.txt', 'second.txt']);
    expect(await named(1, [folder.id])).toEqual(['second.txt']);
    expect(await named(2, [project.id, folder.id])).toEqual([project.name]);
    expect(await named(1, [])).toEqual([]);
    const mixed = await server.alice.post('/entity', {
      concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
      parentId: project.id,
      viewTypeMask: 3,
    });
    expect(mixed).toEqual(refusal(400, 'The Project type cannot be combined with any other type.'));
  });

  test('follow every change', async () => {
    const { project, folder, first, second } = await scene();
    const { id } = await fileView([project.id]);
    const names = async () => (await alice().cells(`select name from ${id}`)).flat();
    expect(await names()).toEqual(['first.txt', 'second.txt']);
    await annotate(second.id, { color: { type: 'STRING', value: ['blue'] } });
    expect(await alice().cells(`select color from ${id}`)).toEqual([['red'], ['blue']]);
    await server.alice.update(await server.alice.read(first.id), { name: 'renamed.txt' });
    expect(await names()).toEqual(['renamed.txt', 'second.txt']);
    expect(await server.alice.delete(`/entity/${folder.id}`)).toMatchObject({ status: 204 });
    expect(await names()).toEqual(['renamed.txt']);
    await server.alice.put(`/trashcan/restore/${folder.id}`);
    expect(await names()).toEqual(['renamed.txt', 'second.txt']);
    const view = await server.alice.read(id);
    await server.alice.update(view, { scopeIds: [folder.id] });
    expect(await names()).toEqual(['second.txt']);
  });

  test('have a new etag exactly when rows change', async () => {
    const { project, first } = await scene();
    const { id } = await fileView([project.id]);
    const etag = async () =>
      (await alice().query(`select * from ${id}`, {}, 1)).queryResult?.queryResults?.etag;
    const before = await etag();
    await alice().project();
    expect(await etag()).toBe(before);
    await annotate(first.id, {});
    expect(await etag()).not.toBe(before);
  });

  test('show each caller only what they may read', async () => {
    const { project, folder, second } = await scene();
    const { id } = await fileView([project.id]);
    const { parentId } = await server.alice.read(id);
    const grant = async (entityId: string, accessType: string[], isNew = false) => {
      const { body } = await server.alice.get(`/entity/${entityId}/acl`);
      const acl = body as { resourceAccess: object[] };
      const entry = { principalId: server.userId('bob'), accessType };
      const changed = { ...acl, id: entityId, resourceAccess: [...acl.resourceAccess, entry] };
      const path = `/entity/${entityId}/acl`;
      const answer = isNew
        ? await server.alice.post(path, changed)
        : await server.alice.put(path, changed);
      expect(answer.status).toBeLessThan(300);
    };
    const bob = new TableSession(server.bob);
    expect(await bob.askQuery(`select * from ${id}`)).toMatchObject({ status: 403 });
    await grant(parentId ?? '', ['READ']);
    expect(await bob.rows(`select * from ${id}`)).toEqual([]);
    const own = await server.alice.get(`/entity/${project.id}/acl`);
    expect(
      await server.alice.post(`/entity/${folder.id}/acl`, {
        ...(own.body as object),
        id: folder.id,
        resourceAccess: [
          ...(own.body as { resourceAccess: object[] }).resourceAccess,
          { principalId: server.userId('bob'), accessType: ['READ'] },
        ],
      }),
    ).toMatchObject({ status: 201 });
    expect(await bob.cells(`select id from ${id}`)).toEqual([[second.id]]);
    expect((await bob.query(`select * from ${id}`, {}, 2)).queryCount).toBe(1);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(2);
  });

  test('sum up the sizes of files', async () => {
    const { project } = await scene();
    const { id } = await fileView([project.id]);
    const { sumFileSizes } = await alice().query(`select * from ${id}`, {}, 0x40);
    expect(sumFileSizes).toEqual({ sumFileSizesBytes: 20, greaterThan: false });
  });

  test.each<[M.ColumnModel, M.AnnotationsValue, unknown]>([
    [
      { columnType: 'STRING', maximumSize: 2 },
      { type: 'STRING', value: ['abc'] },
      "The size of the column 'k' is too small.  The column size needs to be at least 3 characters.",
    ],
    [
      { columnType: 'STRING_LIST', maximumListLength: 3 },
      { type: 'STRING', value: ['a', 'b', 'c', 'd'] },
      'maximumListLength for ColumnModel "k" must be at least: 4',
    ],
  ])('cannot be queried when %j is too small for %j', async (model, annotation, reason) => {
    const { project, first } = await scene();
    await annotate(first.id, { k: annotation });
    const columns = await alice().columns({ name: 'k', ...model });
    const { id } = await viewOf(columns, { viewTypeMask: 1, scopeIds: [project.id] });
    expect(await alice().askQuery(`select * from ${id}`)).toEqual(refusal(400, reason));
  });

  test.each<[M.ColumnType, M.AnnotationsValue, string | null]>([
    ['STRING', { type: 'LONG', value: ['7'] }, '7'],
    ['INTEGER', { type: 'STRING', value: ['x'] }, null],
    ['INTEGER', { type: 'STRING', value: ['8'] }, '8'],
    ['DOUBLE', { type: 'DOUBLE', value: ['NaN'] }, 'NaN'],
    ['DATE', { type: 'TIMESTAMP_MS', value: ['5'] }, '5'],
    ['BOOLEAN', { type: 'BOOLEAN', value: ['true'] }, 'true'],
    ['INTEGER_LIST', { type: 'LONG', value: ['1', '2'] }, '[1, 2]'],
    ['INTEGER_LIST', { type: 'LONG', value: ['1'] }, '[1]'],
    ['STRING', { type: 'STRING', value: ['a', 'b'] }, 'a'],
    ['ENTITYID', { type: 'STRING', value: ['syn5'] }, 'syn5'],
  ])('show a column %s of %j as %s', async (columnType, annotation, expected) => {
    const { project, first } = await scene();
    await annotate(first.id, { k: annotation });
    const columns = await alice().columns({ name: 'k', columnType });
    const { id } = await viewOf(columns, { viewTypeMask: 1, scopeIds: [project.id] });
    expect(await alice().cells(`select k from ${id} limit 1`)).toEqual([[expected]]);
  });
});

describe('changes through a view', () => {
  const etagsOf = async (id: string) =>
    (await alice().rows(`select * from ${id}`, { includeEntityEtag: true })).map(
      ({ rowId = 0, etag = '' }) => ({ rowId, etag }),
    );

  test('write annotations only', async () => {
    const { project, first, second } = await scene();
    const { id, columns } = await fileView([project.id]);
    const [, name, color, size, tags] = columns.map((column) => column.id);
    const rows = await etagsOf(id);
    const { results } = await alice().change(id, [
      partialRows(
        id,
        rows.map(({ rowId, etag }, index) => ({
          rowId,
          etag,
          values:
            index === 0
              ? { [name ?? '']: 'ignored', [color ?? '']: null, [size ?? '']: '11' }
              : { [tags ?? '']: '["p","q"]' },
        })),
      ),
    ]);
    expect(results).toEqual([
      {
        concreteType: 'org.sagebionetworks.repo.model.table.EntityUpdateResults',
        updateResults: [{ entityId: first.id }, { entityId: second.id }],
      },
    ]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([
      [first.id, 'first.txt', null, '11', '["x", "y"]'],
      [second.id, 'second.txt', null, null, '["p", "q"]'],
    ]);
    const { body } = await server.alice.get(`/entity/${first.id}/annotations2`);
    expect(body).toMatchObject({
      annotations: {
        size: { type: 'LONG', value: ['11'] },
        tags: { type: 'STRING', value: ['x', 'y'] },
        on: { type: 'TIMESTAMP_MS', value: ['1577934245678'] },
      },
    });
    expect(body).not.toHaveProperty('annotations.color');
  });

  test('tell row by row what went wrong', async () => {
    const { project, first, second } = await scene();
    const { id, columns } = await fileView([project.id]);
    const [, , color = '', size = ''] = columns.map((column) => column.id);
    const [one, two] = await etagsOf(id);
    const numeric = (entity: Stored) => Number(entity.id.slice(3));
    const update = async (...rows: Parameters<typeof partialRows>[1]) => {
      const { results } = await alice().change(id, [partialRows(id, rows)]);
      return (results?.[0] as M.EntityUpdateResults).updateResults;
    };
    expect(
      await update(
        { rowId: numeric(first), etag: 'stale', values: { [color]: 'x' } },
        { rowId: 99_999_999, etag: 'x', values: { [color]: 'x' } },
        { rowId: numeric(second), values: { [color]: 'x' } },
        { ...two, values: { [size]: 'many' } },
        { ...one, values: {} },
      ),
    ).toEqual([
      { entityId: first.id, failureCode: 'CONCURRENT_UPDATE' },
      { entityId: 'syn99999999', failureCode: 'NOT_FOUND' },
      {
        entityId: second.id,
        failureCode: 'ILLEGAL_ARGUMENT',
        failureMessage: "The view schema must include 'etag' column.",
      },
      {
        entityId: second.id,
        failureCode: 'ILLEGAL_ARGUMENT',
        failureMessage: 'Value associated with key=size is not valid for type=LONG: many',
      },
      { entityId: first.id },
    ]);
    expect(await alice().cells(`select color, size from ${id}`)).toEqual([
      ['red', '10'],
      [null, null],
    ]);
  });

  test('come from CSV files with ROW_ETAG as well', async () => {
    const { project } = await scene();
    const { id } = await fileView([project.id]);
    const text = await alice().csv(`select color, tags from ${id}`, { includeEntityEtag: true });
    expect(text.split('\n')[0]).toBe(quotedCsv('ROW_ID,ROW_VERSION,ROW_ETAG,color,tags'));
    const changed = text.replace(',"red",', ',green,').replace(/,,\n$/, ',gray,"[""z""]"\n');
    const { results } = await alice().change(id, [csvUpload(await alice().upload(changed))]);
    expect(results).toMatchObject([{ updateResults: [{}, {}] }]);
    expect(await alice().cells(`select color, tags from ${id}`)).toEqual([
      ['green', '["x", "y"]'],
      ['gray', '["z"]'],
    ]);
  });

  test('with a bad cell of a whole row fail before they begin', async () => {
    const { project } = await scene();
    const { id, columns } = await fileView([project.id]);
    const [one] = await etagsOf(id);
    const answer = await alice().transaction(id, [
      rowSet(id, columns.slice(3, 4), [{ ...one, values: ['ten'] }]),
    ]);
    expect(answer).toEqual(
      refusal(400, 'Value at [0,3] was not a valid INTEGER. For input string: "ten"'),
    );
  });

  test('need UPDATE on the view and on what is changed', async () => {
    const { project } = await scene();
    const { id, columns } = await fileView([project.id]);
    const [one] = await etagsOf(id);
    const change = [partialRows(id, [{ ...one, values: { [columns[2]?.id ?? '']: 'x' } }])];
    const bob = new TableSession(server.bob);
    expect(await bob.transaction(id, change)).toMatchObject({ status: 403 });
    const { parentId = '' } = await server.alice.read(id);
    const { body } = await server.alice.get(`/entity/${parentId}/acl`);
    const acl = body as { resourceAccess: object[] };
    acl.resourceAccess.push({ principalId: server.userId('bob'), accessType: ['READ', 'UPDATE'] });
    await server.alice.put(`/entity/${parentId}/acl`, acl);
    expect(await bob.change(id, change)).toMatchObject({
      results: [{ updateResults: [{ failureCode: 'UNAUTHORIZED' }] }],
    });
  });

  test('may be of its columns', async () => {
    const { project } = await scene();
    const { id, columns } = await fileView([project.id]);
    const [added] = await alice().columns({ name: 'on', columnType: 'DATE' });
    await alice().change(id, [
      {
        concreteType: 'org.sagebionetworks.repo.model.table.TableSchemaChangeRequest',
        changes: [
          ...columns.map((column) => ({ oldColumnId: column.id })),
          { newColumnId: added?.id },
        ],
      },
    ]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([['1577934245678'], [null]]);
  });
});

describe('versions of views', () => {
  test('keep their rows for whoever may see them', async () => {
    const { project, folder, first } = await scene();
    const { id } = await fileView([project.id]);
    const { snapshotVersionNumber } = await alice().change(id, [], {
      createSnapshot: true,
      snapshotOptions: { snapshotLabel: 'v1' },
    });
    expect(snapshotVersionNumber).toBe(1);
    await annotate(first.id, { color: { type: 'STRING', value: ['black'] } });
    await server.alice.delete(`/entity/${folder.id}`);
    expect(await alice().cells(`select name, color from ${id}.1`)).toEqual([['first.txt', 'red']]);
    expect(await alice().cells(`select name, color from ${id}`)).toEqual([['first.txt', 'black']]);
    await server.alice.put(`/trashcan/restore/${folder.id}`);
    expect(await alice().cells(`select name from ${id}.1`)).toEqual([
      ['first.txt'],
      ['second.txt'],
    ]);
  });

  test('need a transaction of their own', async () => {
    const { id } = await fileView([]);
    expect(await alice().transaction(id, [], { createSnapshot: true })).toEqual(
      refusal(400, 'You cannot create a version of a view that has no scope.'),
    );
    expect(await server.alice.post(`/entity/${id}/table/snapshot`, {})).toMatchObject({
      status: 400,
    });
    const both = await alice().transaction(id, [partialRows(id, [])], { createSnapshot: true });
    expect(both).toMatchObject({ status: 400 });
  });
});

describe('datasets', () => {
  test('show each file in its version', async () => {
    const { first } = await scene();
    const columns = await alice().columns(...annotationColumns.slice(0, 3));
    const other = await server.alice.createHandle(md5s.c);
    await server.alice.update(await server.alice.read(first.id), { dataFileHandleId: other });
    await annotate(first.id, { color: { type: 'STRING', value: ['new'] } });
    const items = (versionNumber: number) => [{ entityId: first.id, versionNumber }];
    const dataset = await viewOf(columns, { items: items(1) }, 'dataset');
    expect(await alice().rows(`select color from ${dataset.id}`)).toMatchObject([
      { rowId: Number(first.id.slice(3)), versionNumber: 1, values: ['red'] },
    ]);
    await server.alice.update(dataset, { items: items(2) });
    expect(await alice().rows(`select color from ${dataset.id}`)).toMatchObject([
      { versionNumber: 2, values: ['new'] },
    ]);
    const empty = await viewOf(columns, { items: [] }, 'dataset');
    expect(await alice().transaction(empty.id, [], { createSnapshot: true })).toEqual(
      refusal(
        400,
        'You cannot create a version of an empty Dataset. Add files to this Dataset before creating a version.',
      ),
    );
  });

  test('are collected', async () => {
    const { first, second } = await scene();
    const [id] = await alice().columns({ name: 'id', columnType: 'ENTITYID' });
    const items = [first, second].map((file) => ({ entityId: file.id, versionNumber: 1 }));
    const dataset = await viewOf(id === undefined ? [] : [id], { items }, 'dataset');
    await alice().change(dataset.id, [], { createSnapshot: true });
    const columns = (await defaults('datasetcollection')).filter(({ name }) =>
      ['id', 'datasetSizeInBytes', 'datasetItemCount'].includes(name),
    );
    const collection = await viewOf(
      columns,
      { items: [{ entityId: dataset.id, versionNumber: 1 }] },
      'datasetcollection',
    );
    expect(await alice().cells(`select * from ${collection.id}`)).toEqual([
      [dataset.id, '20', '2'],
    ]);
  });
});

describe('columns for a scope', () => {
  test('are suggested by the annotations', async () => {
    const { project, second } = await scene();
    await annotate(second.id, {
      color: { type: 'STRING', value: ['turquoise'] },
      size: { type: 'DOUBLE', value: ['1.5'] },
    });
    const ask = (viewScope: object, nextPageToken?: string) =>
      alice().job('/column/view/scope/async', {
        concreteType: 'org.sagebionetworks.repo.model.table.ViewColumnModelRequest',
        viewScope,
        ...(nextPageToken !== undefined && { nextPageToken }),
      });
    expect(
      await ask({ scope: [project.id], viewEntityType: 'entityview', viewTypeMask: 1 }),
    ).toMatchObject({
      status: 201,
      body: {
        results: [
          { name: 'color', columnType: 'STRING', maximumSize: 9 },
          { name: 'on', columnType: 'DATE' },
          { name: 'size', columnType: 'DOUBLE' },
          { name: 'size', columnType: 'INTEGER' },
          { name: 'tags', columnType: 'STRING_LIST', maximumSize: 1, maximumListLength: 2 },
        ],
      },
    });
    expect(await ask({ viewTypeMask: 1 })).toMatchObject({ status: 400 });
  });
});
