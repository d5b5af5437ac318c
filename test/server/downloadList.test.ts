import { inflateRawSync } from 'node:zlib';

import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { md5s, refusal, withSessions, type Session, type Stored } from './entitySession.js';
import { contentUrl, uploadFile } from './filesClient.js';

const server = withSessions();
const base = 'org.sagebionetworks.repo.model.download';
let project: Stored;
let small: Stored;
let external: Stored;
let count = 0;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Downloads' });
  small = await createFile({
    name: 'small.txt',
    dataFileHandleId: await storeFile(server.alice, 'small content', 'small.txt'),
  });
  external = await createFile({ name: 'external.txt' });
});

beforeEach(async () => {
  for (const session of [server.alice, server.bob]) {
    expect((await session.delete('/download/list')).status).toBe(200);
  }
});

async function createFile(fields: object = {}): Promise<Stored> {
  count += 1;
  const { alice } = server;
  return alice.create('file', {
    parentId: project.id,
    name: `file ${count}`,
    dataFileHandleId: await alice.createHandle(md5s.a),
    ...fields,
  });
}

function add(session: Session, ...batchToAdd: object[]): Promise<Answer> {
  return session.post('/download/list/add', { batchToAdd });
}

async function query<T>(session: Session, requestDetails: object): Promise<T> {
  const answer = await session.run('/download/list/query', { requestDetails });
  expect(answer.status).toBe(201);
  return (answer.body as { responseDetails: T }).responseDetails;
}

function available(session: Session, request: object = {}): Promise<M.AvailableFilesResponse> {
  return query(session, { concreteType: `${base}.AvailableFilesRequest`, ...request });
}

async function contentOf(session: Session, handleId: string): Promise<Buffer> {
  const response = await fetch(await contentUrl(session, handleId));
  return Buffer.from(await response.arrayBuffer());
}

async function storeFile(session: Session, content: string, fileName: string): Promise<string> {
  const fields = { fileName, contentType: 'text/plain' };
  return (await uploadFile(session, Buffer.from(content), fields)).id;
}

describe('the download list', () => {
  test('holds each version of a file once', async () => {
    const { alice } = server;
    const fileEntityId = small.id;
    expect(
      await add(
        alice,
        { fileEntityId },
        { fileEntityId: fileEntityId.slice(3), versionNumber: 1 },
        { fileEntityId },
        { fileEntityId: project.id },
        { fileEntityId: 'syn999' },
        { fileEntityId, versionNumber: 7 },
      ),
    ).toMatchObject({ status: 200, body: { numberOfFilesAdded: 3 } });
    expect(await add(alice, { fileEntityId })).toMatchObject({ body: { numberOfFilesAdded: 0 } });
    const remove = (...batchToRemove: object[]) =>
      alice.post('/download/list/remove', { batchToRemove });
    expect(
      await remove({ fileEntityId, versionNumber: 1 }, { fileEntityId: 'syn5' }),
    ).toMatchObject({ status: 200, body: { numberOfFilesRemoved: 1 } });
    expect((await available(alice)).page).toEqual([
      {
        fileEntityId,
        fileName: 'small.txt',
        addedOn: expect.any(String),
        projectId: project.id,
        projectName: 'Downloads',
        createdBy: String(server.userId('alice')),
        createdOn: small.createdOn,
        fileSizeBytes: 13,
        isEligibleForPackaging: true,
        fileHandleId: small.dataFileHandleId,
      },
    ]);
    expect(await alice.delete('/download/list')).toMatchObject({ status: 200 });
    expect((await available(alice)).page).toEqual([]);
  });

  test.each<[unknown]>([
    [{}],
    [{ batchToAdd: [] }],
    [{ batchToAdd: [{}] }],
    [{ batchToAdd: [{ fileEntityId: 'banana' }] }],
    [{ batchToAdd: [{ fileEntityId: 'syn1', versionNumber: 0 }] }],
    [{ batchToAdd: Array.from({ length: 1001 }, () => ({ fileEntityId: 'syn1' })) }],
    [{ batchToAdd: 'all' }],
    ['{'],
  ])('takes nothing from %.60j', async (body) => {
    const { alice } = server;
    expect(await alice.post('/download/list/add', body)).toEqual(refusal(400, expect.any(String)));
    expect((await available(alice)).page).toEqual([]);
  });

  test('is nothing that nobody has', async () => {
    const { anonymous } = server;
    expect(await add(anonymous, { fileEntityId: small.id })).toMatchObject({ status: 403 });
    expect(await anonymous.delete('/download/list')).toMatchObject({ status: 403 });
    expect(
      await anonymous.run('/download/list/manifest', {
        concreteType: `${base}.DownloadListManifestRequest`,
      }),
    ).toMatchObject({ status: 403 });
  });

  test('shows in pages what can be downloaded', async () => {
    const { alice } = server;
    await add(alice, { fileEntityId: external.id }, { fileEntityId: small.id, versionNumber: 1 });
    const ids = async (request: object) =>
      (await available(alice, request)).page?.map(({ fileEntityId }) => fileEntityId);
    expect(await ids({})).toEqual([small.id, external.id]);
    const bySize = { field: 'fileSize', direction: 'DESC' };
    expect(await ids({ sort: [bySize] })).toEqual([small.id, external.id]);
    expect(
      await ids({ sort: [{ field: 'projectName' }, { field: 'fileName', direction: 'ASC' }] }),
    ).toEqual([external.id, small.id]);
    expect(await ids({ filter: 'eligibleForPackaging' })).toEqual([small.id]);
    expect(await ids({ filter: 'ineligibleForPackaging' })).toEqual([external.id]);
    expect(await available(alice, { nextPageToken: '1a0' })).toMatchObject({
      page: [{ fileEntityId: small.id }],
      nextPageToken: '1a1',
    });
    for (const [details, status] of [
      [{ concreteType: `${base}.AvailableFilesRequest`, nextPageToken: 'x' }, 400],
      [{ concreteType: `${base}.AvailableFilesRequest`, sort: [{}] }, 400],
      [undefined, 400],
    ]) {
      expect(await alice.run('/download/list/query', { requestDetails: details })).toMatchObject({
        status,
      });
    }
  });

  test('tells what stands in the way of the rest', async () => {
    const { alice, bob } = server;
    const shared = await createFile();
    const acl = {
      id: shared.id,
      resourceAccess: [
        {
          principalId: server.userId('alice'),
          accessType: ['READ', 'DOWNLOAD', 'UPDATE', 'DELETE', 'CHANGE_PERMISSIONS'],
        },
        { principalId: server.userId('bob'), accessType: ['READ'] },
      ],
    };
    expect((await alice.post(`/entity/${shared.id}/acl`, acl)).status).toBe(201);
    await add(
      bob,
      { fileEntityId: shared.id },
      { fileEntityId: small.id },
      { fileEntityId: external.id },
    );
    await bob.create('project', { name: "Bob's downloads" });
    const number = (id: string) => Number(id.slice(3));
    const required = await query<M.ActionRequiredResponse>(bob, {
      concreteType: `${base}.ActionRequiredRequest`,
    });
    expect(required.page).toEqual([
      {
        action: { concreteType: `${base}.RequestDownload`, benefactorId: number(project.id) },
        count: 2,
      },
      {
        action: { concreteType: `${base}.RequestDownload`, benefactorId: number(shared.id) },
        count: 1,
      },
    ]);
    const statistics = { concreteType: `${base}.FilesStatisticsRequest` };
    expect(await query(bob, statistics)).toMatchObject({
      totalNumberOfFiles: 3,
      numberOfFilesAvailableForDownload: 0,
      numberOfFilesRequiringAction: 3,
    });
    await add(alice, { fileEntityId: small.id }, { fileEntityId: external.id });
    expect(await query(alice, statistics)).toMatchObject({
      totalNumberOfFiles: 2,
      numberOfFilesAvailableForDownload: 2,
      numberOfFilesAvailableForDownloadAndEligibleForPackaging: 1,
      numberOfFilesRequiringAction: 0,
      sumOfFileSizesAvailableForDownload: 23,
    });
  });
});

describe('adding what the server finds', () => {
  test('takes the files of a container alone or with everything below', async () => {
    const { alice, bob } = server;
    const folder = await alice.create('folder', { name: 'top', parentId: project.id });
    const below = await alice.create('folder', { name: 'below', parentId: folder.id });
    await createFile({ parentId: folder.id });
    await createFile({ parentId: below.id });
    const request = (fields: object) => ({
      concreteType: `${base}.AddToDownloadListRequest`,
      ...fields,
    });
    const stats = await alice.run('/download/list/add/stats', {
      concreteType: `${base}.AddToDownloadListStatsRequest`,
      request: request({ parentId: folder.id, recursive: true }),
    });
    expect(stats).toMatchObject({ status: 201, body: { fileCount: 2, fileSize: 20 } });
    const addAll = (session: Session, fields: object) =>
      session.run('/download/list/add', request(fields));
    expect(await addAll(alice, { parentId: folder.id })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 1 },
    });
    expect((await available(alice)).page).toMatchObject([{ versionNumber: 1 }]);
    expect(
      await addAll(alice, { parentId: folder.id, recursive: true, useVersionNumber: false }),
    ).toMatchObject({ body: { numberOfFilesAdded: 2 } });
    expect(await addAll(bob, { parentId: folder.id })).toMatchObject({ status: 403 });
    for (const fields of [
      {},
      { parentId: 'x' },
      { parentId: folder.id, query: { sql: 'select * from syn1' } },
    ]) {
      expect(await addAll(alice, fields)).toMatchObject({ status: 400 });
    }
    expect(await addAll(alice, { parentId: small.id })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 0 },
    });
    expect((await available(alice)).page).toHaveLength(3);
  });
});

describe('adding the rows of a query', () => {
  test('takes no rows whose numbers are no ids of files', async () => {
    const { alice } = server;
    const column = await alice.post('/column', { name: 'name', columnType: 'STRING' });
    const columnIds = [(column.body as { id: string }).id];
    const table = await alice.create('table', { name: 'table', parentId: project.id, columnIds });
    const addQuery = (session: Session, sql: string) =>
      session.run('/download/list/add', {
        concreteType: `${base}.AddToDownloadListRequest`,
        query: { sql },
      });
    const sql = `select * from ${table.id}`;
    expect(await addQuery(alice, sql)).toEqual(
      refusal(
        400,
        `'${table.id}' is not a file view or a dataset, the query.selectFileColumn must be specified`,
      ),
    );
    expect(await addQuery(alice, 'select nothing')).toMatchObject({ status: 400 });
    expect((await available(alice)).page).toEqual([]);
  });
});

describe('what is made of the list', () => {
  test('a manifest lists the files with their annotations', async () => {
    const { alice } = server;
    const manifest = (fields: object = {}) =>
      alice.run('/download/list/manifest', {
        concreteType: `${base}.DownloadListManifestRequest`,
        ...fields,
      });
    expect(await manifest()).toEqual(refusal(400, 'No files available for download.'));
    const annotated = await createFile({ name: "with, comma's.txt" });
    const annotations = {
      id: annotated.id,
      etag: annotated.etag,
      annotations: {
        tissue: { type: 'STRING', value: ['brain "left"'] },
        ages: { type: 'LONG', value: ['1', '2'] },
      },
    };
    expect((await alice.put(`/entity/${annotated.id}/annotations2`, annotations)).status).toBe(200);
    await add(alice, { fileEntityId: annotated.id }, { fileEntityId: small.id, versionNumber: 1 });
    const done = await manifest();
    expect(done.status).toBe(201);
    const { resultFileHandleId } = done.body as M.DownloadListManifestResponse;
    const lines = (await contentOf(alice, resultFileHandleId)).toString().split('\n');
    const alices = String(server.userId('alice'));
    expect(lines[0]).toBe(
      quotedCsv(
        'ID,name,versionNumber,contentType,dataFileSizeBytes,createdBy,createdOn,modifiedBy,modifiedOn,parentId,synapseURL,dataFileMD5Hex,ages,tissue',
      ),
    );
    expect(lines[1]).toContain(quotedCsv(`${small.id},small.txt,1,text/plain,13,`));
    expect(lines[2]).toMatch(
      new RegExp(`^"${annotated.id}","with, comma's.txt","1",.*,"10","${alices}",`),
    );
    expect(lines[2]).toContain(',"[1, 2]",');
    expect(lines[2]).toMatch(/,"brain ""left"""$/);
    expect(lines).toHaveLength(4);
    const tabbed = await manifest({
      csvTableDescriptor: {
        separator: '\t',
        quoteCharacter: "'",
        escapeCharacter: '/',
        lineEnd: '\n',
        isFirstLineHeader: false,
      },
    });
    const other = (tabbed.body as M.DownloadListManifestResponse).resultFileHandleId;
    const text = (await contentOf(alice, other)).toString();
    expect(text.split('\n')[1]).toContain(`'${annotated.id}'\t'with, comma''s.txt'\t'1'\t`);
    expect(text.split('\n')[0]).toContain(`'small.txt'\t'1'\t'text//plain'\t`);
    expect(await manifest({ csvTableDescriptor: { separator: '--' } })).toMatchObject({
      status: 400,
    });
    const { bob } = server;
    expect(await bob.get(`/file/v1/fileHandle/${resultFileHandleId}`)).toMatchObject({
      status: 403,
    });
  });

  test('a package holds the files under names of their own', async () => {
    const { alice } = server;
    const pack = (fields: object = {}) =>
      alice.run('/download/list/package', {
        concreteType: `${base}.DownloadListPackageRequest`,
        ...fields,
      });
    await add(alice, { fileEntityId: external.id });
    expect(await pack()).toEqual(refusal(400, 'No files are eligible for packaging.'));
    const again = await createFile({
      name: 'another',
      dataFileHandleId: await storeFile(alice, 'x'.repeat(100_000), 'small.txt'),
    });
    await add(alice, { fileEntityId: small.id }, { fileEntityId: again.id });
    expect(await pack({ zipFileName: '../evil.zip' })).toMatchObject({ status: 400 });
    const done = await pack({ zipFileName: 'mine.zip', includeManifest: true });
    expect(done.status).toBe(201);
    const { resultFileHandleId } = done.body as M.DownloadListPackageResponse;
    expect(await alice.get(`/file/v1/fileHandle/${resultFileHandleId}`)).toMatchObject({
      body: { fileName: 'mine.zip', contentType: 'application/zip' },
    });
    const entries = unzip(await contentOf(alice, resultFileHandleId));
    expect([...entries.keys()]).toEqual(['small.txt', 'small(1).txt', 'manifest.csv']);
    expect(entries.get('small.txt')).toBe('small content');
    expect(entries.get('small(1).txt')).toBe('x'.repeat(100_000));
    expect(entries.get('manifest.csv')).toContain(again.id);
  });
});

/** Reads the central directory and what it points to. */
function unzip(zip: Buffer): Map<string, string> {
  const entries = new Map<string, string>();
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const packedSize = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26);
    const content = inflateRawSync(zip.subarray(start, start + packedSize));
    expect(content.length).toBe(zip.readUInt32LE(at + 24));
    entries.set(zip.toString('utf8', at + 46, at + 46 + nameLength), content.toString());
    at += 46 + nameLength;
  }
  return entries;
}

describe('the list of file handles', () => {
  const association = (file: Stored) => ({
    fileHandleId: file.dataFileHandleId,
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
  });
  const list = '/file/v1/download/list';

  test('is managed by its owner', async () => {
    const { alice, bob } = server;
    expect(await alice.post('/file/v1/download/order?zipFileName=a.zip', undefined)).toMatchObject({
      status: 400,
    });
    const all = [association(small), association(external)];
    expect(await alice.post(`${list}/add`, { list: [...all, all[0]] })).toMatchObject({
      status: 201,
      body: { ownerId: String(server.userId('alice')), filesToDownload: all },
    });
    expect(await alice.post(`${list}/remove`, { list: [all[1]] })).toMatchObject({
      status: 201,
      body: { filesToDownload: [all[0]] },
    });
    const order = await alice.post('/file/v1/download/order?zipFileName=a.zip', undefined);
    expect(order).toMatchObject({
      status: 201,
      body: { files: [all[0]], totalNumberOfFiles: 1, totalSizeBytes: 13, zipFileName: 'a.zip' },
    });
    const { orderId } = order.body as { orderId: string };
    const path = `/file/v1/download/order/${orderId}`;
    expect(await alice.get(path)).toMatchObject({ status: 200, body: order.body });
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    expect(await alice.get('/file/v1/download/order/999')).toMatchObject({ status: 404 });
    expect(await alice.post('/file/v1/download/order/history', {})).toMatchObject({
      status: 201,
      body: { page: [{ orderId }] },
    });
    expect(await alice.get(list)).toMatchObject({ status: 200, body: { filesToDownload: [] } });
    const added = await alice.run(`${list}/add`, {
      concreteType: 'org.sagebionetworks.repo.model.file.AddFileToDownloadListRequest',
      folderId: project.id,
    });
    expect(added.status).toBe(201);
    expect((await alice.get(list)).body).not.toMatchObject({ filesToDownload: [] });
    expect(await alice.delete(list)).toMatchObject({ status: 200 });
    expect(await alice.get(list)).toMatchObject({ body: { filesToDownload: [] } });
  });

  test.each<[unknown]>([[{}], [{ list: [{ fileHandleId: '1' }] }], ['[']])(
    'takes nothing from %j',
    async (body) => {
      expect(await server.alice.post(`${list}/add`, body)).toMatchObject({ status: 400 });
      expect(await server.alice.get(list)).toMatchObject({ body: { filesToDownload: [] } });
    },
  );

  test('is nothing that nobody has', async () => {
    expect(await server.anonymous.get(list)).toMatchObject({ status: 403 });
  });
});
