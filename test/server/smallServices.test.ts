import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { refusal, withSessions, type Stored } from './entitySession.js';
import { contentUrl, uploadFile } from './filesClient.js';

const server = withSessions();
let project: Stored;
let file: Stored;

beforeAll(async () => {
  const { alice } = server;
  project = await alice.create('project', { name: 'Small things' });
  const handle = await uploadFile(alice, Buffer.from('twelve bytes'), {
    contentType: 'text/plain',
  });
  const fields = { parentId: project.id, name: 'data.txt', dataFileHandleId: handle.id };
  file = await alice.create('file', fields);
});

describe('webhooks', () => {
  const body = () => ({
    objectId: project.id,
    objectType: 'ENTITY',
    eventTypes: ['CREATE', 'UPDATE'],
    invokeEndpoint: 'https://a1.execute-api.us-east-1.amazonaws.com/here',
    isEnabled: true,
  });

  test('belong to the users who make them', async () => {
    const { alice, bob, anonymous } = server;
    expect(await anonymous.post('/webhook', body())).toMatchObject({ status: 403 });
    expect(await bob.post('/webhook', body())).toEqual(
      refusal(403, 'You lack READ access to the synapse object specified by the webhook.'),
    );
    const made = await alice.post('/webhook', body());
    expect(made).toMatchObject({ status: 201, body: { ...body(), verificationStatus: 'PENDING' } });
    expect(await alice.post('/webhook', body())).toEqual(
      refusal(400, 'The same invokeEndpoint cannot be used for the same object.'),
    );
    const { id = '' } = made.body as M.Webhook;
    const path = `/webhook/${id}`;
    expect(await alice.post(`${path}/verify`, {})).toMatchObject({ status: 400 });
    for (const answer of [
      await bob.get(path),
      await bob.put(path, body()),
      await bob.put(`${path}/verificationCode`),
      await bob.delete(path),
    ]) {
      expect(answer).toMatchObject({ status: 403 });
    }
    expect(await alice.put(path, { ...body(), isEnabled: false })).toMatchObject({
      body: { verificationStatus: 'FAILED', isEnabled: false },
    });
    const elsewhere = {
      ...body(),
      invokeEndpoint: 'https://b2.execute-api.eu-west-1.amazonaws.com/',
    };
    expect(await alice.put(path, elsewhere)).toMatchObject({
      body: { verificationStatus: 'PENDING' },
    });
    expect(await alice.post('/webhook/list', {})).toMatchObject({ body: { page: [{ id }] } });
    expect(await bob.post('/webhook/list', {})).toMatchObject({ body: { page: [] } });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.delete(path)).toMatchObject({ status: 404 });
  });

  test.each([
    [{ objectId: null }],
    [{ objectType: null }],
    [{ isEnabled: null }],
    [{ eventTypes: [] }],
    [{ eventTypes: ['EXPLODE'] }],
    [{ invokeEndpoint: 'http://a1.execute-api.us-east-1.amazonaws.com/' }],
    [{ invokeEndpoint: 'https://user@a1.execute-api.us-east-1.amazonaws.com/' }],
    [{ invokeEndpoint: 'hooks' }],
  ])('are not made with %j', async (fields) => {
    expect(await server.alice.post('/webhook', { ...body(), ...fields })).toMatchObject({
      status: 400,
    });
    expect(await server.alice.post('/webhook/list', {})).toMatchObject({ body: { page: [] } });
  });
});

describe('storage', () => {
  test('is counted by project and location against a limit', async () => {
    const { alice, bob, admin } = server;
    const path = `/project/${project.id}/storage`;
    expect(await alice.get(`${path}/usage`)).toMatchObject({
      status: 200,
      body: {
        projectId: project.id,
        locations: [{ storageLocationId: 1, sumFileBytes: 12, isOverLimit: false }],
      },
    });
    expect(await bob.get(`${path}/usage`)).toMatchObject({ status: 403 });
    expect(await alice.get(`/project/${file.id}/storage/usage`)).toMatchObject({ status: 400 });
    const limit = { projectId: project.id, storageLocationId: 1, maxAllowedFileBytes: 10 };
    expect(await alice.put(`${path}/limit`, limit)).toMatchObject({ status: 403 });
    expect(await admin.put(`${path}/limit`, limit)).toMatchObject({ status: 200, body: limit });
    expect(await alice.get(`${path}/usage`)).toMatchObject({
      body: { locations: [{ maxAllowedFileBytes: 10, isOverLimit: true }] },
    });
    for (const fields of [{ maxAllowedFileBytes: -1 }, { projectId: 'syn1' }]) {
      expect(await admin.put(`${path}/limit`, { ...limit, ...fields })).toMatchObject({
        status: 400,
      });
    }
    expect(await admin.put(`${path}/limit`, { ...limit, storageLocationId: 999 })).toMatchObject({
      status: 404,
    });
  });

  test('is reported for all projects to those who may ask', async () => {
    const { alice, admin } = server;
    const report = async (session: typeof alice) => {
      const concreteType = 'org.sagebionetworks.repo.model.report.DownloadStorageReportRequest';
      const request = { concreteType, reportType: 'ALL_PROJECTS' };
      const started = await session.post('/storageReport/async/start', request);
      const { token } = started.body as { token: string };
      return session.get(`/storageReport/async/get/${token}`);
    };
    expect(await report(alice)).toMatchObject({ status: 403 });
    const done = await report(admin);
    expect(done.status).toBe(200);
    const { resultsFileHandleId = '' } = done.body as M.DownloadStorageReportResponse;
    const text = await (await fetch(await contentUrl(admin, resultsFileHandleId))).text();
    expect(text).toBe(
      quotedCsv(`projectId,projectName,sizeInBytes\n${project.id},Small things,12\n`),
    );
  });

  test('has statistics that count nothing', async () => {
    const { alice, bob } = server;
    const request = {
      concreteType: 'org.sagebionetworks.repo.model.statistics.ProjectFilesStatisticsRequest',
      objectId: project.id,
      fileUploads: false,
    };
    const answer = await alice.post('/statistics', request);
    expect(answer.status).toBe(200);
    const { fileDownloads, fileUploads } = answer.body as M.ProjectFilesStatisticsResponse;
    expect(fileDownloads?.months).toHaveLength(12);
    expect(fileUploads).toBeUndefined();
    expect(await bob.post('/statistics', request)).toMatchObject({ status: 403 });
    expect(await alice.post('/statistics', { ...request, objectId: file.id })).toMatchObject({
      status: 400,
    });
    expect(await alice.post('/statistics', { ...request, objectId: null })).toMatchObject({
      status: 400,
    });
  });
});

describe('the data repository service', () => {
  const drs = (user: 'alice' | 'bob', path: string) =>
    api(server.synapse, server.synapse.users[user].authToken).get(`/ga4gh/drs/v1${path}`);

  test('describes versions of files', async () => {
    expect(await drs('alice', '/service-info')).toMatchObject({
      status: 200,
      body: { type: { artifact: 'drs' } },
    });
    const path = `/objects/${file.id}.1`;
    const object = await drs('alice', path);
    expect(object).toMatchObject({
      status: 200,
      body: {
        id: `${file.id}.1`,
        name: 'data.txt',
        size: 12,
        mime_type: 'text/plain',
        version: '1',
        checksums: [{ type: 'md5' }],
        access_methods: [{ type: 'https' }],
      },
    });
    const { access_methods: [method] = [] } = object.body as M.DrsObject;
    const access = await drs('alice', `${path}/access/${method?.access_id ?? ''}`);
    expect(access.status).toBe(200);
    const content = await fetch((access.body as { url: string }).url);
    expect(await content.text()).toBe('twelve bytes');
    expect(await drs('alice', `${path}/access/other`)).toMatchObject({ status: 400 });
    expect(await drs('bob', path)).toMatchObject({
      status: 403,
      body: { status_code: 403, msg: expect.any(String) },
    });
    expect(await drs('alice', `/objects/${file.id}`)).toMatchObject({
      status: 400,
      body: { msg: 'Entity ID must include version. e.g syn123.1' },
    });
    expect(await drs('alice', `/objects/${project.id}.1`)).toMatchObject({ status: 400 });
    expect(await drs('alice', '/objects/syn99.1')).toMatchObject({ status: 404 });
    expect(await drs('alice', `/objects/${file.id}.9`)).toMatchObject({ status: 404 });
  });

  test('lists the items of datasets', async () => {
    const { alice } = server;
    const dataset = await alice.create('dataset', {
      parentId: project.id,
      name: 'Set',
      items: [{ entityId: file.id, versionNumber: 1 }],
    });
    expect(await drs('alice', `/objects/${dataset.id}.1`)).toMatchObject({
      status: 200,
      body: { contents: [{ id: `${file.id}.1` }] },
    });
    expect(await drs('alice', `/objects/${dataset.id}.1?expand=true`)).toMatchObject({
      status: 400,
    });
  });
});

describe('the download of many files', () => {
  test('packs only what the caller may download', async () => {
    const { alice, bob } = server;
    const external = await alice.createHandle('0cc175b9c0f1b6a831c399e269772661');
    const association = {
      fileHandleId: file.dataFileHandleId,
      associateObjectId: file.id,
      associateObjectType: 'FileEntity',
    };
    const requested = [
      association,
      association,
      { ...association, fileHandleId: external },
      { ...association, fileHandleId: '999' },
    ];
    const bulk = async (session: typeof alice, request: object) => {
      const concreteType = 'org.sagebionetworks.repo.model.file.BulkFileDownloadRequest';
      const path = '/file/v1/file/bulk/async';
      const started = await session.post(`${path}/start`, { concreteType, ...request });
      expect(started.status).toBe(201);
      return session.get(`${path}/get/${(started.body as { token: string }).token}`);
    };
    const id = file.dataFileHandleId ?? '';
    const done = await bulk(alice, { requestedFiles: requested, zipFileName: 'all.zip' });
    expect(done).toMatchObject({
      status: 201,
      body: {
        fileSummary: [
          { status: 'SUCCESS', zipEntryName: `${Number(id) % 1000}/${id}/data.bin` },
          { status: 'FAILURE', failureCode: 'DUPLICATE' },
          { status: 'FAILURE', failureCode: 'UNKNOWN_ERROR' },
          { status: 'FAILURE', failureCode: 'UNAUTHORIZED' },
        ],
      },
    });
    const { resultZipFileHandleId = '' } = done.body as M.BulkFileDownloadResponse;
    const zip = await (await fetch(await contentUrl(alice, resultZipFileHandleId))).arrayBuffer();
    expect(Buffer.from(zip).includes(`${id}/data.bin`)).toBe(true);
    const refused = await bulk(bob, { requestedFiles: [association], zipFileFormat: 'Flat' });
    expect(refused).toMatchObject({ body: { fileSummary: [{ failureCode: 'UNAUTHORIZED' }] } });
    expect(refused.body).not.toHaveProperty('resultZipFileHandleId');
    for (const request of [
      {},
      { requestedFiles: [{}] },
      { requestedFiles: requested, zipFileName: '../up.zip' },
    ]) {
      expect(await bulk(alice, request)).toMatchObject({ status: 400 });
    }
  });
});

describe('the certification quiz', () => {
  test('certifies those who have everything right', async () => {
    const { carol, admin, anonymous } = server;
    const quiz = (await carol.get('/certifiedUserTest')).body as Required<M.Quiz>;
    expect(JSON.stringify(quiz)).not.toContain('isCorrect');
    const answers = (...indexes: number[]) => ({
      quizId: quiz.id,
      questionResponses: indexes.map((answer, questionIndex) => ({
        concreteType: 'org.sagebionetworks.repo.model.quiz.MultichoiceResponse',
        questionIndex,
        answerIndex: [answer],
      })),
    });
    const submit = (body: object) => carol.post('/certifiedUserTestResponse', body);
    expect(await submit(answers(0, 0))).toMatchObject({
      status: 201,
      body: { passed: false, score: 1, certified: false },
    });
    const bundle = `/user/${server.userId('carol')}/bundle?mask=8`;
    expect(await carol.get(bundle)).toMatchObject({ body: { isCertified: false } });
    const passed = await submit(answers(1, 0));
    expect(passed).toMatchObject({ status: 201, body: { passed: true, certified: true } });
    expect(await carol.get(bundle)).toMatchObject({ body: { isCertified: true } });
    const record = `/user/${server.userId('carol')}/certifiedUserPassingRecord`;
    expect(await anonymous.get(record)).toMatchObject({ body: { passed: true, revoked: false } });
    expect(await server.bob.get(`${record}s`)).toMatchObject({ status: 403 });
    for (const session of [carol, admin]) {
      expect(await session.get(`${record}s`)).toMatchObject({
        status: 200,
        body: { results: [{ passed: false }, { passed: true }], totalNumberOfResults: 2 },
      });
    }
    expect(await submit(answers(1, 0))).toMatchObject({ status: 403 });
    const revoke = `/user/${server.userId('carol')}/revokeCertification`;
    expect(await carol.put(revoke)).toMatchObject({ status: 403 });
    expect(await admin.put(revoke)).toMatchObject({
      body: { passed: true, certified: false, revoked: true },
    });
    expect(await carol.get(bundle)).toMatchObject({ body: { isCertified: false } });
    const twice = answers(1, 0).questionResponses.map((response) => ({
      ...response,
      questionIndex: 0,
    }));
    expect(await submit({ questionResponses: twice })).toMatchObject({ status: 400 });
    expect(await submit(answers(1, 0, 0))).toMatchObject({ status: 400 });
    expect(await anonymous.post('/certifiedUserTestResponse', answers(1, 0))).toMatchObject({
      status: 403,
    });
    const list = `/admin/certifiedUserTestResponse?principalId=${server.userId('carol')}`;
    expect(await carol.get(list)).toMatchObject({ status: 403 });
    expect(await admin.get(list)).toMatchObject({ body: { totalNumberOfResults: 2 } });
    const { responseId = 0 } = passed.body as M.PassingRecord;
    const path = `/admin/certifiedUserTestResponse/${responseId}`;
    expect(await carol.delete(path)).toMatchObject({ status: 403 });
    expect(await admin.delete(path)).toMatchObject({ status: 200 });
    expect(await admin.delete(path)).toMatchObject({ status: 404 });
  });
});

describe('the rest', () => {
  test('pictures in profiles are public', async () => {
    const { alice, anonymous } = server;
    const { id } = await uploadFile(alice, Buffer.from('a picture'), { contentType: 'image/png' });
    const path = `/userProfile/${server.userId('alice')}/image`;
    expect(await anonymous.get(`${path}?redirect=false`)).toMatchObject({ status: 404 });
    const profile = (await alice.get('/userProfile')).body as object;
    const changed = { ...profile, profilePicureFileHandleId: id };
    expect((await alice.put('/userProfile', changed)).status).toBe(200);
    const url = await anonymous.get(`${path}?redirect=false`);
    expect(url.status).toBe(200);
    expect(await (await fetch(String(url.body))).text()).toBe('a picture');
    expect(await anonymous.get(`${path}/preview?redirect=false`)).toMatchObject({ status: 404 });
    expect(await alice.delete(`/file/v1/fileHandle/${id}`)).toMatchObject({ status: 409 });
  });

  test('models of the API are served by their class', async () => {
    const { anonymous } = server;
    const list = (await anonymous.get('/REST/resources')).body as M.RestResourceList;
    expect(list.list).toContain('org.sagebionetworks.repo.model.FileEntity');
    const query = '?resourceId=org.sagebionetworks.repo.model.table.Dataset';
    expect(await anonymous.get(`/REST/resources/schema${query}`)).toMatchObject({
      status: 200,
      body: { properties: { items: { type: 'array' } } },
    });
    expect(await anonymous.get(`/REST/resources/effectiveSchema${query}`)).toMatchObject({
      status: 200,
      body: { definitions: { EntityRef: { type: 'object' } } },
    });
    expect(await anonymous.get('/REST/resources/schema?resourceId=x')).toMatchObject({
      status: 404,
    });
  });

  test('an address for notifications stays with its user', async () => {
    const { alice, anonymous } = server;
    const { email } = (await alice.get('/notificationEmail')).body as { email: string };
    const path = `/email?email=${encodeURIComponent(email)}`;
    expect(await alice.delete(path)).toMatchObject({ status: 400 });
    expect(await alice.delete('/email?email=other@example.org')).toMatchObject({ status: 404 });
    expect(await anonymous.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.get('/notificationEmail')).toMatchObject({ body: { email } });
  });

  test('there is one realm', async () => {
    const { alice } = server;
    expect(await alice.get('/realm/0')).toMatchObject({ status: 200, body: { name: 'Synapse' } });
    expect(await alice.get('/realm/1')).toMatchObject({ status: 404 });
  });

  test('log entries are taken', async () => {
    const { alice } = server;
    expect(await alice.post('/log', { label: 'x', message: 'y' })).toMatchObject({ status: 200 });
    expect(await alice.post('/log', {})).toMatchObject({ status: 400 });
  });
});
