import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from './entitySession.js';

const server = withSessions();
const metadata = 'org.sagebionetworks.repo.model.curation.metadata';
const detailsType = 'org.sagebionetworks.repo.model.curation.execution.GridExecutionDetails';
/** A project that its three users share. */
let project: Stored;
let folder: Stored;
let view: Stored;
let count = 0;

beforeAll(async () => {
  const { alice } = server;
  project = await alice.create('project', { name: 'Curated' });
  const acl = (await alice.get(`/entity/${project.id}/acl`)).body as M.AccessControlList;
  for (const name of ['bob', 'carol'] as const) {
    acl.resourceAccess?.push({ principalId: server.userId(name), accessType: ['READ'] });
  }
  expect((await alice.put(`/entity/${project.id}/acl`, acl)).status).toBe(200);
  folder = await alice.create('folder', { name: 'uploads', parentId: project.id });
  view = await alice.create('entityview', {
    name: 'view',
    parentId: project.id,
    columnIds: [],
    viewTypeMask: 1,
    scopeIds: [folder.id],
  });
});

const fileBased = () => ({
  concreteType: `${metadata}.FileBasedMetadataTaskProperties`,
  uploadFolderId: folder.id,
  fileViewId: view.id,
});

function bodyOf(fields: object = {}): object {
  count += 1;
  return {
    dataType: `type ${count}`,
    projectId: project.id,
    instructions: 'Fill it in.',
    taskProperties: fileBased(),
    ...fields,
  };
}

async function make(fields: object = {}): Promise<Required<M.CurationTask>> {
  const answer = await server.alice.post('/curation/task', bodyOf(fields));
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Required<M.CurationTask>;
}

describe('a curation task', () => {
  test('is made once a data type', async () => {
    const { alice, bob } = server;
    const body = bodyOf();
    expect(await bob.post('/curation/task', body)).toMatchObject({ status: 403 });
    const made = await alice.post('/curation/task', body);
    expect(made).toMatchObject({
      status: 201,
      body: { ...body, taskId: expect.any(Number), createdBy: String(server.userId('alice')) },
    });
    const { taskId } = made.body as Required<M.CurationTask>;
    expect(await bob.get(`/curation/task/${taskId}`)).toMatchObject({
      status: 200,
      body: made.body,
    });
    expect(await alice.post('/curation/task', body)).toEqual(
      refusal(400, 'A curation task with the specified data type already exists in this project.'),
    );
    const other = await make();
    const renamed = { ...other, dataType: (body as M.CurationTask).dataType };
    expect(await alice.put(`/curation/task/${other.taskId}`, renamed)).toEqual(
      refusal(400, 'A curation task with the specified data type already exists in this project.'),
    );
  });

  test('is not made without what it is about', async () => {
    const recordBased = `${metadata}.RecordBasedMetadataTaskProperties`;
    const refused: [object, number, unknown][] = [
      [{ dataType: null }, 400, 'dataType is required.'],
      [{ dataType: ' ' }, 400, expect.stringContaining('dataType is required')],
      [{ projectId: null }, 400, 'projectId is required.'],
      [{ projectId: 'syn99' }, 404, expect.any(String)],
      [{ assigneePrincipalId: '99' }, 400, expect.any(String)],
      [{ taskProperties: null }, 400, 'taskProperties is required.'],
      [{ taskProperties: { concreteType: 'x' } }, 400, expect.any(String)],
      [
        { taskProperties: { ...fileBased(), fileViewId: folder.id } },
        400,
        'The fileViewId must be an EntityView.',
      ],
      [
        { taskProperties: { ...fileBased(), uploadFolderId: view.id } },
        400,
        'The uploadFolderId must be a Folder or Project.',
      ],
      [
        { taskProperties: { ...fileBased(), uploadFolderId: null } },
        400,
        'uploadFolderId is required.',
      ],
      [{ taskProperties: { concreteType: recordBased } }, 400, 'recordSetId is required.'],
      [
        { taskProperties: { concreteType: recordBased, recordSetId: folder.id } },
        400,
        'The recordSetId must be a RecordSet.',
      ],
      [
        { taskProperties: { concreteType: recordBased, recordSetId: 'syn99' } },
        404,
        expect.any(String),
      ],
    ];
    for (const [fields, status, reason] of refused) {
      const answer = await server.alice.post('/curation/task', bodyOf(fields));
      expect([fields, answer]).toEqual([fields, refusal(status, reason)]);
    }
  });

  test('is managed by who may change the project', async () => {
    const { alice, bob } = server;
    const task = await make();
    const path = `/curation/task/${task.taskId}`;
    expect(await alice.put(path, { ...task, etag: 'stale' })).toEqual(
      refusal(
        412,
        'The curation task was updated since you last fetched it, please fetch it again and reapply your changes.',
      ),
    );
    expect(await alice.put(path, { ...task, etag: null })).toMatchObject({ status: 400 });
    const elsewhere = await alice.create('project', { name: 'Elsewhere' });
    expect(await alice.put(path, { ...task, projectId: elsewhere.id })).toEqual(
      refusal(400, 'The project for a MetadataTask cannot be changed.'),
    );
    expect(await bob.put(path, task)).toMatchObject({ status: 403 });
    const changed = await alice.put(path, { ...task, dataType: 'clinical', instructions: 'Now.' });
    expect(changed).toMatchObject({
      status: 200,
      body: { dataType: 'clinical', instructions: 'Now.', taskId: task.taskId },
    });
    expect((changed.body as M.CurationTask).etag).not.toBe(task.etag);
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    for (const gone of [await alice.get(path), await alice.get(`${path}/status`)]) {
      expect(gone).toEqual(refusal(404, `Task not found: ${task.taskId}`));
    }
  });

  test('is found in the list of its project', async () => {
    const { alice, bob, anonymous } = server;
    const list = async (fields: object, session = alice) => {
      const answer = await session.post('/curation/task/list', {
        projectId: project.id,
        ...fields,
      });
      expect(answer).toMatchObject({ status: 200 });
      return (answer.body as M.ListCurationTaskResponse).page.map(({ taskId }) => taskId);
    };
    const bobs = await make({ assigneePrincipalId: String(server.userId('bob')) });
    const begun = await make({ assigneePrincipalId: String(server.userId('carol')) });
    const path = `/curation/task/${begun.taskId}/status`;
    const { body } = await alice.get(path);
    expect((await alice.put(path, { ...(body as object), state: 'IN_PROGRESS' })).status).toBe(200);
    expect(await list({})).toEqual(expect.arrayContaining([bobs.taskId, begun.taskId]));
    expect(await list({ assignedToMe: true }, bob)).toEqual([bobs.taskId]);
    expect(await list({ assigneeIds: [begun.assigneePrincipalId] })).toEqual([begun.taskId]);
    expect(await list({ stateFilter: ['IN_PROGRESS'] })).toEqual([begun.taskId]);
    expect(await list({ stateFilter: ['CANCELED', 'COMPLETED'] })).toEqual([]);
    const refused: [object, number][] = [
      [{ assignedToMe: true, assigneeIds: ['1'] }, 400],
      [{ stateFilter: ['BORED'] }, 400],
      [{ projectId: null }, 400],
      [{ projectId: 'syn99' }, 404],
    ];
    for (const [fields, status] of refused) {
      const request = { projectId: project.id, ...fields };
      expect(await alice.post('/curation/task/list', request)).toMatchObject({ status });
    }
    expect(await anonymous.post('/curation/task/list', { projectId: project.id })).toMatchObject({
      status: 403,
    });
  });

  test('has a status that its assignee may change', async () => {
    const { bob, carol } = server;
    const { taskId } = await make({ assigneePrincipalId: String(server.userId('bob')) });
    const path = `/curation/task/${taskId}/status`;
    const status = (await bob.get(path)).body as { etag: string };
    expect(status).toEqual({
      taskId,
      etag: expect.any(String),
      state: 'NOT_STARTED',
    });
    const executionDetails = { concreteType: detailsType, activeSessionId: 'a grid' };
    const next = { ...status, state: 'IN_PROGRESS', executionDetails };
    expect(await carol.put(path, next)).toEqual(
      refusal(403, 'You must have UPDATE access on the project or be an assignee of the task.'),
    );
    const refused: [unknown, number][] = [
      [{ ...next, state: 'BORED' }, 400],
      [{ ...next, state: null }, 400],
      [{ ...next, etag: null }, 400],
      [{ ...next, etag: 'stale' }, 412],
      [{ ...next, executionDetails: { activeSessionId: 'a grid' } }, 400],
      [[], 400],
    ];
    for (const [body, expected] of refused) {
      expect([body, (await bob.put(path, body)).status]).toEqual([body, expected]);
    }
    expect(await bob.put(path, next)).toMatchObject({
      status: 200,
      body: { state: 'IN_PROGRESS', executionDetails, lastUpdatedBy: String(server.userId('bob')) },
    });
    expect(await bob.put(path, next)).toMatchObject({ status: 412 });
    expect(await bob.get(path)).toMatchObject({ body: { state: 'IN_PROGRESS', executionDetails } });
    expect(await bob.get('/curation/task/99/status')).toEqual(refusal(404, 'Task not found: 99'));
  });

  test('shares its etag with its status, which nobody has updated at first', async () => {
    const { alice } = server;
    const task = await make();
    const status = (await alice.get(`/curation/task/${task.taskId}/status`)).body as object;
    expect(status).toEqual({ taskId: task.taskId, state: 'NOT_STARTED', etag: task.etag });
    const next = await alice.put(`/curation/task/${task.taskId}/status`, {
      ...status,
      state: 'IN_PROGRESS',
    });
    expect(next).toMatchObject({ status: 200 });
    const { etag } = next.body as { etag: string };
    expect(etag).not.toBe(task.etag);
    expect(await alice.get(`/curation/task/${task.taskId}`)).toMatchObject({ body: { etag } });
    expect(await alice.put(`/curation/task/${task.taskId}`, task)).toMatchObject({ status: 412 });
  });

  test('is listed together with its status', async () => {
    const { alice } = server;
    const task = await make({ assigneePrincipalId: '273950' });
    const status = (await alice.get(`/curation/task/${task.taskId}/status`)).body;
    const answer = await alice.post('/curation/task/list', {
      projectId: project.id,
      assigneeIds: ['273950'],
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { page: [{ taskId: task.taskId }], bundlePage: [{ task, status }] },
    });
  });
});
