import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Stored } from '../server/entitySession.js';
import { uploadFile } from '../server/filesClient.js';
import { partialRows, rowSet, schemaChange, type Column } from '../server/tableSession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let files: Stored[];
let defaults: Column[];
let columns: Readonly<
  Record<'boolean' | 'entityId' | 'foo' | 'integers' | 'string' | 'strings', Column>
>;

const alice = (): ViewSession => new ViewSession(server.alice);
const bob = (): ViewSession => new ViewSession(server.bob);

/** One of the three files of the project. */
function file(index: number): Stored {
  const found = files[index];
  if (found === undefined) {
    throw new Error(`There is no file ${index}`);
  }
  return found;
}

beforeAll(async () => {
  const session = alice();
  columns = {
    foo: await session.column({ name: 'foo', columnType: 'INTEGER' }),
    boolean: await session.column({ name: 'aBoolean', columnType: 'BOOLEAN' }),
    string: await session.column({ name: 'aString', columnType: 'STRING', maximumSize: 50 }),
    entityId: await session.column({ name: 'anEntityId', columnType: 'ENTITYID' }),
    strings: await session.column({
      name: 'stringList',
      columnType: 'STRING_LIST',
      maximumListLength: 3,
    }),
    integers: await session.column({
      name: 'intList',
      columnType: 'INTEGER_LIST',
      maximumListLength: 3,
    }),
  };
  defaults = [...(await session.defaults('entityview', 1)), columns.foo];
});

beforeEach(async () => {
  project = await alice().project();
  files = await alice().files(project.id);
});

function view(shown: readonly Column[] = defaults, fields: object = {}): Promise<Stored> {
  return alice().fileView(project.id, shown, fields);
}

function named(name: string): Column {
  const found = defaults.find((column) => column.name === name);
  if (found === undefined) {
    throw new Error(`There is no default column ${name}`);
  }
  return found;
}

/** The first column of each row. */
async function firstCells(sql: string): Promise<(string | null | undefined)[]> {
  return (await alice().cells(sql)).map(([cell]) => cell);
}

/** The row set of a query, with the etags of its rows. */
async function rowsOf(sql: string): Promise<Required<M.RowSet>> {
  const { queryResult } = await alice().query(sql, { includeEntityEtag: true }, 1);
  return queryResult?.queryResults as Required<M.RowSet>;
}

/** Sends a row set back to its view. */
function sendBack({ id }: Stored, { headers, rows }: Required<M.RowSet>) {
  return alice().updates(id, rowSet(id, headers as Column[], rows));
}

describe('TableViewIntegrationTest', () => {
  test('testFileView: a view is closed without READ, and then shows what the caller may read', async () => {
    const { id } = await view();
    const sql = `select * from ${id}`;
    const bobId = server.userId('bob');
    expect(await bob().askQuery(sql)).toEqual(
      refusal(403, 'You lack READ access to the requested entity.'),
    );
    await alice().grant(id, bobId, ['READ']);
    const empty = await bob().query(sql);
    expect(empty.queryResult?.queryResults?.rows).toEqual([]);
    expect(empty.queryCount).toBe(0);
    await alice().grant(project.id, bobId, ['READ']);
    const full = await bob().query(sql);
    expect(full.queryResult?.queryResults?.rows).toHaveLength(3);
    expect(full.queryCount).toBe(3);
  });

  test('testFileViewWithEtag: each row has the etag of its file', async () => {
    const { id } = await view();
    const { rows } = await rowsOf(`select * from ${id}`);
    expect(rows.map(({ rowId, etag }) => [rowId, etag])).toEqual(
      files.map((each) => [numberOf(each), each.etag]),
    );
  });

  test('testSumFileSizes: the sizes of the files are added', async () => {
    const { id } = await view();
    const { sumFileSizes } = await alice().query(`select * from ${id}`, {}, 0x41);
    expect(sumFileSizes).toEqual({ sumFileSizesBytes: 30, greaterThan: false });
  });

  test('testContentUpdate: a row follows its file', async () => {
    const { id } = await view();
    const sql = `select etag from ${id} where id = ${numberOf(file(0))}`;
    expect(await firstCells(sql)).toEqual([file(0).etag]);
    const renamed = await server.alice.update(file(0), { name: 'newName' });
    expect(renamed.etag).not.toBe(file(0).etag);
    expect(await alice().rows(sql)).toMatchObject([
      { rowId: numberOf(file(0)), values: [renamed.etag] },
    ]);
  });

  test('testForPLFM_4031: a column can be removed by a transaction', async () => {
    const { id } = await view();
    await alice().change(id, [schemaChange([{ oldColumnId: named('benefactorId').id }])]);
    expect(await firstCells(`select etag from ${id} where id = ${numberOf(file(0))}`)).toEqual([
      file(0).etag,
    ]);
    expect(await alice().askQuery(`select benefactorId from ${id}`)).toMatchObject({ status: 400 });
  });

  test('testUpdateAnnotationsWithPartialRowSet: a partial row with the etag in its column writes annotations', async () => {
    const { id } = await view();
    const rowId = numberOf(file(0));
    const values = { [columns.foo.id]: '123456789', [named('etag').id]: file(0).etag };
    expect(await alice().updates(id, partialRows(id, [{ rowId, values }]))).toEqual([
      { entityId: file(0).id },
    ]);
    expect(await alice().annotation(file(0).id, 'foo')).toEqual(['123456789']);
  });

  test('testUpdateAnnotationsWithPartialRowSetWithEtag: a partial row may have the etag itself', async () => {
    const { id } = await view(defaults.filter(({ name }) => name !== 'etag'));
    const row = {
      rowId: numberOf(file(0)),
      etag: file(0).etag,
      values: { [columns.foo.id]: '123456789' },
    };
    expect(await alice().updates(id, partialRows(id, [row]))).toEqual([{ entityId: file(0).id }]);
    expect(await alice().annotation(file(0).id, 'foo')).toEqual(['123456789']);
  });

  test('testQueryEntityColumnType: ids are written with syn, in conditions and in cells', async () => {
    const { id } = await view();
    const sql = `select id, parentId, projectId, benefactorId from ${id} where id = '${file(0).id}'`;
    expect(await alice().cells(sql)).toEqual([[file(0).id, project.id, project.id, project.id]]);
  });

  test('testPLFM_4235: a text that is too long for its column fails the view', async () => {
    const small = await alice().column({ name: 'aString', columnType: 'STRING', maximumSize: 1 });
    const { id } = await view();
    await server.alice.update(await server.alice.read(id), {
      columnIds: [...defaults, small].map((column) => column.id),
    });
    await alice().annotate(file(0).id, { aString: ['STRING', 'too big'] });
    expect(await alice().askQuery(`select * from ${id}`)).toEqual(
      refusal(
        400,
        "The size of the column 'aString' is too small.  The column size needs to be at least 7 characters.",
      ),
    );
  });

  test('testListAnnotationTooLarge: an element that is too long for its list fails the view', async () => {
    const small = await alice().column({
      name: 'aStringList',
      columnType: 'STRING_LIST',
      maximumSize: 4,
      maximumListLength: 2,
    });
    const { id } = await view([...defaults, small]);
    await alice().annotate(file(0).id, { aStringList: ['STRING', '12345'] });
    expect(await alice().askQuery(`select * from ${id}`)).toEqual(
      refusal(
        400,
        `Check constraint 'json_schema_valid(_utf8mb4'{ "type": "array", "items": { "maxLength": 4 }, "maxItems": 2 }',\`aStringList\`)' is violated.`,
      ),
    );
  });

  test('testPLFM_4371: an annotation may have the name of a property', async () => {
    const type = await alice().column({
      name: 'concreteType',
      columnType: 'STRING',
      maximumSize: 500,
    });
    const { id } = await view([...defaults, type]);
    await alice().annotate(file(0).id, { concreteType: ['STRING', 'this is a duplicate value'] });
    expect(await firstCells(`select concreteType from ${id} where id = '${file(0).id}'`)).toEqual([
      'this is a duplicate value',
    ]);
  });

  test('testPLFM_4366: a view can be queried again and again', async () => {
    const { id } = await view();
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(3);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(3);
  });

  test('testProjectView: a view of projects shows those of its scope', async () => {
    const projects: Stored[] = [];
    for (let count = 0; count < 6; count += 1) {
      projects.push(await alice().project());
    }
    const scopeIds = projects.filter((_, index) => index % 2 === 0).map((each) => each.id);
    const { id } = await view(defaults, { scopeIds, viewTypeMask: 2 });
    expect(await firstCells(`select id from ${id}`)).toEqual(scopeIds);
  });

  test('testPLFM_4413: the benefactor of a row follows the ACLs', async () => {
    const folder = await server.alice.create('folder', {
      name: 'StartsWithACL',
      parentId: project.id,
    });
    await alice().grant(folder.id, server.userId('bob'), ['READ']);
    const inner = await alice().file(folder.id, 'ChangingBenefactor');
    const { id } = await view();
    const found = (benefactor: string) =>
      firstCells(`select id from ${id} where benefactorId='${benefactor}' and id = '${inner.id}'`);
    expect(await found(folder.id)).toEqual([inner.id]);
    expect(await server.alice.delete(`/entity/${folder.id}/acl`)).toMatchObject({ status: 204 });
    expect(await found(project.id)).toEqual([inner.id]);
    expect(await found(folder.id)).toEqual([]);
  });

  test('testPLFM_4446: texts are shown as booleans, and other texts as nothing', async () => {
    await alice().annotate(file(0).id, { aBoolean: ['STRING', 'true'] });
    await alice().annotate(file(1).id, { aBoolean: ['STRING', 'false'] });
    await alice().annotate(file(2).id, { aBoolean: ['STRING', ''] });
    const { id } = await view([columns.boolean]);
    expect(await firstCells(`select aBoolean from ${id}`)).toEqual(['true', 'false', null]);
  });

  test('testPLFM_4521FloatToString: every type of annotation is shown as text', async () => {
    await alice().annotate(file(0).id, { aString: ['DOUBLE', '1.3'] });
    await alice().annotate(file(1).id, { aString: ['STRING', 'not a double'] });
    await alice().annotate(file(2).id, { aString: ['STRING', ''] });
    const { id } = await view([columns.string]);
    expect(await firstCells(`select aString from ${id}`)).toEqual(['1.3', 'not a double', '']);
  });

  test('testPLFM_4521StringToEntityId: texts and numbers are shown as ids', async () => {
    await alice().annotate(file(0).id, { anEntityId: ['STRING', 'syn123'] });
    await alice().annotate(file(1).id, { anEntityId: ['LONG', '456'] });
    await alice().annotate(file(2).id, { anEntityId: ['STRING', ''] });
    const { id } = await view([columns.entityId]);
    expect(await firstCells(`select anEntityId from ${id}`)).toEqual(['syn123', 'syn456', null]);
  });

  test('testPLFM_4517: an update replaces annotations of another type', async () => {
    await alice().annotate(file(0).id, { aString: ['DOUBLE', '1.23'] });
    await alice().annotate(file(1).id, { aString: ['LONG', '456'] });
    await alice().annotate(file(2).id, { aString: ['TIMESTAMP_MS', '789'] });
    const shown = await view([columns.string, named('etag')]);
    const rows = await rowsOf(`select aString, etag from ${shown.id}`);
    expect(rows.rows.map(({ values }) => values?.[0])).toEqual(['1.23', '456', '789']);
    expect(await sendBack(shown, rows)).toEqual(files.map(({ id }) => ({ entityId: id })));
    const { body } = await server.alice.get(`/entity/${file(0).id}/annotations2`);
    expect(body).toMatchObject({ annotations: { aString: { type: 'STRING', value: ['1.23'] } } });
  });

  test('testUpdateViewWithRowsetAndEtag: a row set with etags changes files of a view without an etag column', async () => {
    await alice().annotate(file(0).id, { aString: ['STRING', '1'] });
    const shown = await view([columns.string]);
    const sql = `select aString from ${shown.id} where ROW_ID=${numberOf(file(0))}`;
    const before = await rowsOf(sql);
    const [row] = before.rows;
    expect(row).toMatchObject({ etag: expect.any(String), values: ['1'] });
    expect(await sendBack(shown, { ...before, rows: [{ ...row, values: ['111'] }] })).toEqual([
      { entityId: file(0).id },
    ]);
    const after = await rowsOf(sql);
    expect(after.rows).toMatchObject([{ values: ['111'] }]);
    expect(after.rows[0]?.etag).not.toBe(row?.etag);
  });

  test.each([
    ['testViewWithFilesAndTables: files and tables are rows of one view', 5, 'table'],
    ['testViewWithFilesAndDatasets: files and datasets are rows of one view', 0x81, 'dataset'],
  ] as const)('%s', async (_, viewTypeMask, type) => {
    const other = await server.alice.create(type, { name: 'other', parentId: project.id });
    const { id } = await view(await alice().defaults('entityview', viewTypeMask), { viewTypeMask });
    const { rows } = await rowsOf(`select * from ${id}`);
    expect(rows.map(({ rowId }) => rowId)).toEqual([...files, other].map(numberOf));
    expect(rows.at(-1)?.etag).toBe(other.etag);
  });

  test('testPLFM_4733: a view has at most 152 columns', async () => {
    const most = await alice().columns(
      ...Array.from({ length: 152 }, (_, index) => ({
        name: `c${index}`,
        columnType: 'DOUBLE' as const,
      })),
    );
    const { id } = await view(most);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(3);
    const more = await alice().column({ name: 'c1521', columnType: 'INTEGER' });
    expect(await alice().transaction(id, [schemaChange([{ newColumnId: more.id }])])).toEqual(
      refusal(400, 'Too many columns. The limit is 152 columns per table'),
    );
  });

  test('testViewSnapshot: a snapshot has the rows of its time', async () => {
    const { id } = await view();
    const version = await alice().snapshot(id, {
      snapshotComment: 'the first view snapshot ever!',
    });
    expect(version).toBe(1);
    await alice().file(project.id, 'later');
    expect(await alice().rows(`select * from ${id}.${version}`)).toHaveLength(3);
  });

  test('testViewSnapshotPLFM_6398: a snapshot keeps its cells, and its benefactors follow the ACLs', async () => {
    const bobId = server.userId('bob');
    await alice().grant(project.id, bobId, ['READ']);
    const folder = await server.alice.create('folder', { name: 'folderOne', parentId: project.id });
    await alice().grant(folder.id, bobId, ['READ']);
    const inner = await alice().file(folder.id, 'fileOne');
    const { id } = await view();
    await alice().grant(id, bobId, ['READ']);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(4);
    expect(await alice().snapshot(id)).toBe(1);
    const renamed = await server.alice.update(inner, { name: 'FileOne Renamed' });
    expect(renamed.etag).not.toBe(inner.etag);
    const sql = `select name, etag, ROW_BENEFACTOR from ${id}.1 WHERE ROW_ID = ${numberOf(inner)}`;
    const kept = (benefactor: Stored) => [
      { rowId: numberOf(inner), values: ['fileOne', inner.etag, String(numberOf(benefactor))] },
    ];
    expect(await bob().rows(sql)).toMatchObject(kept(folder));
    expect(await server.alice.delete(`/entity/${folder.id}/acl`)).toMatchObject({ status: 204 });
    expect(await bob().rows(sql)).toMatchObject(kept(project));
  });

  test('testPLFM_5939: a version before any snapshot cannot be queried', async () => {
    const { id } = await view([columns.string]);
    expect(await alice().askQuery(`select * from ${id}.1`)).toEqual(
      refusal(400, `Snapshot not found for: ${id}.1`),
    );
    expect(await alice().askCsv(`select * from ${id}.1`)).toEqual(
      refusal(400, `Snapshot not found for: ${id}.1`),
    );
  });

  test('testPLFM_5957: a version can be queried once its snapshot is made', async () => {
    const { id } = await view([columns.string]);
    const sql = `select * from ${id}.1`;
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(3);
    expect(await alice().askQuery(sql)).toMatchObject({ status: 400 });
    expect(await alice().snapshot(id)).toBe(1);
    expect(await alice().rows(sql)).toHaveLength(3);
    expect(await alice().askQuery(`select * from ${id}.2`)).toEqual(
      refusal(400, `Snapshot not found for: ${id}.2`),
    );
  });

  test('testUNNESTFunction: lists are spread over rows, and no list is one row', async () => {
    await alice().annotate(file(0).id, { stringList: ['STRING', 'val1', 'val2'] });
    await alice().annotate(file(1).id, { stringList: ['STRING', 'val3', 'val4'] });
    const { id } = await view([columns.strings]);
    expect(await firstCells(`select UNNEST(stringList) from ${id}`)).toEqual([
      'val1',
      'val2',
      'val3',
      'val4',
      null,
    ]);
  });

  test('testViewRemainsAvailableWhileChanging: a change of a file moves the time of the last update', async () => {
    const { id } = await view();
    const updatedOn = async () =>
      Date.parse((await alice().query(`select * from ${id}`, {}, 0x81)).lastUpdatedOn ?? '');
    const before = await updatedOn();
    expect(before).toBeGreaterThan(0);
    let renamed = file(0);
    do {
      renamed = await server.alice.update(renamed, { name: `${renamed.name}x` });
    } while (Date.parse(renamed.modifiedOn ?? '') <= before);
    expect(await updatedOn()).toBeGreaterThan(before);
  });
});

describe('lists in views', () => {
  /** A view with lists, and annotations of the first two files. */
  async function listView(first: string[], second: string[]): Promise<Stored> {
    await alice().annotate(file(0).id, { stringList: ['STRING', ...first] });
    await alice().annotate(file(1).id, { stringList: ['STRING', ...second] });
    return view([...defaults, columns.strings, columns.integers]);
  }

  test('testEntityView_multipleValueColumnRoundTrip: lists are found by HAS and changed by a row set', async () => {
    const shown = await listView(['val1', 'val2'], ['val2', 'val3']);
    await alice().annotate(file(0).id, {
      stringList: ['STRING', 'val1', 'val2'],
      intList: ['LONG', '1', '2', '3'],
    });
    const count = async (condition: string) =>
      (await alice().rows(`select * from ${shown.id} where ${condition}`)).length;
    expect(await count('intList HAS (1, 3)')).toBe(1);
    expect(await count("stringList HAS ('val1')")).toBe(1);
    expect(await count("stringList HAS ('val2')")).toBe(2);
    expect(await count("stringList HAS ('val1', 'val3')")).toBe(2);
    expect(await count("stringList HAS_LIKE ('Val%')")).toBe(2);
    expect(await count("stringList HAS_LIKE ('Val3')")).toBe(1);
    const rows = await rowsOf(`select id, etag, stringList from ${shown.id}`);
    const [one, two, three] = rows.rows;
    const changed = (row: M.Row | undefined, list: string): M.Row => ({
      ...row,
      values: [...(row?.values ?? []).slice(0, 2), list],
    });
    await sendBack(shown, {
      ...rows,
      rows: [
        changed(one, '["newVal1", "newVal2"]'),
        changed(two, '["newVal4", "newVal5", "newVal6"]'),
        ...(three === undefined ? [] : [three]),
      ],
    });
    expect(await count("stringList HAS ('newVal1', 'newVal6')")).toBe(2);
    expect(await count("stringList HAS_LIKE ('new%2', 'NEWVAL5')")).toBe(2);
    expect(await alice().annotation(file(0).id, 'stringList')).toEqual(['newVal1', 'newVal2']);
    expect(await alice().annotation(file(1).id, 'stringList')).toEqual([
      'newVal4',
      'newVal5',
      'newVal6',
    ]);
  });

  test('testEntityView_multipleValueUserIdListAndEntityIdListRoundTrip: lists of ids are numbers and texts with syn', async () => {
    const users = await alice().column({ name: 'userIdList', columnType: 'USERID_LIST' });
    const entities = await alice().column({ name: 'entityIdList', columnType: 'ENTITYID_LIST' });
    const shown = await view([...defaults, users, entities]);
    await alice().annotate(file(0).id, {
      userIdList: ['LONG', '111', '222'],
      entityIdList: ['LONG', '999', '888'],
    });
    await alice().annotate(file(1).id, {
      userIdList: ['STRING', '333', '444'],
      entityIdList: ['LONG', '777', '666'],
    });
    const rows = await rowsOf(`select id, etag, userIdList, entityIdList from ${shown.id}`);
    const [one, two] = rows.rows;
    expect(one?.values?.slice(2)).toEqual(['[111, 222]', '["syn999","syn888"]']);
    expect(two?.values?.slice(2)).toEqual(['[333, 444]', '["syn777","syn666"]']);
    const [oneValues = [], twoValues = []] = [one?.values, two?.values];
    await sendBack(shown, {
      ...rows,
      rows: [
        { ...one, values: [...oneValues.slice(0, 2), '["123", "456"]', ...oneValues.slice(3)] },
        { ...two, values: [...twoValues.slice(0, 3), '["syn314", "159", "syn265"]'] },
      ],
    });
    const sql = `select * from ${shown.id} where userIdList HAS ('123', '333')`;
    expect(await alice().rows(sql)).toHaveLength(2);
    expect(await alice().annotation(file(0).id, 'userIdList')).toEqual(['123', '456']);
    expect(await alice().annotation(file(1).id, 'entityIdList')).toEqual(['314', '159', '265']);
  });

  test('testEntityView_multipleValueColumn_UpdatedAnnotationExceedListMaxSize: a longer list fails the view', async () => {
    const { id } = await listView(['val1', 'val2'], []);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(3);
    await alice().annotate(file(1).id, { stringList: ['STRING', 'val2', 'val3', 'val1', 'val4'] });
    expect(await alice().askQuery(`select id, etag, stringList from ${id}`)).toEqual(
      refusal(400, 'maximumListLength for ColumnModel "stringList" must be at least: 4'),
    );
  });

  test('testEntityView_multipleValueColumnRoundTrip_changeMaxListLength: a column for shorter lists fails the view', async () => {
    const { id } = await listView(['val1', 'val2', 'val3'], ['val2', 'val3']);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(3);
    const smaller = await alice().column({
      name: 'stringList',
      columnType: 'STRING_LIST',
      maximumListLength: 2,
    });
    await alice().change(id, [
      schemaChange([{ oldColumnId: columns.strings.id, newColumnId: smaller.id }]),
    ]);
    expect(await alice().askQuery(`select id, etag, stringList from ${id}`)).toEqual(
      refusal(400, 'maximumListLength for ColumnModel "stringList" must be at least: 3'),
    );
  });

  test('testEntityView_multipleValueColumnRoundTrip_updateRowGreaterThanMaxListLength: a row with a longer list is refused', async () => {
    const { id } = await listView(['val1', 'val2', 'val3'], ['val2', 'val3']);
    const { rows, headers } = await rowsOf(`select stringList from ${id}`);
    const list = '["val1","val2","val3","val4"]';
    const position = defaults.length;
    const changed = [{ ...rows[0], values: [list] }, ...rows.slice(1)];
    expect(await alice().transaction(id, [rowSet(id, headers as Column[], changed)])).toEqual(
      refusal(
        400,
        `Value at [0,${position}] was not a valid STRING_LIST. Exceeds the maximum number of list elements defined in the ColumnModel (3): "${list}"`,
      ),
    );
    expect(await alice().annotation(file(0).id, 'stringList')).toEqual(['val1', 'val2', 'val3']);
  });
});

describe('files in views', () => {
  test('testFileMetadata: a row has the properties of the stored file', async () => {
    const { body } = await server.alice.get('/storageLocation');
    expect(body).toBeDefined();
    const handle = await uploadFile(server.alice, Buffer.from('content'), {
      fileName: 'foo.txt',
      contentType: 'text/plain',
    });
    const stored = await alice().file(project.id, 'stored', { dataFileHandleId: handle.id });
    const { id } = await view();
    const names =
      'dataFileMD5Hex,dataFileSizeBytes,dataFileConcreteType,dataFileBucket,dataFileKey,dataFileName';
    expect(await alice().rows(`select ${names} from ${id} where id = '${stored.id}'`)).toEqual([
      {
        rowId: numberOf(stored),
        versionNumber: 1,
        values: [
          handle.contentMd5,
          '7',
          'org.sagebionetworks.repo.model.file.S3FileHandle',
          handle.bucketName,
          handle.key,
          'foo.txt',
        ],
      },
    ]);
  });

  test('testFiewViewWithPath: a row has the path of names from the project', async () => {
    const { id } = await view();
    expect(await alice().rows(`select path from ${id} where id = '${file(0).id}'`)).toEqual([
      { rowId: numberOf(file(0)), versionNumber: 1, values: [`${project.name}/foo0`] },
    ]);
  });

  test('testTableViewWithBooleanAnnotations: booleans are shown and sent back', async () => {
    await alice().annotate(file(0).id, { aBoolean: ['BOOLEAN', 'true'] });
    await alice().annotate(file(1).id, { aBoolean: ['BOOLEAN', 'false'] });
    await alice().annotate(file(2).id, { aBoolean: ['BOOLEAN', 'True'] });
    const shown = await view([columns.boolean, named('etag')]);
    const rows = await rowsOf(`select aBoolean, etag from ${shown.id}`);
    expect(rows.rows.map(({ values }) => values?.[0])).toEqual(['true', 'false', 'true']);
    expect(await sendBack(shown, rows)).toEqual(files.map(({ id }) => ({ entityId: id })));
  });
});

describe('download lists of views', () => {
  beforeEach(async () => {
    expect(await server.alice.delete('/download/list')).toMatchObject({ status: 200 });
    expect(await server.alice.delete('/file/v1/download/list')).toMatchObject({ status: 200 });
  });

  test('testAddViewSnapshotToDownloadList: a snapshot adds the file with the handle of its time', async () => {
    const { id } = await view();
    const version = await alice().snapshot(id, { snapshotComment: 'first snapshot' });
    const query = {
      sql: `select * from ${id}.${version} where id='${file(0).id}'`,
      includeEntityEtag: true,
    };
    expect(await alice().rows(query.sql)).toMatchObject([
      { rowId: numberOf(file(0)), versionNumber: 1 },
    ]);
    const second = await server.alice.update(
      file(0),
      {
        dataFileHandleId: await server.alice.createHandle(md5s.b),
        versionLabel: 'added a new data file',
      },
      '?newVersion=true',
    );
    expect(second).toMatchObject({ versionNumber: 2 });
    const added = await alice().job('/file/v1/download/list/add/async', {
      concreteType: 'org.sagebionetworks.repo.model.file.AddFileToDownloadListRequest',
      query,
    });
    expect(added).toMatchObject({
      status: 201,
      body: {
        downloadList: {
          filesToDownload: [
            {
              fileHandleId: file(0).dataFileHandleId,
              associateObjectId: file(0).id,
              associateObjectType: 'FileEntity',
            },
          ],
        },
      },
    });
  });

  test('testAddViewQueryToDownloadList: the rows of a view are added with their versions', async () => {
    const { id } = await view();
    const query = { sql: `select * from ${id} where id='${file(0).id}'`, includeEntityEtag: true };
    expect(await alice().addToList({ query, useVersionNumber: true })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 1 },
    });
    expect(await alice().available()).toMatchObject([
      { fileEntityId: file(0).id, versionNumber: 1 },
    ]);
  });

  test('testAddViewQueryToDownloadListWithSnapshot: the rows of a snapshot are added', async () => {
    const { id } = await view();
    const version = await alice().snapshot(id, { snapshotComment: 'first snapshot' });
    await server.alice.update(
      file(0),
      { dataFileHandleId: await server.alice.createHandle(md5s.b), versionLabel: 'second' },
      '?newVersion=true',
    );
    const sql = `select * from ${id}.${version} where id='${file(0).id}'`;
    expect(await alice().addToList({ query: { sql } })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 1 },
    });
    expect(await alice().available()).toMatchObject([
      {
        fileEntityId: file(0).id,
        versionNumber: 1,
        fileHandleId: file(0).dataFileHandleId,
      },
    ]);
  });
});

describe('search in views', () => {
  const matches = (of: string, text: string) => `select * from ${of} where text_matches('${text}')`;

  /** Annotates two files, of which only the first matches. */
  async function searchable(isSearchEnabled: boolean): Promise<Stored> {
    await alice().annotate(file(0).id, { aString: ['STRING', 'matching'] });
    await alice().annotate(file(1).id, { aString: ['STRING', 'notmatching'] });
    return view([...defaults, columns.string], { isSearchEnabled });
  }

  function notEnabled(of: string) {
    return refusal(
      400,
      `Invalid use of TEXT_MATCHES. Full text search is not enabled on table ${of}.`,
    );
  }

  test('testViewWithSearchEnabled: words, numbers and ids are found', async () => {
    const { id } = await searchable(true);
    for (const text of ['matching', String(numberOf(file(0))), file(0).id]) {
      expect(await alice().rows(matches(id, text))).toMatchObject([{ rowId: numberOf(file(0)) }]);
    }
  });

  test('testUpdateViewWithSearchEnabledOnExistingView: search can be switched on', async () => {
    const { id } = await searchable(false);
    expect(await alice().askQuery(matches(id, 'matching'))).toEqual(notEnabled(id));
    await server.alice.update(await server.alice.read(id), { isSearchEnabled: true });
    expect(await alice().rows(matches(id, 'matching'))).toHaveLength(1);
  });

  test('testViewWithSearchEnabledAndUpdateToAvailable: search follows the annotations', async () => {
    const { id } = await searchable(true);
    expect(await alice().rows(matches(id, 'matching'))).toHaveLength(1);
    await alice().annotate(file(2).id, { aString: ['STRING', 'matching'] });
    expect(await alice().rows(matches(id, 'matching'))).toHaveLength(2);
  });

  test('testViewSnapshotWithSearchEnabled: a snapshot keeps its search', async () => {
    const { id } = await searchable(true);
    expect(await alice().rows(matches(id, 'matching'))).toHaveLength(1);
    const version = await alice().snapshot(id, {
      snapshotComment: 'the first view snapshot ever!',
    });
    await server.alice.update(await server.alice.read(id), { isSearchEnabled: false });
    expect(await alice().askQuery(matches(id, 'matching'))).toEqual(notEnabled(id));
    expect(await alice().rows(matches(`${id}.${version}`, 'matching'))).toHaveLength(1);
  });

  test('testViewWithEmptySchema: a view without columns has no rows', async () => {
    const { id } = await view([], { isSearchEnabled: true });
    const { queryResult, queryCount } = await alice().query(`select * from ${id}`, {}, 3);
    expect(queryResult?.queryResults?.rows).toEqual([]);
    expect(queryCount).toBe(0);
  });
});
