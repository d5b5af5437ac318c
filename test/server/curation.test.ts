import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session, type Stored } from './entitySession.js';
import { contentUrl, uploadFile } from './filesClient.js';

const server = withSessions();
const gridModel = 'org.sagebionetworks.repo.model.grid';
let project: Stored;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Curated' });
});

async function upload(text: string): Promise<string> {
  const fields = { fileName: 'rows.csv', contentType: 'text/csv' };
  return (await uploadFile(server.alice, Buffer.from(text), fields)).id;
}

async function textOf(handleId: string | undefined): Promise<string> {
  const response = await fetch(await contentUrl(server.alice, handleId ?? ''));
  return response.text();
}

describe('a curation task', () => {
  test('is made once a data type, changed, listed and deleted', async () => {
    const { alice, bob } = server;
    const body = {
      dataType: 'biospecimen',
      projectId: project.id,
      instructions: 'Fill it in.',
      taskProperties: {
        concreteType:
          'org.sagebionetworks.repo.model.curation.metadata.FileBasedMetadataTaskProperties',
        uploadFolderId: project.id,
      },
    };
    expect(await bob.post('/curation/task', body)).toMatchObject({ status: 403 });
    const made = await alice.post('/curation/task', body);
    expect(made).toMatchObject({
      status: 201,
      body: { ...body, taskId: expect.any(Number), createdBy: String(server.userId('alice')) },
    });
    expect(await alice.post('/curation/task', body)).toMatchObject({ status: 409 });
    const refused: [object, number][] = [
      [{ dataType: null }, 400],
      [{ dataType: ' ' }, 400],
      [{ projectId: null }, 400],
      [{ projectId: 'syn99' }, 404],
      [{ assigneePrincipalId: '99' }, 400],
      [{ taskProperties: { concreteType: 'x' } }, 400],
    ];
    for (const [fields, status] of refused) {
      const answer = await alice.post('/curation/task', { ...body, dataType: 'new', ...fields });
      expect([fields, answer.status]).toEqual([fields, status]);
    }
    const task = made.body as Required<M.CurationTask>;
    const path = `/curation/task/${task.taskId}`;
    expect(await alice.get(path)).toMatchObject({ status: 200, body: task });
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    expect(await alice.put(path, { ...task, etag: 'stale' })).toMatchObject({ status: 412 });
    expect(await alice.put(path, { ...task, etag: null })).toMatchObject({ status: 400 });
    const changed = await alice.put(path, { ...task, dataType: 'clinical' });
    expect(changed).toMatchObject({ status: 200, body: { dataType: 'clinical' } });
    expect(await alice.post('/curation/task/list', { projectId: project.id })).toMatchObject({
      status: 200,
      body: { page: [{ taskId: task.taskId }] },
    });
    expect(await bob.post('/curation/task/list', { projectId: project.id })).toMatchObject({
      status: 403,
    });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('has a status that its assignee may change', async () => {
    const { alice, bob, carol } = server;
    const shared = await alice.create('project', { name: 'Shared curation' });
    const acl = (await alice.get(`/entity/${shared.id}/acl`)).body as M.AccessControlList;
    for (const name of ['bob', 'carol'] as const) {
      acl.resourceAccess?.push({ principalId: server.userId(name), accessType: ['READ'] });
    }
    expect((await alice.put(`/entity/${shared.id}/acl`, acl)).status).toBe(200);
    const body = {
      dataType: 'imaging',
      projectId: shared.id,
      assigneePrincipalId: String(server.userId('bob')),
    };
    const { taskId } = (await alice.post('/curation/task', body)).body as { taskId: number };
    const path = `/curation/task/${taskId}/status`;
    const status = (await bob.get(path)).body as { etag: string };
    expect(status).toMatchObject({ taskId, state: 'NOT_STARTED' });
    const next = { ...status, state: 'IN_PROGRESS', executionDetails: { gridSessionId: '7' } };
    expect(await carol.put(path, next)).toMatchObject({ status: 403 });
    expect(await bob.put(path, { ...next, state: 'BORED' })).toMatchObject({ status: 400 });
    expect(await bob.put(path, { ...next, etag: 'stale' })).toMatchObject({ status: 412 });
    expect(await bob.put(path, [])).toMatchObject({ status: 400 });
    expect(await bob.put(path, next)).toMatchObject({
      status: 200,
      body: { state: 'IN_PROGRESS', executionDetails: { gridSessionId: '7' } },
    });
    expect(await bob.put(path, next)).toMatchObject({ status: 412 });
    expect(await bob.get('/curation/task/99/status')).toMatchObject({ status: 404 });
  });
});

describe('a grid', () => {
  const createGrid = (session: Session, fields: object) =>
    session.run('/grid/session', { concreteType: `${gridModel}.CreateGridRequest`, ...fields });

  test('takes the rows of a record set, merges files, and writes a new version', async () => {
    const { alice, bob } = server;
    const recordSet = await alice.create('recordset', {
      name: 'Samples',
      parentId: project.id,
      dataFileHandleId: await upload('id,tissue\n1,brain\n2,blood\n'),
      upsertKey: ['id'],
    });
    const made = await createGrid(alice, { recordSetId: recordSet.id });
    expect(made).toMatchObject({
      status: 200,
      body: {
        gridSession: {
          sourceEntityId: recordSet.id,
          startedBy: String(server.userId('alice')),
        },
      },
    });
    const { sessionId = '' } = (made.body as Required<M.CreateGridResponse>).gridSession;
    const download = async () => {
      const answer = await alice.run('/grid/download/csv', {
        concreteType: `${gridModel}.DownloadFromGridRequest`,
        sessionId,
      });
      expect(answer.status).toBe(201);
      return textOf((answer.body as M.DownloadFromGridResult).resultsFileHandleId);
    };
    expect(await download()).toBe('id,tissue\n1,brain\n2,blood\n');
    const importCsv = async (text: string, session = alice) =>
      session.run('/grid/import/csv', {
        concreteType: `${gridModel}.GridCsvImportRequest`,
        sessionId,
        fileHandleId: await upload(text),
      });
    expect(await importCsv('id,age\n2,44\n3,55\n')).toMatchObject({
      status: 201,
      body: { totalCount: 3, createdCount: 1, updatedCount: 1 },
    });
    for (const bad of ['', 'a,a\n', 'id,age\n1\n']) {
      expect(await importCsv(bad === '' ? '\n' : bad)).toMatchObject({ status: 400 });
    }
    expect(await importCsv('id\n9\n', bob)).toMatchObject({ status: 403 });
    expect(await download()).toBe('id,tissue,age\n1,brain,\n2,,44\n3,,55\n');
    const $id = 'grid.tests-sample';
    await alice.post('/schema/organization', { organizationName: 'grid.tests' });
    const schema = { $id, required: ['tissue'] };
    await alice.run('/schema/type/create', {
      concreteType: 'org.sagebionetworks.repo.model.schema.CreateSchemaRequest',
      schema,
    });
    const binding = { entityId: recordSet.id, schema$id: $id };
    expect((await alice.put(`/entity/${recordSet.id}/schema/binding`, binding)).status).toBe(200);
    const exported = await alice.run('/grid/export/recordset', {
      concreteType: `${gridModel}.GridRecordSetExportRequest`,
      sessionId,
    });
    expect(exported).toMatchObject({
      status: 201,
      body: {
        recordSetId: recordSet.id,
        recordSetVersionNumber: 2,
        validationSummaryStatistics: {
          totalNumberOfChildren: 3,
          numberOfValidChildren: 1,
          numberOfInvalidChildren: 2,
          numberOfUnknownChildren: 0,
        },
      },
    });
    const written = await alice.read(recordSet.id);
    expect(written).toMatchObject({ versionNumber: 2, upsertKey: ['id'] });
    expect(await textOf(written.dataFileHandleId)).toBe(await download());
    const { validationFileHandleId } = exported.body as M.GridRecordSetExportResponse;
    expect(await textOf(validationFileHandleId)).toContain('0,true\n1,false\n');
  });

  test('is its maker’s, who sees it listed, replicates and deletes it', async () => {
    const { alice, bob, anonymous } = server;
    const made = await createGrid(alice, {});
    const { sessionId = '' } = (made.body as Required<M.CreateGridResponse>).gridSession;
    const path = `/grid/session/${sessionId}`;
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await bob.post('/grid/session/list', {})).toMatchObject({ body: { page: [] } });
    expect(await anonymous.post('/grid/session/list', {})).toMatchObject({ status: 403 });
    const list = (await alice.post('/grid/session/list', {})).body as { page: M.GridSession[] };
    expect(list.page.map((session) => session.sessionId)).toContain(sessionId);
    const replica = await alice.post(`${path}/replica`, { gridSessionId: sessionId });
    expect(replica).toMatchObject({
      status: 201,
      body: { replica: { replicaId: 1, gridSessionId: sessionId, isAgentReplica: false } },
    });
    expect(await alice.get(`${path}/replica/1`)).toMatchObject({ body: { replicaId: 1 } });
    expect(await alice.get(`${path}/replica/2`)).toMatchObject({ status: 404 });
    expect(await alice.post(`${path}/presigned/url`, { replicaId: 1 })).toMatchObject({
      status: 201,
      body: { presignedUrl: expect.stringMatching(/^ws:/) },
    });
    expect(await alice.post(`${path}/presigned/url`, {})).toMatchObject({ status: 400 });
    expect(
      await alice.run('/grid/synchronize', {
        concreteType: `${gridModel}.SynchronizeGridRequest`,
        gridSessionId: sessionId,
      }),
    ).toMatchObject({ status: 200, body: { errorMessages: [] } });
    expect(
      await alice.run('/grid/export/recordset', {
        concreteType: `${gridModel}.GridRecordSetExportRequest`,
        sessionId,
      }),
    ).toEqual(refusal(400, 'The grid was not made from a record set.'));
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('is not made of what has no rows, or for others', async () => {
    const { alice, anonymous } = server;
    expect(await createGrid(alice, { recordSetId: project.id })).toMatchObject({ status: 400 });
    expect(await createGrid(alice, { recordSetId: 'syn99' })).toMatchObject({ status: 404 });
    expect(await createGrid(alice, { initialQuery: { sql: 'select' } })).toMatchObject({
      status: 400,
    });
    const both = { recordSetId: project.id, initialQuery: { sql: 'select * from syn1' } };
    expect(await createGrid(alice, both)).toMatchObject({ status: 400 });
    expect(await createGrid(alice, { ownerPrincipalId: '2' })).toMatchObject({ status: 403 });
    expect(await createGrid(anonymous, {})).toMatchObject({ status: 403 });
  });
});

describe('agents', () => {
  test('are registered, talked to in sessions, and answer as a can does', async () => {
    const { alice, bob, anonymous } = server;
    const registration = await alice.put('/agent/registration', { awsAgentId: 'AGENT' });
    expect(registration).toMatchObject({ status: 201, body: { type: 'CUSTOM' } });
    expect((await bob.put('/agent/registration', { awsAgentId: 'AGENT' })).body).toEqual(
      registration.body,
    );
    expect(await alice.put('/agent/registration', {})).toMatchObject({ status: 400 });
    const { agentRegistrationId = '' } = registration.body as M.AgentRegistration;
    expect(await bob.get(`/agent/registration/${agentRegistrationId}`)).toMatchObject({
      body: { awsAgentId: 'AGENT' },
    });
    expect(await bob.get('/agent/registration/1')).toMatchObject({ body: { type: 'BASELINE' } });
    expect(await bob.get('/agent/registration/99')).toMatchObject({ status: 404 });
    const body = { agentAccessLevel: 'PUBLICLY_ACCESSIBLE', agentRegistrationId };
    const made = await alice.post('/agent/session', body);
    expect(made).toMatchObject({ status: 201, body: { startedBy: server.userId('alice') } });
    expect(await alice.post('/agent/session', {})).toMatchObject({ status: 400 });
    expect(
      await alice.post('/agent/session', { ...body, agentRegistrationId: '99' }),
    ).toMatchObject({ status: 404 });
    expect(await anonymous.post('/agent/session', body)).toMatchObject({ status: 403 });
    const { sessionId = '' } = made.body as M.AgentSession;
    const path = `/agent/session/${sessionId}`;
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    const level = { sessionId, agentAccessLevel: 'READ_YOUR_PRIVATE_DATA' };
    expect(await bob.put(path, level)).toMatchObject({ status: 403 });
    expect(await alice.put(path, level)).toMatchObject({ status: 200, body: level });
    expect(await alice.get(path)).toMatchObject({ body: level });
    const chat = (session: Session, fields: object) =>
      session.run('/agent/chat', {
        concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatRequest',
        sessionId,
        ...fields,
      });
    expect(await chat(alice, { chatText: 'Hello' })).toMatchObject({
      status: 201,
      body: { sessionId, responseText: expect.stringContaining('local Synapse') },
    });
    expect(await chat(alice, {})).toMatchObject({ status: 400 });
    expect(await chat(bob, { chatText: 'Hello' })).toMatchObject({ status: 403 });
    expect(await alice.post('/agent/chat/trace/1', {})).toMatchObject({ body: { page: [] } });
  });

  test('tell how they came to a reply when they are asked to', async () => {
    const { alice, bob } = server;
    // The agent that the service has for clients to try it, and the tests of the Python client do.
    const registration = await bob.put('/agent/registration', {
      awsAgentId: 'QOTV3KQM1X',
      awsAliasId: 'TSTALIASID',
    });
    expect(registration.body).toEqual({
      agentRegistrationId: '29',
      awsAgentId: 'QOTV3KQM1X',
      awsAliasId: 'TSTALIASID',
      registeredOn: '2025-01-16T18:57:35.680Z',
      type: 'CUSTOM',
    });
    const session = await alice.post('/agent/session', {
      agentAccessLevel: 'PUBLICLY_ACCESSIBLE',
      agentRegistrationId: '29',
    });
    const { sessionId } = session.body as M.AgentSession;
    const ask = async (enableTrace: boolean): Promise<string> => {
      const started = await alice.post('/agent/chat/async/start', {
        concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatRequest',
        sessionId,
        chatText: 'hello',
        enableTrace,
      });
      return `/agent/chat/trace/${(started.body as { token: string }).token}`;
    };
    const path = await ask(true);
    const { page = [] } = (await alice.post(path, { newerThanTimestamp: null }))
      .body as M.TraceEventsResponse;
    expect(page).toEqual([
      { timestamp: expect.any(Number), message: expect.stringContaining('Agent 29') },
    ]);
    const newerThanTimestamp = page[0]?.timestamp;
    expect(await alice.post(path, { newerThanTimestamp })).toMatchObject({ body: { page: [] } });
    expect(await bob.post(path, {})).toMatchObject({ status: 403 });
    expect(await alice.post(await ask(false), {})).toMatchObject({ body: { page: [] } });
  });
});
