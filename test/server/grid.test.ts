import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { md5s, refusal, withSessions, type Session, type Stored } from './entitySession.js';
import { contentUrl, uploadFile } from './filesClient.js';
import { annotate, bind, follow } from './schemaSession.js';

const server = withSessions();
const model = 'org.sagebionetworks.repo.model.grid';
const organizationName = 'grid.tests';
const unsupported = 'Unsupported grid session: only a grid created from a record set is supported.';
let project: Stored;
let count = 0;

beforeAll(async () => {
  const { alice } = server;
  project = await alice.create('project', { name: 'Grids' });
  expect((await alice.post('/schema/organization', { organizationName })).status).toBe(201);
});

async function upload(text: string): Promise<string> {
  const fields = { fileName: 'rows.csv', contentType: 'text/csv' };
  return (await uploadFile(server.alice, Buffer.from(text), fields)).id;
}

async function textOf(handleId: string | undefined): Promise<string> {
  const response = await fetch(await contentUrl(server.alice, handleId ?? ''));
  return response.text();
}

async function recordSet(text: string, fields: object = {}): Promise<Stored> {
  count += 1;
  return server.alice.create('recordset', {
    name: `Records ${count}`,
    parentId: project.id,
    dataFileHandleId: await upload(text),
    upsertKey: ['id'],
    ...fields,
  });
}

function start(session: Session, fields: object): Promise<Answer> {
  return session.run('/grid/session', { concreteType: `${model}.CreateGridRequest`, ...fields });
}

async function createGrid(fields: object, session = server.alice): Promise<M.GridSession> {
  const made = await start(session, fields);
  expect(made).toMatchObject({ status: 200 });
  return (made.body as Required<M.CreateGridResponse>).gridSession;
}

async function download({ sessionId }: M.GridSession, fields: object = {}): Promise<string> {
  const answer = await server.alice.run('/grid/download/csv', {
    concreteType: `${model}.DownloadFromGridRequest`,
    sessionId,
    includeRowIdAndRowVersion: false,
    includeEtag: false,
    ...fields,
  });
  expect(answer).toMatchObject({ status: 201 });
  return textOf((answer.body as M.DownloadFromGridResult).resultsFileHandleId);
}

const columns = (types: Record<string, M.ColumnType>) =>
  Object.entries(types).map(([name, columnType]) => ({ name, columnType }));

async function importCsv(
  { sessionId }: M.GridSession,
  text: string,
  schema: object | null,
  fields: object = {},
): Promise<Answer> {
  return server.alice.run('/grid/import/csv', {
    concreteType: `${model}.GridCsvImportRequest`,
    sessionId,
    fileHandleId: await upload(text),
    csvDescriptor: { isFirstLineHeader: true },
    schema,
    ...fields,
  });
}

function exportGrid({ sessionId }: M.GridSession, session = server.alice): Promise<Answer> {
  return session.run('/grid/export/recordset', {
    concreteType: `${model}.GridRecordSetExportRequest`,
    sessionId,
  });
}

function synchronize({ sessionId }: M.GridSession): Promise<Answer> {
  return server.alice.run('/grid/synchronize', {
    concreteType: `${model}.SynchronizeGridRequest`,
    gridSessionId: sessionId,
  });
}

describe('a grid of a record set', () => {
  test('writes the rows of a set with the types that they fit', async () => {
    const records = await recordSet('id,value,active\n1,10.5,True\n2,20,False\n3,,\n');
    const grid = await createGrid({ recordSetId: records.id });
    expect(grid).toMatchObject({
      sourceEntityId: records.id,
      startedBy: String(server.userId('alice')),
      ownerPrincipalId: String(server.userId('alice')),
    });
    expect(grid).not.toHaveProperty('gridJsonSchema$Id');
    expect(await download(grid)).toBe(
      quotedCsv('id,value,active\n1,10.5,true\n2,20.0,false\n3,,\n'),
    );
    const whole = { includeRowIdAndRowVersion: null, includeEtag: null };
    expect(await download(grid, whole)).toBe(
      quotedCsv(
        'ROW_ID,ROW_VERSION,etag,id,value,active\n' + ',,,1,10.5,true\n,,,2,20.0,false\n,,,3,,\n',
      ),
    );
    const csvTableDescriptor = { separator: '\t' };
    expect(await download(grid, { writeHeader: false, csvTableDescriptor })).toBe(
      quotedCsv('1\t10.5\ttrue\n2\t20.0\tfalse\n3\t\t\n'),
    );
  });

  test('takes in the rows of a file by the upsert key', async () => {
    const records = await recordSet('id,tissue,age\n1,brain,7\n2,blood,8\n');
    const grid = await createGrid({ recordSetId: records.id });
    const schema = columns({ age: 'INTEGER', id: 'INTEGER', other: 'STRING' });
    expect(await importCsv(grid, 'id,other,age\n3,x,30\n2,y,20\n3,z,33\n', schema)).toMatchObject({
      status: 201,
      body: { sessionId: grid.sessionId, totalCount: 3, createdCount: 2, updatedCount: 1 },
    });
    // What the file does not have stays, what the grid does not have is passed over.
    expect(await download(grid)).toBe(
      quotedCsv('id,tissue,age\n1,brain,7\n2,blood,20\n3,,30\n3,,33\n'),
    );
    const ages = columns({ id: 'DOUBLE', age: 'DOUBLE' });
    expect(await importCsv(grid, '3.0,1.5\n', ages, { csvDescriptor: {} })).toMatchObject({
      status: 201,
      body: { totalCount: 2, createdCount: 0, updatedCount: 2 },
    });
    expect(await download(grid, { writeHeader: false })).toContain(
      quotedCsv('3.0,,1.5\n3.0,,1.5\n'),
    );
  });

  test('does not take in what does not fit', async () => {
    const records = await recordSet('id,tissue\n1,brain\n', { upsertKey: ['id', 'lost'] });
    const grid = await createGrid({ recordSetId: records.id });
    const schema = columns({ id: 'INTEGER', lost: 'STRING' });
    const reasons: [string, object | null, object, unknown][] = [
      ['id\n1\n', schema, { sessionId: null }, 'request.sessionId is required.'],
      ['id\n1\n', schema, { fileHandleId: null }, 'request.fileHandleId is required.'],
      ['id\n1\n', schema, { csvDescriptor: null }, 'request.csvDescriptor is required.'],
      ['id\n1\n', null, {}, 'request.schema is required.'],
      ['\n', schema, {}, expect.any(String)],
      ['id,lost\n', schema, {}, 'The CSV file cannot be empty.'],
      ['id\n1\n', schema, {}, 'The CSV header does not match the schema size.'],
      [
        'id,found\n1,2\n',
        schema,
        {},
        'The CSV header column "found" does not exist in the schema.',
      ],
      [
        'id\n1\n',
        columns({ id: 'INTEGER' }),
        {},
        'The upsert key column "lost" does not exist in the CSV schema.',
      ],
      [
        'id,lost\n1,x\n',
        schema,
        {},
        'The upsert key column "lost" does not exist in the grid schema.',
      ],
    ];
    for (const [text, given, fields, reason] of reasons) {
      const answer = await importCsv(grid, text, given, fields);
      expect([text, answer]).toEqual([text, refusal(400, reason)]);
    }
    const other = await createGrid({ recordSetId: (await recordSet('id\n1\n')).id });
    const answer = await importCsv(other, 'id\nx\n', columns({ id: 'INTEGER' }));
    expect(answer).toEqual(refusal(400, expect.stringContaining('INTEGER')));
    expect(await download(other)).toBe(quotedCsv('id\n1\n'));
    const blank = await createGrid({});
    expect(await importCsv(blank, 'id\n1\n', columns({ id: 'INTEGER' }))).toEqual(
      refusal(400, unsupported),
    );
  });

  test('is exported as a new version with what the schema says about each row', async () => {
    const { alice, bob } = server;
    const text = 'id,name,value,category\n1,Alpha,10.5,A\n2,,20,B\n3,ab,1500,X\n4,Delta,-50,A\n';
    const records = await recordSet(text, { versionComment: 'as it was' });
    const schema$id = `${organizationName}-records`;
    await follow(alice, records.id, {
      $id: schema$id,
      type: 'object',
      properties: {
        id: { type: 'integer' },
        name: { type: 'string', minLength: 3 },
        value: { type: 'number', minimum: 0, maximum: 1000 },
        category: { type: 'string', enum: ['A', 'B'] },
      },
      required: ['id', 'name', 'value'],
    });
    const grid = await createGrid({ recordSetId: records.id });
    expect(grid.gridJsonSchema$Id).toBe(schema$id);
    const exported = await exportGrid(grid);
    const summary = {
      containerId: records.id,
      totalNumberOfChildren: 4,
      numberOfValidChildren: 1,
      numberOfInvalidChildren: 3,
      numberOfUnknownChildren: 0,
      generatedOn: expect.any(String),
    };
    expect(exported).toMatchObject({
      status: 201,
      body: {
        sessionId: grid.sessionId,
        recordSetId: records.id,
        recordSetVersionNumber: 2,
        validationSummaryStatistics: summary,
      },
    });
    const { validationFileHandleId } = exported.body as M.GridRecordSetExportResponse;
    const written = await alice.read(records.id);
    expect(written).toMatchObject({
      versionNumber: 2,
      versionLabel: '2',
      upsertKey: ['id'],
      validationSummary: summary,
      validationFileHandleId,
    });
    expect(await textOf(written.dataFileHandleId)).toBe(await download(grid));
    const broken = (row: number, message: string, ...all: string[]) =>
      `"${row}","false","${message}","${JSON.stringify(all).replaceAll('"', '""')}"`;
    expect((await textOf(validationFileHandleId)).split('\n')).toEqual([
      quotedCsv('row_index,is_valid,validation_error_message,all_validation_messages'),
      '"0","true",,',
      broken(1, 'expected type: String, found: Null', '#/name: expected type: String, found: Null'),
      broken(
        2,
        '3 schema violations found',
        '#/name: expected minLength: 3, actual: 2',
        '#/value: 1500.0 is not less or equal to 1000',
        '#/category: X is not a valid enum value',
      ),
      broken(
        3,
        '-50.0 is not greater or equal to 0',
        '#/value: -50.0 is not greater or equal to 0',
      ),
      '',
    ]);
    expect(await bob.get(`/entity/${records.id}`)).toMatchObject({ status: 403 });
    expect(await exportGrid(grid, bob)).toMatchObject({ status: 403 });
  });

  test('leaves its validation with the version', async () => {
    const { alice, carol } = server;
    const records = await recordSet('id\n1\n', {
      validationSummary: { totalNumberOfChildren: 9 },
      validationFileHandleId: await upload('mine'),
    });
    expect(records).not.toHaveProperty('validationSummary');
    expect(records).not.toHaveProperty('validationFileHandleId');
    const exported = await exportGrid(await createGrid({ recordSetId: records.id }));
    const { validationFileHandleId = '' } = exported.body as M.GridRecordSetExportResponse;
    const written = await alice.read(records.id);
    expect(written).toMatchObject({ validationSummary: { numberOfUnknownChildren: 1 } });
    const request = {
      includeFileHandles: true,
      includePreSignedURLs: true,
      requestedFiles: [
        {
          fileHandleId: validationFileHandleId,
          associateObjectId: records.id,
          associateObjectType: 'FileEntity',
        },
      ],
    };
    expect(await alice.post('/file/v1/fileHandle/batch', request)).toMatchObject({
      status: 201,
      body: {
        requestedFiles: [
          {
            fileHandle: { fileName: 'grid_validation_details.csv' },
            preSignedURL: expect.any(String),
          },
        ],
      },
    });
    expect(await carol.post('/file/v1/fileHandle/batch', request)).toMatchObject({
      body: { requestedFiles: [{ failureCode: 'UNAUTHORIZED' }] },
    });
    const renamed = await alice.update(written, { description: 'the same rows' });
    expect(renamed).toMatchObject({
      versionNumber: 2,
      validationSummary: { containerId: records.id },
    });
    expect(renamed).not.toHaveProperty('validationFileHandleId');
    const next = await alice.update(renamed, { dataFileHandleId: await upload('id\n2\n') });
    expect(next).toMatchObject({ versionNumber: 3 });
    expect(next).not.toHaveProperty('validationSummary');
  });
});

describe('a grid of a view', () => {
  const file = async (parentId: string, value: string): Promise<Stored> => {
    count += 1;
    const { alice } = server;
    const made = await alice.create('file', {
      parentId,
      name: `file ${count}`,
      dataFileHandleId: await alice.createHandle(md5s.a),
    });
    await annotate(alice, made.id, { tissue: { type: 'STRING', value: [value] } });
    return alice.read(made.id);
  };

  async function viewOf(folder: Stored, names: readonly string[]): Promise<Stored> {
    const { alice } = server;
    const list = names.map((name) => ({ name, columnType: 'STRING', maximumSize: 50 }));
    const made = await alice.post('/column/batch', { concreteType: 'x', list });
    const { list: models = [] } = made.body as { list?: M.ColumnModel[] };
    return alice.create('entityview', {
      name: `view of ${folder.name}`,
      parentId: project.id,
      viewTypeMask: 1,
      scopeIds: [folder.id],
      columnIds: models.map(({ id }) => id),
    });
  }

  test('follows the view when it is synchronized', async () => {
    const { alice } = server;
    const folder = await alice.create('folder', { name: 'viewed', parentId: project.id });
    const [first, second] = [await file(folder.id, 'brain'), await file(folder.id, 'blood')];
    await follow(alice, folder.id, { $id: `${organizationName}-files` });
    const view = await viewOf(folder, ['name', 'tissue']);
    const sql = `select * from ${view.id} order by "tissue"`;
    const grid = await createGrid({ initialQuery: { sql } });
    expect(grid).toMatchObject({
      sourceEntityId: view.id,
      gridJsonSchema$Id: `${organizationName}-files`,
    });
    const whole = { includeRowIdAndRowVersion: true, includeEtag: true };
    const line = ({ id, name, etag }: Stored, tissue: string) =>
      quotedCsv(`${id.slice(3)},1,${etag},${name},${tissue}\n`);
    const header = quotedCsv('ROW_ID,ROW_VERSION,etag,name,tissue\n');
    expect(await download(grid, whole)).toBe(header + line(second, 'blood') + line(first, 'brain'));
    expect((await alice.delete(`/entity/${second.id}`)).status).toBe(204);
    await annotate(alice, first.id, { tissue: { type: 'STRING', value: ['bone'] } });
    const third = await file(folder.id, 'breast');
    expect(await synchronize(grid)).toMatchObject({
      status: 200,
      body: { gridSessionId: grid.sessionId, errorMessages: [] },
    });
    expect(await download(grid, whole)).toBe(
      header + line(await alice.read(first.id), 'bone') + line(third, 'breast'),
    );
    expect(await exportGrid(grid)).toEqual(refusal(400, unsupported));
  });

  test('has the rows that its owner may change', async () => {
    const { alice } = server;
    const folder = await alice.create('folder', { name: 'owned', parentId: project.id });
    const [open, closed] = [await file(folder.id, 'brain'), await file(folder.id, 'blood')];
    const view = await viewOf(folder, ['tissue']);
    const team = (await alice.post('/team', { name: 'Owners of rows' })).body as M.Team;
    const share = async (id: string, ...accessType: M.ACCESS_TYPE[]) => {
      const acl = (await alice.get(`/entity/${project.id}/acl`)).body as M.AccessControlList;
      const resourceAccess = [
        ...(acl.resourceAccess ?? []),
        { principalId: Number(team.id), accessType },
      ];
      const answer = await alice.post(`/entity/${id}/acl`, { id, resourceAccess });
      expect(answer.status).toBe(201);
    };
    await share(view.id, 'READ', 'DOWNLOAD');
    await share(open.id, 'READ', 'UPDATE');
    await share(closed.id, 'READ');
    const initialQuery = { sql: `select tissue from ${view.id} order by tissue` };
    const written = { writeHeader: false };
    expect(await download(await createGrid({ initialQuery }), written)).toBe(
      quotedCsv('blood\nbrain\n'),
    );
    const teams = await createGrid({ initialQuery, ownerPrincipalId: team.id });
    expect(await download(teams, written)).toBe(quotedCsv('brain\n'));
    expect((await synchronize(teams)).status).toBe(200);
    expect(await download(teams, written)).toBe(quotedCsv('brain\n'));
  });

  test('is the only one that is synchronized', async () => {
    const { alice } = server;
    const records = await createGrid({ recordSetId: (await recordSet('id\n1\n')).id });
    expect(await synchronize(records)).toEqual(refusal(400, 'Unsupported type: recordset'));
    expect(await synchronize(await createGrid({}))).toMatchObject({ status: 400 });
    const request = { concreteType: `${model}.SynchronizeGridRequest` };
    expect(await alice.run('/grid/synchronize', request)).toEqual(
      refusal(400, 'request.gridSessionId is required.'),
    );
  });
});

describe('a session', () => {
  test('is seen by its owner alone', async () => {
    const { alice, bob, anonymous } = server;
    const records = await recordSet('id\n1\n');
    const grid = await createGrid({ recordSetId: records.id });
    const { sessionId = '' } = grid;
    const path = `/grid/session/${sessionId}`;
    const notYours = refusal(403, 'You are not authorized to access this resource.');
    expect(await alice.get(path)).toMatchObject({ status: 200, body: grid });
    expect(await bob.get(path)).toEqual(notYours);
    expect(await bob.delete(path)).toEqual(notYours);
    expect(await bob.post('/grid/session/list', {})).toMatchObject({ body: { page: [] } });
    expect(await anonymous.post('/grid/session/list', {})).toMatchObject({ status: 403 });
    const list = async (sourceId?: string) => {
      const { body } = await alice.post('/grid/session/list', { sourceId });
      return (body as M.ListGridSessionsResponse).page.map((session) => session.sessionId);
    };
    expect(await list()).toContain(sessionId);
    expect(await list(records.id)).toEqual([sessionId]);
    expect(await list(project.id)).toEqual([]);
    const replica = await alice.post(`${path}/replica`, { gridSessionId: sessionId });
    expect(replica).toMatchObject({
      status: 201,
      body: { replica: { replicaId: 1, gridSessionId: sessionId, isAgentReplica: false } },
    });
    expect(await alice.get(`${path}/replica/1`)).toMatchObject({ body: { replicaId: 1 } });
    expect(await alice.get(`${path}/replica/2`)).toEqual(refusal(404, 'Grid replica not found.'));
    expect(await alice.post(`${path}/presigned/url`, { replicaId: 1 })).toMatchObject({
      status: 201,
      body: { presignedUrl: expect.stringMatching(/^ws:/) },
    });
    expect(await alice.post(`${path}/presigned/url`, {})).toMatchObject({ status: 400 });
    expect((await alice.delete(`/entity/${records.id}`)).status).toBe(204);
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.delete(path)).toEqual(refusal(404, 'Grid session not found.'));
    expect(await list(records.id)).toEqual([]);
  });

  test('may belong to a team whose members have access to the source', async () => {
    const { alice, bob } = server;
    const team = (await alice.post('/team', { name: 'Grid team' })).body as M.Team;
    const ownerPrincipalId = team.id;
    const records = await recordSet('id\n1\n');
    expect(await start(bob, { ownerPrincipalId })).toEqual(
      refusal(403, "Caller must be a member of the owner's team."),
    );
    const grid = await createGrid({ recordSetId: records.id, ownerPrincipalId });
    expect(grid).toMatchObject({ ownerPrincipalId });
    const path = `/grid/session/${grid.sessionId ?? ''}`;
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    const { admin } = server;
    const member = String(server.userId('bob'));
    expect((await admin.put(`/team/${team.id ?? ''}/member/${member}`)).status).toBeLessThan(300);
    expect(await bob.get(path)).toEqual(refusal(403, expect.stringContaining('READ')));
    const acl = (await alice.get(`/entity/${project.id}/acl`)).body as M.AccessControlList;
    acl.resourceAccess?.push({
      principalId: server.userId('bob'),
      accessType: ['READ', 'DOWNLOAD', 'UPDATE'],
    });
    expect((await alice.put(`/entity/${project.id}/acl`, acl)).status).toBe(200);
    expect(await bob.get(path)).toMatchObject({ status: 200, body: grid });
    const replica = await alice.post(`${path}/replica`, { gridSessionId: grid.sessionId });
    const { replicaId } = (replica.body as Required<M.CreateReplicaResponse>).replica;
    expect(await bob.post(`${path}/presigned/url`, { replicaId })).toMatchObject({ status: 403 });
  });

  test('is made only of what has rows', async () => {
    const { alice, bob, anonymous } = server;
    const records = await recordSet('id\n1\n');
    const empty = await recordSet('\n');
    const dataset = await alice.create('dataset', { name: 'set', parentId: project.id, items: [] });
    const refused: [object, number, unknown, Session?][] = [
      [{ recordSetId: project.id }, 400, expect.any(String)],
      [{ recordSetId: 'syn99' }, 404, expect.any(String)],
      [{ recordSetId: records.id }, 403, expect.any(String), server.carol],
      [{ recordSetId: empty.id }, 400, expect.any(String)],
      [{ initialQuery: { sql: 'select' } }, 400, expect.any(String)],
      [
        { initialQuery: { sql: `select * from ${dataset.id}` } },
        400,
        'Unsupported grid source type: dataset',
      ],
      [
        { recordSetId: records.id, initialQuery: { sql: 'select * from syn1' } },
        400,
        'Cannot set both initialQuery and recordSetId.',
      ],
      [{ ownerPrincipalId: '2' }, 403, expect.any(String), bob],
      [{}, 403, expect.any(String), anonymous],
    ];
    for (const [fields, status, reason, session = alice] of refused) {
      expect([fields, await start(session, fields)]).toEqual([fields, refusal(status, reason)]);
    }
  });

  test('keeps the schema that it started with', async () => {
    const { alice } = server;
    const records = await recordSet('id\n1\n');
    const grid = await createGrid({ recordSetId: records.id });
    await follow(alice, records.id, { $id: `${organizationName}-late`, required: ['lost'] });
    expect((await exportGrid(grid)).body).toMatchObject({
      validationSummaryStatistics: { numberOfUnknownChildren: 1 },
    });
    const later = await createGrid({ recordSetId: records.id });
    expect((await exportGrid(later)).body).toMatchObject({
      validationSummaryStatistics: { numberOfInvalidChildren: 1 },
    });
    expect(await bind(alice, records.id, `${organizationName}-late`)).toMatchObject({
      status: 200,
    });
  });
});
