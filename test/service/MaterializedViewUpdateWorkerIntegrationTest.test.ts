import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session, type Stored } from '../server/entitySession.js';
import { partialRows, schemaChange, TableSession, tableModel } from '../server/tableSession.js';
import {
  allow,
  annotate,
  entityView,
  fileColumns,
  patientFiles,
  patientFolders,
  patientTable,
  viewScene,
  type ViewScene,
} from './viewScene.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

function bob(): TableSession {
  return new TableSession(server.bob);
}

function materialize(parentId: string, definingSQL: string, fields: object = {}): Promise<Stored> {
  const name = crypto.randomUUID();
  return server.alice.create('materializedview', { name, parentId, definingSQL, ...fields });
}

/** Rows of a materialized view have a version of 0. */
function row(rowId: number, ...values: (string | null)[]): M.Row {
  return { rowId, versionNumber: 0, values };
}

/** A view of the files of a project with an annotation of each type. */
async function annotatedFiles({ project, files }: ViewScene): Promise<Stored> {
  for (const [index, { id }] of files.entries()) {
    const i = index + 3;
    await annotate(server.alice, id, {
      stringKey: { type: 'STRING', value: [`a string: ${i}`] },
      doubleKey: { type: 'DOUBLE', value: [String(3.14 + i)] },
      longKey: { type: 'LONG', value: [String(5 + i)] },
      dateKey: { type: 'TIMESTAMP_MS', value: [String(1001 + i)] },
      booleanKey: { type: 'BOOLEAN', value: [String(i % 2 === 0)] },
    });
  }
  const own = await alice().columns(
    { name: 'stringKey', columnType: 'STRING', maximumSize: 50 },
    { name: 'doubleKey', columnType: 'DOUBLE' },
    { name: 'longKey', columnType: 'INTEGER' },
    { name: 'dateKey', columnType: 'DATE' },
    { name: 'booleanKey', columnType: 'BOOLEAN' },
  );
  return entityView(server.alice, project, [...(await fileColumns(server.alice)), ...own]);
}

/** What adding the files of a query to the download list answers. */
async function addToDownloadList(query: M.Query, useVersionNumber: boolean): Promise<unknown> {
  const answer = await alice().job('/download/list/add/async', {
    concreteType: 'org.sagebionetworks.repo.model.download.AddToDownloadListRequest',
    query,
    useVersionNumber,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

async function columnId(viewId: string, name: string): Promise<number> {
  const { body } = await server.alice.get(`/entity/${viewId}/column`);
  const { results } = body as M.PaginatedColumnModels;
  return Number(results.find((column) => column.name === name)?.id);
}

const allKeys = 'id, stringKey, longKey, doubleKey, dateKey, booleanKey';

/** The rows of {@link annotatedFiles} that bob sees. */
function visible({ files }: ViewScene): M.Row[] {
  return [
    row(1, files[0]?.id ?? '', 'a string: 3', '8', '6.140000000000001', '1004', 'false'),
    row(3, files[2]?.id ?? '', 'a string: 5', '10', '8.14', '1006', 'false'),
    row(5, files[4]?.id ?? '', 'a string: 7', '12', '10.14', '1008', 'false'),
  ];
}

/** A table with two rows. */
async function plainTable(parentId: string): Promise<Stored> {
  const columns = await alice().columns(
    { name: 'aString', columnType: 'STRING' },
    { name: 'anInteger', columnType: 'INTEGER' },
    { name: 'aDouble', columnType: 'DOUBLE' },
    { name: 'aBoolen', columnType: 'BOOLEAN' },
  );
  const table = await alice().table(columns, { parentId });
  await alice().append(table.id, columns, [
    ['string0', '103000', '682003.12', 'false'],
    ['string1', '103001', '682006.53', 'true'],
  ]);
  return table;
}

const leftJoin = (left: string, right: string): string =>
  `select l.id, l.patientId, r.patientId from ${left} l left join ${right} r on (l.patientId = r.patientId) order by l.ROW_ID`;

/** Two views of files, and a view of their left join in a project or folder. */
async function leftJoined(
  place: (left: ViewScene, right: ViewScene) => string | undefined,
  grants: (left: ViewScene, right: ViewScene) => readonly (string | undefined)[],
): Promise<{ id: string; files: string[] }> {
  const left = await viewScene(server, 5);
  const right = await viewScene(server, 2);
  for (const id of grants(left, right)) {
    await allow(server.alice, id ?? '', server.userId('bob'), ['READ']);
  }
  const first = await patientFiles(server.alice, left);
  const second = await patientFiles(server.alice, right, ['333', '222']);
  const { id } = await materialize(place(left, right) ?? '', leftJoin(first.id, second.id));
  return { id, files: left.files.map((file) => file.id) };
}

function joinedRows(files: readonly string[], indexes: readonly number[]): M.Row[] {
  return indexes.map((index) =>
    row(
      index + 1,
      files[index] ?? '',
      index % 2 === 0 ? '111' : '222',
      index % 2 === 0 ? null : '222',
    ),
  );
}

/** The rows of a join of files with their patients. */
function patientRows(
  files: readonly Stored[],
  indexes: readonly number[],
  code = ['abc', 'def'],
): M.Row[] {
  return indexes.map((index) =>
    row(index + 1, files[index]?.id ?? '', ['111', '222'][index % 2] ?? '', code[index % 2] ?? ''),
  );
}

const joinSql = (view: string, table: string): string =>
  `select v.id, p.patientId, p.code from ${view} v join ${table} p on (v.patientId = p.patientId)`;

async function ask(session: Session, sql: string): Promise<M.Row[]> {
  return new TableSession(session).rows(sql);
}

describe('MaterializedViewUpdateWorkerIntegrationTest', () => {
  test('testMaterializedViewOfFileView: users see the rows of the files that they may read', async () => {
    const scene = await viewScene(server, 5);
    const view = await annotatedFiles(scene);
    const { id } = await materialize(scene.project.id, `select ${allKeys} from ${view.id}`);
    expect(await ask(server.bob, `select * from ${id} order by id asc`)).toEqual(visible(scene));
    expect(await ask(server.alice, `select * from ${id}`)).toHaveLength(5);
  });

  test('tesMaterializedViewIsRebuildWhenDefiningSQLIsChanged: a view of a snapshot has its rows', async () => {
    const scene = await viewScene(server, 5);
    const view = await annotatedFiles(scene);
    const made = await materialize(scene.project.id, `select ${allKeys} from ${view.id}`);
    const sql = `select * from ${made.id} order by id asc`;
    expect(await ask(server.bob, sql)).toEqual(visible(scene));
    const { snapshotVersionNumber = 0 } = await alice().change(view.id, [], {
      createSnapshot: true,
    });
    const definingSQL = `select ${allKeys} from ${view.id}.${snapshotVersionNumber}`;
    await server.alice.update(await server.alice.read(made.id), { definingSQL });
    expect(await ask(server.bob, sql)).toEqual(visible(scene));
  });

  test('testTableSchemaChange: the columns of a view follow those of its table', async () => {
    const columns = await alice().columns(
      { name: 'one', columnType: 'STRING' },
      { name: 'two', columnType: 'INTEGER' },
      { name: 'three', columnType: 'INTEGER' },
    );
    const table = await alice().table(columns.slice(0, 2));
    const view = await materialize(String(table.parentId), `SELECT * FROM ${table.id}`);
    const ids = async (id: string): Promise<(string | undefined)[]> => {
      const { body } = await server.alice.get(`/entity/${id}/column`);
      return (body as M.PaginatedColumnModels).results.map((column) => column.id);
    };
    expect(await ids(view.id)).toEqual(columns.slice(0, 2).map(({ id }) => id));
    await server.alice.update(await server.alice.read(table.id), { columnIds: [columns[2]?.id] });
    expect(await ids(view.id)).toEqual([columns[2]?.id]);
  });

  test('testMaterializedViewWithTableSource: DOWNLOAD of the table is needed', async () => {
    const { id: projectId } = await alice().project();
    await allow(server.alice, projectId, server.userId('bob'), ['READ']);
    const table = await plainTable(projectId);
    const { id } = await materialize(projectId, `select * from ${table.id}`);
    const sql = `select * from ${id} order by ROW_ID asc`;
    expect(await bob().askQuery(sql)).toEqual(
      refusal(403, 'You lack DOWNLOAD access to the requested entity.'),
    );
    await allow(server.alice, projectId, server.userId('bob'), ['READ', 'DOWNLOAD']);
    expect(await ask(server.bob, sql)).toEqual([
      row(1, 'string0', '103000', '682003.12', 'false'),
      row(2, 'string1', '103001', '682006.53', 'true'),
    ]);
  });

  test('testMaterializedViewWithJoins: a view is joined with a table', async () => {
    const scene = await viewScene(server, 5);
    const view = await patientFiles(server.alice, scene);
    const table = await patientTable(server.alice, scene.project);
    const { id } = await materialize(scene.project.id, joinSql(view.id, table.id));
    expect(await ask(server.alice, `select * from ${id} order by "v.id" asc`)).toEqual(
      patientRows(scene.files, [0, 1, 2, 3, 4]),
    );
  });

  test('testMaterializedViewWithSearchEnabled: rows of a join are searched', async () => {
    const scene = await viewScene(server, 5);
    const view = await patientFiles(server.alice, scene);
    const table = await patientTable(server.alice, scene.project, ['matchingCode', 'def']);
    const { id } = await materialize(scene.project.id, joinSql(view.id, table.id), {
      isSearchEnabled: true,
    });
    const sql = `select * from ${id} where text_matches('matchingCode') order by "v.id" asc`;
    expect(await ask(server.alice, sql)).toEqual(
      patientRows(scene.files, [0, 2, 4], ['matchingCode']),
    );
  });

  test('testMaterializedViewWithLeftJoinViewsWithAdminUser: who sees all files sees all rows', async () => {
    const { id, files } = await leftJoined(
      (left) => left.project.id,
      () => [],
    );
    expect(await ask(server.alice, `select * from ${id} order by "l.id" asc`)).toEqual(
      joinedRows(files, [0, 1, 2, 3, 4]),
    );
  });

  test('testMaterializedViewWithLeftJoinViewsWithUserHavingFullAccess: so does who may read both sides', async () => {
    const { id, files } = await leftJoined(
      (left) => left.folders[1]?.id,
      (left, right) => [left.folders[1]?.id, right.folders[1]?.id],
    );
    expect(await ask(server.bob, `select * from ${id} order by "l.id" asc`)).toEqual(
      joinedRows(files, [0, 1, 2, 3, 4]),
    );
  });

  test('testMaterializedViewWithLeftJoinViewsWithUserHavingSemiAccessOnRight: rows of hidden files of the right are hidden', async () => {
    const { id, files } = await leftJoined(
      (left) => left.project.id,
      (left) => [left.folders[1]?.id],
    );
    expect(await ask(server.bob, `select * from ${id} order by "l.id" asc`)).toEqual(
      joinedRows(files, [0, 2, 4]),
    );
  });

  test('testMaterializedViewWithLeftJoinViewsWithUserHavingSemiAccessOnLeft: so are rows of hidden files of the left', async () => {
    const { id, files } = await leftJoined(
      (_left, right) => right.project.id,
      (_left, right) => [right.project.id],
    );
    expect(await ask(server.bob, `select * from ${id} order by "l.id" asc`)).toEqual(
      joinedRows(files, [0, 2, 4]),
    );
  });

  test('testMaterializedViewWithJoinsAndPropagatedUpdate: changes of the table reach the view', async () => {
    const scene = await viewScene(server, 2);
    const view = await patientFiles(server.alice, scene);
    const table = await patientTable(server.alice, scene.project);
    const { id } = await materialize(scene.project.id, joinSql(view.id, table.id));
    const sql = `select * from ${id} order by "v.id" asc`;
    expect(await ask(server.alice, sql)).toEqual(patientRows(scene.files, [0, 1]));
    const [code] = table.columns;
    const rows = (await ask(server.alice, `select * from ${table.id}`)).map(
      ({ rowId = 0, values }) => ({
        rowId,
        values: { [code?.id ?? '']: `${values?.[0] ?? ''}_updated` },
      }),
    );
    await alice().change(table.id, [partialRows(table.id, rows)]);
    expect(await ask(server.alice, sql)).toEqual(
      patientRows(scene.files, [0, 1], ['abc_updated', 'def_updated']),
    );
  });

  test('testMaterializedViewWithDeletedSource: a table in the trash can ends the view', async () => {
    const scene = await viewScene(server, 2);
    const view = await patientFiles(server.alice, scene);
    const table = await patientTable(server.alice, scene.project);
    const { id } = await materialize(scene.project.id, joinSql(view.id, table.id));
    const sql = `select * from ${id} order by "v.id" asc`;
    expect(await ask(server.alice, sql)).toHaveLength(2);
    await server.alice.put(`/trashcan/trash/${table.id}`);
    expect(await alice().askQuery(sql)).toEqual(
      refusal(404, expect.stringContaining('is in trash can')),
    );
  });

  test('testJoinViewAndTableSnapshots: snapshots of a view and of a table are joined', async () => {
    const scene = await viewScene(server, 5);
    const view = await patientFiles(server.alice, scene);
    const table = await patientTable(server.alice, scene.project);
    const snapshot = async (id: string): Promise<string> => {
      const { snapshotVersionNumber = 0 } = await alice().change(id, [], {
        createSnapshot: true,
        snapshotOptions: { snapshotComment: 'snapshotting...', snapshotLabel: 'version two' },
      });
      return `${id}.${snapshotVersionNumber}`;
    };
    const { id } = await materialize(
      scene.project.id,
      `select v.id as id, p.patientId as patient, p.code as code from ${await snapshot(view.id)} v ` +
        `join ${await snapshot(table.id)} p on (v.patientId = p.patientId)`,
    );
    expect(await ask(server.alice, `select * from ${id} order by id asc`)).toEqual(
      patientRows(scene.files, [0, 1, 2, 3, 4]),
    );
  });

  test('testMaterializedViewWithJoinMultipleViews: rows of a join of views are hidden by both', async () => {
    const scene = await viewScene(server, 5);
    const view = await patientFiles(server.alice, scene);
    const folders = await patientFolders(server.alice, scene);
    const { id } = await materialize(
      scene.project.id,
      `select v.id as id, p.patientId as patientId, p.code as code from ${view.id} v ` +
        `join ${folders.id} p on (v.patientId = p.patientId)`,
    );
    const sql = `select * from ${id} order by id asc`;
    expect(await ask(server.alice, sql)).toEqual(patientRows(scene.files, [0, 1, 2, 3, 4]));
    expect(await ask(server.bob, sql)).toEqual(patientRows(scene.files, [0, 2, 4]));
  });

  test('testMaterializedViewWithViewDependencyAndGroupBy: rows of a view are not grouped', async () => {
    const scene = await viewScene(server, 2);
    const view = await patientFiles(server.alice, scene);
    const answer = await server.alice.post('/entity', {
      concreteType: `${tableModel}.MaterializedView`,
      name: 'grouped',
      parentId: scene.project.id,
      definingSQL: `select patientId, count(*) from ${view.id} group by patientId`,
    });
    expect(answer).toEqual(
      refusal(
        400,
        'The defining SQL of a materialized view with a view dependency cannot include a group by clause',
      ),
    );
  });

  test('testMaterializedViewWithMultiValueColumnUnnest: lists of a view are unnested', async () => {
    const scene = await viewScene(server, 0);
    const folders = await patientFolders(server.alice, scene);
    const { id } = await materialize(
      scene.project.id,
      `select p.patientId as patientId, p.code as code, unnest(p.multiValue) from ${folders.id} p ` +
        'order by p.patientId, unnest(p.multiValue)',
    );
    expect(await ask(server.alice, `select * from ${id}`)).toEqual([
      row(1, '111', 'abc', 'a'),
      row(2, '111', 'abc', 'b'),
      row(3, '222', 'def', null),
    ]);
  });

  test('testMaterializedViewWithJoinAndMultiValueColumnUnnest: lists of a joined view are unnested', async () => {
    const scene = await viewScene(server, 5);
    const view = await patientFiles(server.alice, scene);
    const folders = await patientFolders(server.alice, scene);
    const { id } = await materialize(
      scene.project.id,
      `select v.id as id, p.patientId as patientId, p.code as code, unnest(p.multiValue) from ${view.id} v ` +
        `join ${folders.id} p on (v.patientId = p.patientId) order by v.id, unnest(p.multiValue)`,
    );
    const file = (index: number): string => scene.files[index]?.id ?? '';
    expect(await ask(server.alice, `select * from ${id} order by id asc`)).toEqual([
      row(1, file(0), '111', 'abc', 'a'),
      row(2, file(0), '111', 'abc', 'b'),
      row(3, file(1), '222', 'def', null),
      row(4, file(2), '111', 'abc', 'a'),
      row(5, file(2), '111', 'abc', 'b'),
      row(6, file(3), '222', 'def', null),
      row(7, file(4), '111', 'abc', 'a'),
      row(8, file(4), '111', 'abc', 'b'),
    ]);
  });

  test('testMaterializedViewWithUnionOfMultipleViews: rows of a union are hidden by their own view', async () => {
    const one = await viewScene(server, 5);
    const two = await viewScene(server, 5);
    const first = await patientFiles(server.alice, one);
    const second = await patientFiles(server.alice, two);
    const { id } = await materialize(
      one.project.id,
      `select v1.id as id, v1.patientId as patientId, 'one' from ${first.id} v1 ` +
        `union select id, patientId, 'two' from ${second.id}`,
    );
    const rows = [...one.files, ...two.files].map((file, index) =>
      row(index + 1, file.id, (index % 5) % 2 === 0 ? '111' : '222', index < 5 ? 'one' : 'two'),
    );
    const sql = `select * from ${id} order by id asc`;
    expect(await ask(server.alice, sql)).toEqual(rows);
    expect(await ask(server.bob, sql)).toEqual(rows.filter((_row, index) => (index % 5) % 2 === 0));
  });

  test('testMaterializedViewWithUnionOfMixedStringSizes: a column of a union is as wide as the widest', async () => {
    const { id: projectId } = await alice().project();
    const model = (name: string, maximumSize: number): M.ColumnModel => ({
      name,
      columnType: 'STRING',
      maximumSize,
    });
    const sources: string[] = [];
    for (const [a, b] of [
      [50, 250],
      [150, 100],
    ] as const) {
      const columns = await alice().columns(model('a', a), model('b', b));
      const table = await alice().table(columns, { parentId: projectId, name: `table ${a}` });
      await alice().append(table.id, columns, [['a'.repeat(a), 'b'.repeat(b)]]);
      sources.push(`select a, b from ${table.id}`);
    }
    const { id } = await materialize(projectId, sources.join(' union '));
    expect(await server.alice.get(`/entity/${id}/column`)).toMatchObject({
      body: { results: [{ maximumSize: 150 }, { maximumSize: 250 }] },
    });
    expect(await ask(server.alice, `select * from ${id} order by a asc`)).toEqual([
      row(1, 'a'.repeat(50), 'b'.repeat(250)),
      row(2, 'a'.repeat(150), 'b'.repeat(100)),
    ]);
  });

  test('testMaterializedViewUpdateWithAvailableState: a view changes when its table does, and only then', async () => {
    const { id: projectId } = await alice().project();
    const table = await plainTable(projectId);
    const { id } = await materialize(projectId, `select * from ${table.id}`);
    const look = async (): Promise<M.QueryResultBundle> =>
      alice().query(`select * from ${id} order by ROW_ID asc`, {}, 0x1 | 0x80);
    const before = await look();
    expect(before.queryResult?.queryResults?.rows).toEqual([
      row(1, 'string0', '103000', '682003.12', 'false'),
      row(2, 'string1', '103001', '682006.53', 'true'),
    ]);
    const { columnIds } = (await server.alice.read(table.id)) as unknown as M.TableEntity;
    const [kept] = columnIds ?? [];
    await server.alice.update(await server.alice.read(table.id), { columnIds: [kept] });
    const after = await look();
    expect(after.queryResult?.queryResults?.rows).toEqual([row(1, 'string0'), row(2, 'string1')]);
    expect(after.lastUpdatedOn).not.toBe(before.lastUpdatedOn);
    expect((await look()).lastUpdatedOn).toBe(after.lastUpdatedOn);
  });

  test('testMaterializedViewUpdateWithAvailableStateAndUpdatedAvailableView: so it does with a view', async () => {
    const scene = await viewScene(server, 2);
    const view = await patientFiles(server.alice, scene);
    const table = await patientTable(server.alice, scene.project);
    const { id } = await materialize(scene.project.id, joinSql(view.id, table.id));
    const look = async (): Promise<M.QueryResultBundle> =>
      alice().query(`select * from ${id} order by "v.id" asc`, {}, 0x1 | 0x80);
    const before = await look();
    expect(before.queryResult?.queryResults?.rows).toEqual(patientRows(scene.files, [0, 1]));
    await annotate(server.alice, scene.files[0]?.id ?? '', {});
    expect(
      await alice().cells(`select count(*) from ${view.id} where patientId is not null`),
    ).toEqual([['1']]);
    const after = await look();
    expect(after.queryResult?.queryResults?.rows).toEqual([
      row(1, scene.files[1]?.id ?? '', '222', 'def'),
    ]);
    expect(after.lastUpdatedOn).not.toBe(before.lastUpdatedOn);
    expect((await look()).lastUpdatedOn).toBe(after.lastUpdatedOn);
  });

  test('testMaterializedViewWithConcatResultLongerThanMaxSize: a computed text is as long as its parts', async () => {
    const { id: projectId } = await alice().project();
    const table = await plainTable(projectId);
    const text = '0123456789'.repeat(5);
    const { id } = await materialize(
      projectId,
      `SELECT aString, CONCAT(aString,'${text}') FROM ${table.id}`,
    );
    expect(await ask(server.alice, `SELECT * FROM ${id} ORDER BY row_id ASC`)).toEqual([
      row(1, 'string0', `string0${text}`),
      row(2, 'string1', `string1${text}`),
    ]);
  });

  test('testMaterializedViewUpdateWithDuplicateJoin: a join of a view with itself hides by both sides', async () => {
    const scene = await viewScene(server, 5);
    const view = await annotatedFiles(scene);
    const mine = [0, 2, 4].map((index) => scene.files[index]?.id ?? '');
    const first = await materialize(
      scene.project.id,
      'select a.id as aid, a.benefactorId, b.id as bid, a.type as type ' +
        `from ${view.id} a left join ${view.id} b on (a.type = b.type)`,
    );
    const pairs = await bob().cells(`select aid, bid from ${first.id} order by ROW_ID asc`);
    expect(pairs).toHaveLength(9);
    expect(new Set(pairs.flat())).toEqual(new Set(mine));
    const second = await materialize(
      scene.project.id,
      'select c.aid as c_aid, c.bid as c_bid, d.aid as d_aid, d.bid as d_bid ' +
        `from ${first.id} c left join ${first.id} d on (c.type = d.type)`,
    );
    const found = await bob().query(
      `select c_aid, c_bid, d_aid, d_bid from ${second.id} order by ROW_ID asc`,
      { limit: 100 },
      1,
    );
    const rows = found.queryResult?.queryResults?.rows ?? [];
    expect(rows).toHaveLength(81);
    expect(new Set(rows.flatMap(({ values }) => values ?? []))).toEqual(new Set(mine));
  });

  test('testTableSchemaChange: a change of one column reaches the view', async () => {
    const { id, name, count } = await alice().filled();
    const { parentId } = await server.alice.read(id);
    const view = await materialize(parentId ?? '', `select * from ${id}`);
    await alice().change(id, [schemaChange([{ oldColumnId: name.id }], [count.id])]);
    expect(await alice().cells(`select * from ${view.id}`)).toEqual([['1'], ['2'], ['3']]);
  });

  test('testAddToDownloadListFromMaterializedView: files that a filter finds are added', async () => {
    const scene = await viewScene(server, 5);
    const view = await annotatedFiles(scene);
    const { id } = await materialize(scene.project.id, `select id, stringKey from ${view.id}`);
    const query = {
      sql: `select * from ${id}`,
      additionalFilters: [
        {
          concreteType: `${tableModel}.ColumnSingleValueQueryFilter`,
          columnName: 'id',
          operator: 'IN',
          values: scene.files.slice(0, 2).map((file) => file.id),
        },
      ],
      selectFileColumn: await columnId(id, 'id'),
    } as M.Query;
    expect(await addToDownloadList(query, false)).toMatchObject({ numberOfFilesAdded: 2 });
  });

  test('testAddToDownloadListFromMaterializedViewWithVersion: files are added in their versions', async () => {
    const scene = await viewScene(server, 5);
    const view = await annotatedFiles(scene);
    const { id } = await materialize(
      scene.project.id,
      `select id, ROW_VERSION as version, stringKey from ${view.id}`,
    );
    const query = {
      sql: `select * from ${id}`,
      additionalFilters: [
        {
          concreteType: `${tableModel}.ColumnSingleValueQueryFilter`,
          columnName: 'id',
          operator: 'IN',
          values: scene.files.slice(0, 2).map((file) => file.id),
        },
      ],
      selectFileColumn: await columnId(id, 'id'),
      selectFileVersionColumn: await columnId(id, 'version'),
    } as M.Query;
    expect(await addToDownloadList(query, true)).toMatchObject({ numberOfFilesAdded: 2 });
  });

  test('testMaterializedViewWithColumnNotFound: an unknown column of a join is named', async () => {
    const { project } = await viewScene(server, 1);
    const { id } = await alice().table(
      await alice().columns({ name: 'one', columnType: 'STRING' }),
    );
    const answer = await server.alice.post('/entity', {
      concreteType: `${tableModel}.MaterializedView`,
      name: crypto.randomUUID(),
      parentId: project.id,
      definingSQL: `select * from ${id} a join ${id} b on a.one = b.wrong`,
    });
    expect(answer).toEqual(refusal(400, 'Column does not exist: b.wrong'));
  });
});
