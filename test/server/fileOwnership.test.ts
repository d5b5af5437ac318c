import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { schemas } from '../../generated/schemas.js';
import { classes, md5s, withSessions, type Stored } from './entitySession.js';
import { fileTypes } from './filesClient.js';
import { handleFields, handlePaths } from './handleFields.js';
import { csvFile, made, refusedUses, type Sender } from './handleUses.js';
import { partialRows, rowSet, schemaChange, TableSession } from './tableSession.js';

const server = withSessions();
const accessTeam = '464532';
let project: Stored;
let sender: Sender;
let foreign: string;

beforeAll(async () => {
  const { admin, alice, bob } = server;
  project = await bob.create('project', { name: 'Ownership' });
  sender = { session: bob, server, project };
  foreign = (await csvFile(alice)).id;
  // Requirements are written by the access team. Its members are no administrators.
  await made(admin.put(`/team/${accessTeam}/member/${server.userId('bob')}`));
});

/** How requests that do not attach a file to an object treat the handle of another user. */
const otherUses: Readonly<Record<string, string>> = {
  'asynchronousJob.startAsynchronousJob FileHandleAssociation.fileHandleId': 'answered by file',
  'asynchronousJob.startAsynchronousJob FileHandleRestoreRequest.fileHandleIds': 'answered by file',
  'entity.createEntity RecordSet.validationFileHandleId': 'set by the server alone',
  'entity.updateEntity RecordSet.validationFileHandleId': 'set by the server alone',
  'entity.updateEntityVersionFileHandle FileHandleUpdateRequest.oldFileHandleId':
    'compared with the current one',
  'entityBundle.createEntityBundle RecordSet.validationFileHandleId': 'set by the server alone',
  'entityBundle.updateEntityBundle RecordSet.validationFileHandleId': 'set by the server alone',
  'file.addToDownloadListV1 FileHandleAssociation.fileHandleId': 'checked at the download',
  'file.copyFileHandle S3FileHandle.previewId': 'set by the server alone',
  'file.copyFileHandleBatch FileHandleAssociation.fileHandleId': 'answered by file',
  'file.createExternalGoogleCloudFileHandle GoogleCloudFileHandle.previewId':
    'set by the server alone',
  'file.createExternalS3FileHandle S3FileHandle.previewId': 'set by the server alone',
  'file.getFileHandleBatch FileHandleAssociation.fileHandleId': 'answered by file',
  'file.removeFromDownloadListV1 FileHandleAssociation.fileHandleId': 'checked at the download',
  'file.startBulkFileDownload FileHandleAssociation.fileHandleId': 'answered by file',
  'file.startFileHandleRestore FileHandleRestoreRequest.fileHandleIds': 'answered by file',
};

test('every request that holds a file handle id is tested here', () => {
  const tested = [...Object.keys(refusedUses), ...Object.keys(otherUses)];
  expect(tested.sort()).toEqual(handleFields().sort());
});

describe("another user's file handle is refused and changes nothing:", () => {
  test.each(Object.entries(refusedUses))('%s', async (_, makeUse) => {
    const { own, send, state } = await makeUse(sender);
    const read = async (): Promise<unknown> =>
      state === undefined ? undefined : (await server.bob.get(state)).body;
    const before = await read();
    expect(await send(foreign)).toMatchObject({
      status: 403,
      body: { reason: expect.stringMatching(/file handle|FileHandle|files|uploaded|source file/) },
    });
    expect(await read()).toEqual(before);
    // With a file of the sender, nothing else is wrong with the request.
    await made(send(own ?? (await csvFile(server.bob)).id));
  });
});

describe('a request for several files', () => {
  const association = () => ({
    fileHandleId: foreign,
    associateObjectId: project.id,
    associateObjectType: 'FileEntity',
  });

  test('answers UNAUTHORIZED for the file of another user', async () => {
    const { bob } = server;
    const requestedFiles = [association()];
    const include = { includePreSignedURLs: true, includeFileHandles: true };
    expect(
      await bob.post('/file/v1/fileHandle/batch', { requestedFiles, ...include }),
    ).toMatchObject({
      body: { requestedFiles: [{ fileHandleId: foreign, failureCode: 'UNAUTHORIZED' }] },
    });
    const copyRequests = [{ originalFile: association() }];
    expect(await bob.post('/file/v1/filehandles/copy', { copyRequests })).toMatchObject({
      body: { copyResults: [{ originalFileHandleId: foreign, failureCode: 'UNAUTHORIZED' }] },
    });
    const zip = { concreteType: `${fileTypes}.BulkFileDownloadRequest`, requestedFiles };
    const zipped = await bob.run('/file/v1/file/bulk', zip);
    expect(zipped.body).toMatchObject({ fileSummary: [{ failureCode: 'UNAUTHORIZED' }] });
    expect(zipped.body).not.toHaveProperty('resultZipFileHandleId');
    const restore = {
      concreteType: `${fileTypes}.FileHandleRestoreRequest`,
      fileHandleIds: [foreign],
    };
    expect((await bob.run('/file/v1/fileHandle/restore', restore)).body).toMatchObject({
      restoreResults: [{ status: 'UNAUTHORIZED' }],
    });
  });

  test('orders nothing from a download list with the file of another user', async () => {
    const { bob } = server;
    await made(bob.post('/file/v1/download/list/add', { list: [association()] }));
    const order = await bob.post('/file/v1/download/order?zipFileName=a.zip', undefined);
    expect(order).toMatchObject({ status: 400 });
  });
});

describe('a property that the server sets', () => {
  test('validationFileHandleId of a record set is not taken from a request', async () => {
    const { bob } = server;
    const dataFileHandleId = await bob.createHandle(md5s.a);
    const fields = { name: 'records', parentId: project.id, upsertKey: ['file'], dataFileHandleId };
    const created = await bob.create('recordset', { ...fields, validationFileHandleId: foreign });
    expect(created).not.toHaveProperty('validationFileHandleId');
    const updated = await bob.update(created, { validationFileHandleId: foreign });
    expect(updated).not.toHaveProperty('validationFileHandleId');
  });

  test('previewId of a file handle is not taken from a request', async () => {
    const { bob } = server;
    const { id } = await csvFile(bob);
    const copy = { fileName: 'b.csv', previewId: foreign };
    const copied = await made<M.S3FileHandle>(
      bob.post(`/file/v1/fileHandle/${id}/copy`, {
        concreteType: `${fileTypes}.S3FileHandle`,
        ...copy,
      }),
    );
    expect(copied.previewId).not.toBe(foreign);
  });
});

describe('a file handle id in a path', () => {
  const otherOperations = ['evaluation.getEvaluationSubmissionFileUrl', 'file.getFileUrl'];
  const paths: Readonly<Record<string, (id: string) => [method: 'delete' | 'get', path: string]>> =
    {
      'file.deleteFileHandle': (id) => ['delete', `/file/v1/fileHandle/${id}`],
      'file.deleteFileHandlePreview': (id) => ['delete', `/file/v1/fileHandle/${id}/filepreview`],
      'file.getFileHandle': (id) => ['get', `/file/v1/fileHandle/${id}`],
      'file.getFileHandleUrl': (id) => ['get', `/file/v1/fileHandle/${id}/url`],
    };

  test('is tested for every operation', () => {
    const tested = [...Object.keys(paths), ...otherOperations, 'file.copyFileHandle'];
    expect(tested.sort()).toEqual(handlePaths().sort());
  });

  test.each(Object.entries(paths))('is refused to %s', async (_, path) => {
    const [method, target] = path(foreign);
    expect(await server.bob[method](target)).toMatchObject({ status: 403 });
    expect(await server.alice.get(`/file/v1/fileHandle/${foreign}`)).toMatchObject({ status: 200 });
  });

  test('is refused to file.copyFileHandle', async () => {
    const body = { concreteType: `${fileTypes}.S3FileHandle`, fileName: 'b.csv' };
    expect(await server.bob.post(`/file/v1/fileHandle/${foreign}/copy`, body)).toMatchObject({
      status: 403,
    });
  });
});

describe('a cell', () => {
  const spellings = ['', '+', '0', '00', ' ', '٠'];

  test.each(spellings)(
    'takes no file of another user, written with %j before it',
    async (prefix) => {
      const tables = new TableSession(server.bob);
      const columns = await tables.columns({ name: 'file', columnType: 'FILEHANDLEID' });
      const table = await tables.table(columns);
      const [{ id: columnId } = { id: '' }] = columns;
      const value = `${prefix}${foreign}`;
      for (const change of [
        rowSet(table.id, columns, [{ values: [value] }]),
        partialRows(table.id, [{ values: { [columnId]: value } }]),
      ]) {
        const { status } = await tables.transaction(table.id, [change]);
        expect([400, 403]).toContain(status);
      }
      const query = `fileAssociateType=TableEntity&fileAssociateId=${table.id}`;
      expect(await server.bob.get(`/file/v1/file/${foreign}?${query}`)).toMatchObject({
        status: 403,
      });
    },
  );

  test.each(['.0', 'e0', ',0', 'n'])('takes no number written with %j after it', async (suffix) => {
    const tables = new TableSession(server.bob);
    const columns = await tables.columns({ name: 'file', columnType: 'FILEHANDLEID' });
    const table = await tables.table(columns);
    const change = rowSet(table.id, columns, [{ values: [`${foreign}${suffix}`] }]);
    expect(await tables.transaction(table.id, [change])).toMatchObject({ status: 400 });
  });

  test('becomes no file by a change of its column', async () => {
    const tables = new TableSession(server.bob);
    const [text, file] = await tables.columns(
      { name: 'text', columnType: 'INTEGER' },
      { name: 'file', columnType: 'FILEHANDLEID' },
    );
    if (text === undefined || file === undefined) throw new Error('The server made no columns');
    const table = await tables.table([text]);
    await tables.append(table.id, [text], [[foreign]]);
    const change = schemaChangeOf(text.id, file.id);
    expect(await tables.transaction(table.id, [change])).toMatchObject({ status: 400 });
  });
});

const schemaChangeOf = (oldColumnId: string, newColumnId: string): object =>
  schemaChange([{ oldColumnId, newColumnId }]);

describe('a file that an object has already', () => {
  test('stays with it when somebody else updates the object', async () => {
    const { alice, bob } = server;
    const shared = await alice.create('project', { name: 'Shared' });
    const acl = await made<M.AccessControlList>(alice.get(`/entity/${shared.id}/acl`));
    acl.resourceAccess?.push({
      principalId: server.userId('bob'),
      accessType: ['READ', 'DOWNLOAD', 'UPDATE', 'CREATE'],
    });
    await made(alice.put(`/entity/${shared.id}/acl`, acl));
    const fields = { parentId: shared.id, name: 'a.csv', dataFileHandleId: foreign };
    const file = await alice.create('file', fields);
    const renamed = await bob.update(await bob.read(file.id), { name: 'b.csv' });
    expect(renamed.dataFileHandleId).toBe(foreign);
    // A copy of it would be another object.
    expect(
      await bob.post('/entity', { ...fields, concreteType: classes.file, name: 'c.csv' }),
    ).toMatchObject({ status: 403 });
  });

  test('stays in a profile that its owner updates after an administrator', async () => {
    const { admin, carol } = server;
    const picture = await admin.createHandle(md5s.b);
    const profile = await made<M.UserProfile>(carol.get('/userProfile'));
    const changed = await made<M.UserProfile>(
      admin.put('/userProfile', { ...profile, profilePicureFileHandleId: picture }),
    );
    expect(await carol.put('/userProfile', { ...changed, location: 'Here' })).toMatchObject({
      status: 200,
      body: { profilePicureFileHandleId: picture, location: 'Here' },
    });
  });

  test('may be sent on by who received it', async () => {
    const { alice, bob } = server;
    const { id: fileHandleId } = await csvFile(alice);
    const recipients = [String(server.userId('bob'))];
    await made(alice.post('/message', { fileHandleId, recipients }));
    expect(await bob.post('/message', { fileHandleId, recipients })).toMatchObject({ status: 201 });
  });
});

test('an administrator may use the file of every user', async () => {
  const { admin } = server;
  const profile = await made<M.UserProfile>(admin.get('/userProfile'));
  expect(
    await admin.put('/userProfile', { ...profile, profilePicureFileHandleId: foreign }),
  ).toMatchObject({ status: 200 });
  await made(
    admin.put('/userProfile', {
      ...((await admin.get('/userProfile')).body as M.UserProfile),
      profilePicureFileHandleId: undefined,
    }),
  );
});

describe('a URL for a file of another user', () => {
  const types = schemas['FileHandleAssociateType']?.enum ?? [];

  test.each(types)('is refused through %s of an object that does not have it', async (type) => {
    const { anonymous, bob } = server;
    const objects = [project.id, String(server.userId('bob')), 'syn1', '1'];
    for (const id of objects) {
      const path = `/file/v1/file/${foreign}?fileAssociateType=${type}&fileAssociateId=${id}`;
      expect(await bob.get(path)).toMatchObject({ status: 403 });
      expect(await anonymous.get(path)).toMatchObject({ status: 403 });
    }
  });

  /** Objects that only their owner may read, by the operation that attaches a file to them. */
  const privateObjects: readonly (readonly [type: string, use: string])[] = [
    ['FileEntity', 'entity.createEntity FileEntity.dataFileHandleId'],
    ['WikiMarkdown', 'wiki.createEntityWikiPage V2WikiPage.markdownFileHandleId'],
    ['WikiAttachment', 'wiki.createEntityWikiPage V2WikiPage.attachmentFileHandleIds'],
    ['WikiAttachment', 'wiki.createEvaluationWikiPage V2WikiPage.attachmentFileHandleIds'],
    ['MessageAttachment', 'message.sendMessageToEntityOwner MessageToUser.fileHandleId'],
    ['FormData', 'form.createFormData FormChangeRequest.fileHandleId'],
    ['VerificationSubmission', 'verification.createVerificationSubmission AttachmentMetadata.id'],
  ];

  test.each(privateObjects)(
    'is refused through %s of an object that is private',
    async (type, use) => {
      const { alice, anonymous, carol } = server;
      const owner = {
        session: alice,
        server,
        project: await alice.create('project', { name: use }),
      };
      const { send } = (await refusedUses[use]?.(owner)) ?? {};
      const { id: fileHandleId } = await csvFile(alice);
      const object = await made<{ id?: string; formDataId?: string }>(
        send?.(fileHandleId) ?? Promise.reject(new Error(`No use ${use}`)),
      );
      const id = object.id ?? object.formDataId ?? '';
      const path = `/file/v1/file/${fileHandleId}?fileAssociateType=${type}&fileAssociateId=${id}`;
      expect(await carol.get(path)).toMatchObject({ status: 403 });
      expect(await anonymous.get(path)).toMatchObject({ status: 403 });
      expect(await alice.get(path)).toMatchObject({ status: 307 });
    },
  );
});
