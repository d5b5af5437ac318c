import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
import { Session, classes, refusal, withSessions, type Stored } from './entitySession.js';
import {
  add,
  begin,
  bytesOf,
  complete,
  fileTypes,
  mebibyte,
  md5Of,
  partUrls,
  sendPart,
  storage,
  uploadRequest,
} from './filesClient.js';

/** What the Python client sends with every request, also with those that have no body. */
const clientHeaders = {
  accept: 'application/json; charset=UTF-8',
  'content-type': 'application/json; charset=UTF-8',
  'user-agent': 'synapseclient/4.13.0 python-httpx/0.27.2',
};

const server = withSessions();
let python: Session;
let authorization: string;
let project: Stored;
beforeAll(async () => {
  const { authToken } = server.synapse.users.alice;
  authorization = `Bearer ${authToken}`;
  python = new Session(api(server.synapse, authToken, clientHeaders));
  project = await python.create('project', { name: 'Python' });
});

const bundleRequest = {
  includeEntity: true,
  includeAnnotations: true,
  includeFileHandles: true,
  includeRestrictionInformation: true,
};

/** Uploads to where the parent wants it, as the client does. */
async function upload(content: Buffer, parentId: string): Promise<string> {
  const { body } = await python.get(`/file/v1/entity/${parentId}/uploadDestination`);
  const { storageLocationId } = body as { storageLocationId: number };
  const { uploadId } = await begin(
    python,
    uploadRequest(content, { storageLocationId, generatePreview: true }),
    '?forceRestart=false',
  );
  await sendPart(python, uploadId, { number: 1, content });
  const completed = await complete(python, uploadId);
  return (completed.body as { resultFileHandleId: string }).resultFileHandleId;
}

async function storeFile(name: string, content: Buffer, fields: object = {}): Promise<Stored> {
  const lookup = { parentId: project.id, entityName: name };
  expect(await python.post('/entity/child', lookup)).toMatchObject({ status: 404 });
  const dataFileHandleId = await upload(content, project.id);
  return python.create('file', { name, parentId: project.id, dataFileHandleId, ...fields });
}

describe('a file', () => {
  const content = bytesOf(100, 71);
  const association = (file: Stored) => ({
    // The client sends the number that it keeps as a key of its cache.
    fileHandleId: Number(file.dataFileHandleId),
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
  });
  let file: Stored;
  beforeAll(async () => {
    file = await storeFile('data.txt', content, {
      versionComment: null,
      description: null,
      path: '/home/me/data.txt',
      synapseStore: true,
    });
  });

  test('is read back with its handle', async () => {
    expect(file).toMatchObject({ versionNumber: 1, versionLabel: '1', isLatestVersion: true });
    expect(file).not.toHaveProperty('path');
    const bundle = await python.post(`/entity/${file.id}/bundle2`, bundleRequest);
    expect(bundle).toMatchObject({
      status: 200,
      body: {
        entity: file,
        annotations: { id: file.id, etag: file.etag, annotations: {} },
        fileHandles: [{ id: file.dataFileHandleId, contentMd5: md5Of(content), isPreview: false }],
        restrictionInformation: { hasUnmetAccessRequirement: false },
      },
    });
  });

  test('is downloaded from where it stopped', async () => {
    const batch = await python.post('/file/v1/fileHandle/batch', {
      requestedFiles: [association(file)],
      includeFileHandles: true,
      includePreSignedURLs: true,
    });
    const { requestedFiles } = batch.body as Required<M.BatchFileResult>;
    const [found] = requestedFiles;
    expect(found).toMatchObject({ fileHandleId: file.dataFileHandleId });
    const headers = { ...clientHeaders, authorization };
    const url = found?.preSignedURL ?? '';
    const whole = await storage(url, { headers });
    expect([whole.status, whole.body.equals(content)]).toEqual([200, true]);
    const rest = await storage(url, { headers: { ...headers, range: 'bytes=40-8388607' } });
    expect(rest).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 40-99/100', 'content-length': '60' },
    });
    expect(rest.body.equals(content.subarray(40))).toBe(true);
    const nothing = await storage(url, { headers: { ...headers, range: 'bytes=100-' } });
    expect(nothing.status).toBe(416);
  });

  test('keeps its version when nothing of its content changes', async () => {
    const sent = { ...file, versionComment: null, name: 'renamed.txt' };
    const answer = await python.put(`/entity/${file.id}`, sent);
    expect(answer).toMatchObject({ status: 200, body: { versionNumber: 1, name: sent.name } });
    file = answer.body as Stored;
  });

  test('that is stale is refused as stale before anything else', async () => {
    const newVersion = `/entity/${file.id}?newVersion=true`;
    const stale = file;
    const answer = await python.put(newVersion, { ...file, versionLabel: 'two' });
    expect(answer).toMatchObject({ status: 200, body: { versionLabel: 'two' } });
    file = answer.body as Stored;
    expect(await python.put(newVersion, { ...stale, versionLabel: 'two' })).toEqual(
      refusal(412, expect.stringContaining('was updated since you last fetched it')),
    );
    expect(await python.put(newVersion, file)).toEqual(
      refusal(400, "The label 'two' has already been used for a version of this entity"),
    );
  });

  test('has versions up to an empty last page', async () => {
    file = await python.update(file, { versionLabel: undefined }, '?newVersion=true');
    const versions = async (offset: number) => {
      const answer = await python.get(`/entity/${file.id}/version?limit=20&offset=${offset}`);
      const { results } = answer.body as Required<M.PaginatedResultsOfVersionInfo>;
      return results.map(({ versionNumber }) => versionNumber);
    };
    const [latest] = await versions(0);
    expect(latest).toBe(file.versionNumber);
    expect(await versions(20)).toEqual([]);
  });

  test('is copied by the number of its entity alone', async () => {
    const originalFile = { ...association(file), associateObjectId: file.id.slice(3) };
    const answer = await python.post('/file/v1/filehandles/copy', {
      copyRequests: [{ originalFile, newContentType: 'text/json', newFileName: null }],
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        copyResults: [
          {
            originalFileHandleId: file.dataFileHandleId,
            newFileHandle: { fileName: 'data.bin', contentType: 'text/json' },
          },
        ],
      },
    });
  });

  test('is migrated with its name to a location given as text', async () => {
    const location = await python.post('/storageLocation', {
      concreteType: 'org.sagebionetworks.repo.model.project.S3StorageLocationSetting',
      uploadType: 'S3',
      banner: null,
      description: null,
    });
    const { storageLocationId } = location.body as { storageLocationId: number };
    const { uploadId, partsState } = await begin(python, {
      concreteType: `${fileTypes}.MultipartUploadCopyRequest`,
      sourceFileHandleAssociation: association(file),
      storageLocationId: String(storageLocationId),
      fileName: null,
      partSizeBytes: 100 * mebibyte,
      generatePreview: true,
    });
    expect(partsState).toBe('0');
    const [part] = await partUrls(python, uploadId, [1]);
    const { uploadPresignedUrl = '', signedHeaders } = part ?? {};
    const put = await storage(uploadPresignedUrl, {
      method: 'PUT',
      headers: signedHeaders as Record<string, string>,
    });
    // The answer of the storage is all that the client knows of the part.
    const md5 = /<ETag>(?:&quot;|")([0-9a-f]{32})(?:&quot;|")<\/ETag>/.exec(put.body.toString());
    const added = await add(python, uploadId, { number: 1, md5: md5?.[1] ?? '' });
    expect(added).toMatchObject({ body: { addPartState: 'ADD_SUCCESS' } });
    const { body } = await complete(python, uploadId);
    const newFileHandleId = (body as { resultFileHandleId: string }).resultFileHandleId;
    expect(await python.get(`/file/v1/fileHandle/${newFileHandleId}`)).toMatchObject({
      body: { fileName: 'data.bin', contentMd5: md5Of(content), storageLocationId },
    });
    const replaced = { oldFileHandleId: file.dataFileHandleId, newFileHandleId };
    expect(
      await python.put(`/entity/${file.id}/version/${file.versionNumber}/filehandle`, replaced),
    ).toMatchObject({
      status: 200,
    });
    expect(await python.read(file.id)).toMatchObject({
      dataFileHandleId: newFileHandleId,
      versionNumber: file.versionNumber,
    });
  });

  test('in the trash is named in every answer', async () => {
    const gone = await storeFile('gone.txt', bytesOf(10, 72));
    expect(await python.delete(`/entity/${gone.id}`)).toMatchObject({ status: 204 });
    const path = `/entity/${gone.id}`;
    const inTrash = refusal(404, `Entity ${gone.id} is in trash can.`);
    for (const part of ['', '/type', '/annotations2', '/acl', '/version/1', '/path']) {
      expect([part, await python.get(path + part)]).toEqual([part, inTrash]);
    }
    expect(await python.post(`${path}/bundle2`, bundleRequest)).toEqual(inTrash);
    expect(await python.post(`${path}/version/1/bundle2`, bundleRequest)).toEqual(inTrash);
    expect(await python.put(path, gone)).toEqual(inTrash);
  });
});

describe('a file elsewhere', () => {
  const create = (externalURL: string, fields: object = {}) =>
    python.post('/file/v1/externalFileHandle', {
      concreteType: `${fileTypes}.ExternalFileHandle`,
      externalURL,
      fileName: externalURL.slice(externalURL.lastIndexOf('/') + 1),
      contentMd5: null,
      contentSize: null,
      contentType: null,
      ...fields,
    });

  test('may have an empty name', async () => {
    const answer = await create('https://example.org/');
    expect(answer).toMatchObject({ status: 200, body: { externalURL: 'https://example.org/' } });
    expect(answer.body).not.toHaveProperty('contentMd5');
    expect(answer.body).not.toHaveProperty('contentSize');
  });

  test('is taken as it is described', async () => {
    const told = { contentMd5: '1234567890', contentSize: 123, contentType: 'text/plain' };
    expect(await create('https://example.org/x', told)).toMatchObject({ status: 200, body: told });
    const externalURL = 'file:///home/me/some%20data.txt';
    const { body } = await create(externalURL);
    const { id } = body as { id: string };
    const file = await python.create('file', { parentId: project.id, dataFileHandleId: id });
    const requestedFiles = [
      { fileHandleId: id, associateObjectId: file.id, associateObjectType: 'FileEntity' },
    ];
    expect(
      await python.post('/file/v1/fileHandle/batch', {
        requestedFiles,
        includeFileHandles: true,
        includePreSignedURLs: true,
      }),
    ).toMatchObject({ body: { requestedFiles: [{ preSignedURL: externalURL }] } });
    const redirected = await api(server.synapse, server.synapse.users.alice.authToken).get(
      `/repo/v1/entity/${file.id}/file`,
      { headers: { ...clientHeaders, range: 'bytes=10-' } },
    );
    expect(redirected.status).toBe(307);
    expect(redirected.headers.get('location')).toBe(externalURL);
  });
});

describe('other entities', () => {
  test('a project that exists is found by its name', async () => {
    const fields = { concreteType: classes.project, name: project.name, description: 'again' };
    expect(await python.post('/entity', fields)).toEqual(
      refusal(409, expect.stringContaining(`An entity with the name: ${project.name}`)),
    );
    const lookup = { parentId: null, entityName: project.name };
    expect(await python.post('/entity/child', lookup)).toMatchObject({
      status: 200,
      body: { id: project.id },
    });
    expect(await python.put(`/entity/${project.id}`, { ...project, ...fields })).toMatchObject({
      status: 200,
      body: { description: 'again' },
    });
  });

  test('a link has the version that it was given or none', async () => {
    const target = await python.create('folder', { parentId: project.id, name: 'target' });
    const linksTo = { targetId: target.id };
    const link = await python.create('link', { parentId: project.id, name: 'link', linksTo });
    expect(link).toHaveProperty('linksTo', linksTo);
    const fixed = { ...linksTo, targetVersionNumber: 1 };
    expect(
      await python.create('link', { parentId: project.id, name: 'fixed', linksTo: fixed }),
    ).toMatchObject({ linksTo: fixed });
  });

  test('a description is one wiki however often it is written', async () => {
    const folder = await python.create('folder', { parentId: project.id, name: 'described' });
    const path = `/entity/${folder.id}/wiki`;
    const root = `A root wiki does not exist for ownerId: ${folder.id} of type ENTITY`;
    expect(await python.get(path)).toEqual(refusal(404, root));
    const fields = { title: null, parentWikiId: null, attachmentFileHandleIds: [] };
    const made = await python.post(path, { ...fields, markdown: 'one' });
    expect(made).toMatchObject({ status: 201, body: { markdown: 'one' } });
    expect(await python.post(path, { ...fields, markdown: 'two' })).toMatchObject({ status: 409 });
    const found = await python.get(path);
    const page = found.body as Required<M.WikiPage>;
    await python.put(`${path}/${page.id}`, { ...page, markdown: 'two' });
    expect(await python.get(path)).toMatchObject({ body: { id: page.id, markdown: 'two' } });
  });
});
