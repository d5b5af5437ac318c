import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';

import type * as M from '../../generated/models.js';
import { withServer } from '../helpers/withServer.js';
import { classes } from './entitySession.js';
import { fileTypes, md5Of, storage } from './filesClient.js';

/** The parts of `@sage-bionetworks/synapse-client` used here; its own types do not resolve under Node. */
interface NpmClient {
  authenticationServicesClient: {
    postAuthV1Login2(args: { loginRequest: object }): Promise<{ accessToken: string }>;
    postAuthV1PersonalAccessToken(args: {
      accessTokenGenerationRequest: object;
    }): Promise<{ token: string }>;
    getAuthV1PersonalAccessToken(): Promise<{ results: { name: string }[] }>;
    deleteAuthV1SessionAccessToken(): Promise<void>;
  };
  userProfileServicesClient: {
    getRepoV1UserProfile(): Promise<M.UserProfile>;
    getRepoV1UserGroupHeaders(args: { prefix: string }): Promise<M.UserGroupHeaderResponsePage>;
  };
  entityServicesClient: {
    postRepoV1Entity(args: { entity: object }): Promise<Saved>;
    getRepoV1EntityId(args: { id: string }): Promise<Saved>;
    putRepoV1EntityId(args: { id: string; entity: object; newVersion?: boolean }): Promise<Saved>;
    deleteRepoV1EntityId(args: { id: string }): Promise<void>;
    getRepoV1EntityIdPath(args: { id: string }): Promise<M.EntityPath>;
    getRepoV1EntityIdVersion(args: { id: string }): Promise<M.PaginatedResultsOfVersionInfo>;
    getRepoV1EntityIdPermissions(args: { id: string }): Promise<M.UserEntityPermissions>;
    getRepoV1EntityIdAnnotations2(args: {
      id: string;
      includeDerived: boolean;
    }): Promise<M.Annotations>;
    putRepoV1EntityIdAnnotations2(args: {
      id: string;
      v2Annotations: object;
    }): Promise<M.Annotations>;
    postRepoV1EntityChild(args: { entityLookupRequest: object }): Promise<{ id: string }>;
    postRepoV1EntityChildren(args: {
      entityChildrenRequest: object;
    }): Promise<M.EntityChildrenResponse>;
  };
  entityBundleServicesV2Client: {
    postRepoV1EntityIdBundle2(args: {
      id: string;
      entityBundleRequest: object;
    }): Promise<M.EntityBundle>;
    postRepoV1EntityBundle2Create(args: { entityBundleCreate: object }): Promise<M.EntityBundle>;
  };
  fileServicesClient: {
    postFileV1FileMultipart(args: { multipartRequest: object }): Promise<M.MultipartUploadStatus>;
    postFileV1FileMultipartUploadIdPresignedUrlBatch(args: {
      uploadId: string;
      batchPresignedUploadUrlRequest: object;
    }): Promise<M.BatchPresignedUploadUrlResponse>;
    putFileV1FileMultipartUploadIdAddPartNumber(args: {
      uploadId: string;
      partNumber: number;
      partMD5Hex: string;
    }): Promise<M.AddPartResponse>;
    putFileV1FileMultipartUploadIdComplete(args: {
      uploadId: string;
    }): Promise<M.MultipartUploadStatus>;
    getFileV1FileHandleHandleId(args: { handleId: string }): Promise<M.S3FileHandle>;
    getFileV1FileHandleHandleIdUrl(args: { handleId: string; redirect: boolean }): Promise<string>;
    postFileV1FileHandleBatch(args: { batchFileRequest: object }): Promise<M.BatchFileResult>;
  };
  wikiPageServices2Client: {
    postRepoV1EntityOwnerIdWiki2(args: {
      ownerId: string;
      v2WikiPage: object;
    }): Promise<M.V2WikiPage>;
    getRepoV1EntityOwnerIdWiki2(args: { ownerId: string }): Promise<M.V2WikiPage>;
    putRepoV1EntityOwnerIdWiki2WikiId(args: {
      ownerId: string;
      wikiId: string;
      v2WikiPage: object;
    }): Promise<M.V2WikiPage>;
    getRepoV1EntityOwnerIdWikiheadertree2(args: {
      ownerId: string;
    }): Promise<M.PaginatedResultsOfV2WikiHeader>;
    getRepoV1EntityOwnerIdWiki2WikiIdWikihistory(args: {
      ownerId: string;
      wikiId: string;
      offset: number;
      limit: number;
    }): Promise<M.PaginatedResultsOfV2WikiHistorySnapshot>;
    getRepoV1EntityOwnerIdWiki2WikiIdMarkdown(args: {
      ownerId: string;
      wikiId: string;
      redirect: boolean;
      wikiVersion?: number;
    }): Promise<string>;
    deleteRepoV1EntityOwnerIdWiki2WikiId(args: { ownerId: string; wikiId: string }): Promise<void>;
  };
  tableServicesClient: {
    postRepoV1ColumnBatch(args: {
      listWrapperOfColumnModel: object;
    }): Promise<M.ListWrapperOfColumnModel>;
    getRepoV1EntityIdColumn(args: { id: string }): Promise<M.PaginatedColumnModels>;
    postRepoV1EntityIdTableTransactionAsyncStart(args: {
      id: string;
      tableUpdateTransactionRequest: object;
    }): Promise<{ token: string }>;
    getRepoV1EntityIdTableTransactionAsyncGetAsyncToken(
      job: TableJob,
    ): Promise<M.TableUpdateTransactionResponse>;
    postRepoV1EntityIdTableQueryAsyncStart(args: {
      id: string;
      queryBundleRequest: object;
    }): Promise<{ token: string }>;
    getRepoV1EntityIdTableQueryAsyncGetAsyncToken(job: TableJob): Promise<M.QueryResultBundle>;
  };
}

interface TableJob {
  id: string;
  asyncToken: string;
}

type Saved = M.Entity & { id: string; etag: string; name: string; versionNumber?: number };

interface NpmModule {
  SynapseClient: new (configuration: {
    basePath: string;
    accessToken?: string;
    headers?: Record<string, string>;
  }) => NpmClient;
  /** Asks again while what it got is the status of a job. */
  waitForAsyncResult: <T>(getResult: () => Promise<T>) => Promise<T>;
}

const server = withServer();
let directory: string;
let SynapseClient: NpmModule['SynapseClient'];
let waitForAsyncResult: NpmModule['waitForAsyncResult'];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'synapse-npm-client-'));
  const outfile = join(directory, 'client.mjs');
  // Its files import each other without an extension, which Node refuses and bundlers accept.
  await build({
    entryPoints: [import.meta.resolve('@sage-bionetworks/synapse-client').slice('file://'.length)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    logLevel: 'error',
  });
  ({ SynapseClient, waitForAsyncResult } = (await import(outfile)) as NpmModule);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function connect(accessToken?: string): NpmClient {
  return new SynapseClient({
    basePath: server.synapse.endpoint,
    ...(accessToken !== undefined && { accessToken }),
  });
}

async function createProject(client: NpmClient, name: string): Promise<Saved> {
  return client.entityServicesClient.postRepoV1Entity({
    entity: { concreteType: classes.project, name },
  });
}

/** Uploads with the client's own calls, as the web site does. */
async function upload(
  client: NpmClient,
  { fileName, content }: { fileName: string; content: Buffer },
): Promise<string> {
  const files = client.fileServicesClient;
  const contentMD5Hex = md5Of(content);
  const { uploadId } = await files.postFileV1FileMultipart({
    multipartRequest: {
      concreteType: `${fileTypes}.MultipartUploadRequest`,
      fileName,
      contentType: 'text/plain',
      contentMD5Hex,
      fileSizeBytes: content.length,
      partSizeBytes: 5 * 1024 ** 2,
      generatePreview: false,
    },
  });
  const { partPresignedUrls } = await files.postFileV1FileMultipartUploadIdPresignedUrlBatch({
    uploadId,
    batchPresignedUploadUrlRequest: { uploadId, partNumbers: [1], contentType: 'text/plain' },
  });
  const put = await fetch(partPresignedUrls[0]?.uploadPresignedUrl ?? '', {
    method: 'PUT',
    headers: { 'content-type': 'text/plain' },
    body: content,
  });
  expect(put.status).toBe(200);
  const partNumber = 1;
  const added = await files.putFileV1FileMultipartUploadIdAddPartNumber({
    uploadId,
    partNumber,
    partMD5Hex: contentMD5Hex,
  });
  expect(added).toMatchObject({ addPartState: 'ADD_SUCCESS' });
  const done = await files.putFileV1FileMultipartUploadIdComplete({ uploadId });
  return done.resultFileHandleId ?? '';
}

describe('login', () => {
  test('a session gets a token of its own', async () => {
    const loginRequest = { username: 'alice', password: 'alice-password' };
    const { accessToken } = await connect().authenticationServicesClient.postAuthV1Login2({
      loginRequest,
    });
    const session = connect(accessToken);
    expect(await session.userProfileServicesClient.getRepoV1UserProfile()).toMatchObject({
      ownerId: server.synapse.users.alice.userId,
      userName: 'alice',
    });
    const { token } = await session.authenticationServicesClient.postAuthV1PersonalAccessToken({
      accessTokenGenerationRequest: { name: 'of the npm client', scope: ['view'] },
    });
    const profile = await connect(token).userProfileServicesClient.getRepoV1UserProfile();
    expect(profile.userName).toBe('alice');
    const { results } = await session.authenticationServicesClient.getAuthV1PersonalAccessToken();
    expect(results.map(({ name }) => name)).toContain('of the npm client');

    // This operation has no security in the description: the client sends its token nowhere by itself.
    const leaving = new SynapseClient({
      basePath: server.synapse.endpoint,
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    await leaving.authenticationServicesClient.deleteAuthV1SessionAccessToken();
    await expect(session.userProfileServicesClient.getRepoV1UserProfile()).rejects.toMatchObject({
      status: 401,
    });
  });

  test('a wrong password is refused', async () => {
    const loginRequest = { username: 'alice', password: 'wrong' };
    await expect(
      connect().authenticationServicesClient.postAuthV1Login2({ loginRequest }),
    ).rejects.toMatchObject({
      status: 401,
      reason: 'The provided username/password combination is incorrect',
    });
    const nobody = await connect().userProfileServicesClient.getRepoV1UserProfile();
    expect(nobody).toMatchObject({ ownerId: '273950', userName: 'anonymous' });
    const headers = await connect().userProfileServicesClient.getRepoV1UserGroupHeaders({
      prefix: 'ali',
    });
    expect(headers.children).toMatchObject([{ userName: 'alice', isIndividual: true }]);
  });
});

describe('entities', () => {
  test('an entity passes through its life', async () => {
    const client = connect(server.synapse.authToken);
    const entities = client.entityServicesClient;
    const project = await createProject(client, 'npm entities');
    const made = await entities.postRepoV1Entity({
      entity: { concreteType: classes.folder, name: 'first', parentId: project.id },
    });
    const updated = await entities.putRepoV1EntityId({
      id: made.id,
      entity: { ...made, name: 'renamed', description: 'changed' },
    });
    expect(updated).toMatchObject({ id: made.id, name: 'renamed', description: 'changed' });
    expect(await entities.getRepoV1EntityId({ id: made.id })).toEqual(updated);
    expect(
      await entities.postRepoV1EntityChild({
        entityLookupRequest: { parentId: project.id, entityName: 'renamed' },
      }),
    ).toEqual({ id: made.id });
    const { path } = await entities.getRepoV1EntityIdPath({ id: made.id });
    expect(path.map(({ name }) => name)).toEqual(['root', 'npm entities', 'renamed']);

    await expect(
      entities.putRepoV1EntityId({ id: made.id, entity: { ...made, name: 'stale' } }),
    ).rejects.toMatchObject({
      status: 412,
      reason: expect.stringContaining('was updated since you last fetched it'),
    });
    await expect(
      connect(server.synapse.users.bob.authToken).entityServicesClient.getRepoV1EntityId({
        id: made.id,
      }),
    ).rejects.toMatchObject({
      status: 403,
      reason: 'You lack READ access to the requested entity.',
    });

    await entities.deleteRepoV1EntityId({ id: made.id });
    await expect(entities.getRepoV1EntityId({ id: made.id })).rejects.toMatchObject({
      status: 404,
      reason: expect.stringContaining('is in trash can'),
    });
  });

  test('children in pages', async () => {
    const client = connect(server.synapse.authToken);
    const entities = client.entityServicesClient;
    const project = await createProject(client, 'npm children');
    const names = Array.from({ length: 57 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    for (const name of names) {
      await entities.postRepoV1Entity({
        entity: { concreteType: classes.folder, name, parentId: project.id },
      });
    }
    const listed: (string | undefined)[] = [];
    const sizes: (number | undefined)[] = [];
    let nextPageToken: string | undefined;
    do {
      const response = await entities.postRepoV1EntityChildren({
        entityChildrenRequest: {
          parentId: project.id,
          includeTypes: ['folder'],
          sortBy: 'NAME',
          sortDirection: 'ASC',
          includeTotalChildCount: true,
          nextPageToken,
        },
      });
      sizes.push(response.page.length);
      listed.push(...response.page.map(({ name }) => name));
      expect(response.totalChildCount).toBe(57);
      ({ nextPageToken } = response);
    } while (nextPageToken);
    expect(sizes).toEqual([50, 7]);
    expect(listed).toEqual(names);
  });

  test('annotations keep their types', async () => {
    const client = connect(server.synapse.authToken);
    const entities = client.entityServicesClient;
    const annotations = {
      text: { type: 'STRING', value: ['a', 'b'] },
      whole: { type: 'LONG', value: ['9007199254740993'] },
      real: { type: 'DOUBLE', value: ['1.5', 'NaN'] },
      when: { type: 'TIMESTAMP_MS', value: ['1700000000000'] },
      flag: { type: 'BOOLEAN', value: ['true'] },
      none: { type: 'STRING', value: [] },
    };
    const project = await createProject(client, 'npm annotations');
    const before = await entities.getRepoV1EntityIdAnnotations2({
      id: project.id,
      includeDerived: false,
    });
    expect(before).toMatchObject({ id: project.id, etag: project.etag, annotations: {} });
    const saved = await entities.putRepoV1EntityIdAnnotations2({
      id: project.id,
      v2Annotations: { ...before, annotations },
    });
    expect(saved.annotations).toEqual(annotations);
    const bundle = await client.entityBundleServicesV2Client.postRepoV1EntityIdBundle2({
      id: project.id,
      entityBundleRequest: {
        includeEntity: true,
        includeAnnotations: true,
        includePermissions: true,
        includeEntityPath: true,
        includeHasChildren: true,
        includeAccessControlList: true,
        includeBenefactorACL: true,
        includeRestrictionInformation: true,
        includeThreadCount: true,
      },
    });
    expect(bundle).toMatchObject({
      entityType: 'project',
      entity: { id: project.id, etag: saved.etag, name: 'npm annotations' },
      annotations: { etag: saved.etag, annotations },
      hasChildren: false,
      permissions: { canEdit: true, canDownload: true, isCertifiedUser: true },
      restrictionInformation: { restrictionLevel: 'OPEN', hasUnmetAccessRequirement: false },
      accessControlList: { id: project.id },
      benefactorAcl: { id: project.id },
    });
    expect(bundle.permissions).toEqual(
      await entities.getRepoV1EntityIdPermissions({ id: project.id }),
    );
    const made = await client.entityBundleServicesV2Client.postRepoV1EntityBundle2Create({
      entityBundleCreate: {
        entity: { concreteType: classes.folder, name: 'in one call', parentId: project.id },
        annotations: { annotations: { text: annotations.text } },
      },
    });
    expect(made).toMatchObject({
      entity: { name: 'in one call' },
      annotations: { annotations: { text: annotations.text } },
    });
  });
});

test('a file is stored in versions', async () => {
  const client = connect(server.synapse.authToken);
  const { entityServicesClient: entities, fileServicesClient: files } = client;
  const project = await createProject(client, 'npm files');
  const content = Buffer.from('what the npm client sent\n');
  const handleId = await upload(client, { fileName: 'sent.txt', content });
  const file = await entities.postRepoV1Entity({
    entity: {
      concreteType: classes.file,
      name: 'sent.txt',
      parentId: project.id,
      dataFileHandleId: handleId,
    },
  });
  expect(await files.getFileV1FileHandleHandleId({ handleId })).toMatchObject({
    concreteType: `${fileTypes}.S3FileHandle`,
    contentMd5: md5Of(content),
    contentSize: content.length,
    fileName: 'sent.txt',
    status: 'AVAILABLE',
  });
  const batch = await files.postFileV1FileHandleBatch({
    batchFileRequest: {
      includeFileHandles: true,
      includePreSignedURLs: true,
      includePreviewPreSignedURLs: false,
      requestedFiles: [
        { fileHandleId: handleId, associateObjectId: file.id, associateObjectType: 'FileEntity' },
        { fileHandleId: '987654', associateObjectId: file.id, associateObjectType: 'FileEntity' },
      ],
    },
  });
  expect(batch.requestedFiles).toMatchObject([
    { fileHandleId: handleId, fileHandle: { id: handleId, fileName: 'sent.txt' } },
    { fileHandleId: '987654', failureCode: expect.stringMatching(/UNAUTHORIZED|NOT_FOUND/) },
  ]);
  const got = await storage(batch.requestedFiles[0]?.preSignedURL ?? '');
  expect(got.body.equals(content)).toBe(true);
  const url = await files.getFileV1FileHandleHandleIdUrl({ handleId, redirect: false });
  expect((await storage(url)).body.equals(content)).toBe(true);

  const changed = Buffer.from('and a second time\n');
  const second = await upload(client, { fileName: 'sent.txt', content: changed });
  const updated = await entities.putRepoV1EntityId({
    id: file.id,
    entity: { ...file, dataFileHandleId: second },
  });
  expect(updated.versionNumber).toBe(2);
  const { results } = await entities.getRepoV1EntityIdVersion({ id: file.id });
  expect(results.map(({ versionNumber, contentMd5 }) => [versionNumber, contentMd5])).toEqual([
    [2, md5Of(changed)],
    [1, md5Of(content)],
  ]);
});

test('a wiki page has a history', async () => {
  const client = connect(server.synapse.authToken);
  const wikis = client.wikiPageServices2Client;
  const project = await createProject(client, 'npm wiki');
  const ownerId = project.id;
  await expect(wikis.getRepoV1EntityOwnerIdWiki2({ ownerId })).rejects.toMatchObject({
    status: 404,
  });
  const first = Buffer.from('# First');
  const root = await wikis.postRepoV1EntityOwnerIdWiki2({
    ownerId,
    v2WikiPage: {
      title: 'Home',
      markdownFileHandleId: await upload(client, { fileName: 'markdown', content: first }),
      attachmentFileHandleIds: [],
    },
  });
  const wikiId = root.id ?? '';
  const page = await wikis.postRepoV1EntityOwnerIdWiki2({
    ownerId,
    v2WikiPage: {
      title: 'Below',
      parentWikiId: wikiId,
      markdownFileHandleId: root.markdownFileHandleId,
      attachmentFileHandleIds: [],
    },
  });
  const second = Buffer.from('# Second');
  const changed = await wikis.putRepoV1EntityOwnerIdWiki2WikiId({
    ownerId,
    wikiId,
    v2WikiPage: {
      ...root,
      markdownFileHandleId: await upload(client, { fileName: 'markdown', content: second }),
    },
  });
  expect(await wikis.getRepoV1EntityOwnerIdWiki2({ ownerId })).toEqual(changed);
  const { results: headers } = await wikis.getRepoV1EntityOwnerIdWikiheadertree2({ ownerId });
  expect(headers).toMatchObject([
    { id: wikiId, title: 'Home' },
    { id: page.id, title: 'Below', parentId: wikiId },
  ]);
  const { results: history } = await wikis.getRepoV1EntityOwnerIdWiki2WikiIdWikihistory({
    ownerId,
    wikiId,
    offset: 0,
    limit: 10,
  });
  expect(history.map(({ version }) => version)).toEqual(['1', '0']);
  const markdown = async (wikiVersion?: number): Promise<string> => {
    const url = await wikis.getRepoV1EntityOwnerIdWiki2WikiIdMarkdown({
      ownerId,
      wikiId,
      redirect: false,
      ...(wikiVersion !== undefined && { wikiVersion }),
    });
    return (await storage(url)).body.toString();
  };
  expect([await markdown(), await markdown(0)]).toEqual(['# Second', '# First']);
  await wikis.deleteRepoV1EntityOwnerIdWiki2WikiId({ ownerId, wikiId });
  await expect(wikis.getRepoV1EntityOwnerIdWiki2({ ownerId })).rejects.toMatchObject({
    status: 404,
  });
});

test('a query selects rows of a table', async () => {
  const client = connect(server.synapse.authToken);
  const tables = client.tableServicesClient;
  const tableTypes = 'org.sagebionetworks.repo.model.table';
  const project = await createProject(client, 'npm tables');
  const { list } = await tables.postRepoV1ColumnBatch({
    listWrapperOfColumnModel: {
      list: [
        { name: 'name', columnType: 'STRING', maximumSize: 20 },
        { name: 'age', columnType: 'INTEGER' },
      ],
    },
  });
  const columnIds = (list ?? []).map(({ id }) => id);
  const { id } = await client.entityServicesClient.postRepoV1Entity({
    entity: { concreteType: classes.table, name: 'people', parentId: project.id, columnIds },
  });
  expect((await tables.getRepoV1EntityIdColumn({ id })).results).toEqual(list);
  const change = await tables.postRepoV1EntityIdTableTransactionAsyncStart({
    id,
    tableUpdateTransactionRequest: {
      concreteType: `${tableTypes}.TableUpdateTransactionRequest`,
      entityId: id,
      changes: [
        {
          concreteType: `${tableTypes}.AppendableRowSetRequest`,
          entityId: id,
          toAppend: {
            concreteType: `${tableTypes}.RowSet`,
            tableId: id,
            headers: (list ?? []).map(({ id: column, name, columnType }) => ({
              id: column,
              name,
              columnType,
            })),
            rows: [{ values: ['ann', '41'] }, { values: ['bea', null] }, { values: ['cid', '17'] }],
          },
        },
      ],
    },
  });
  const changed = await waitForAsyncResult(() =>
    tables.getRepoV1EntityIdTableTransactionAsyncGetAsyncToken({ id, asyncToken: change.token }),
  );
  expect(changed.results).toMatchObject([{ rowReferenceSet: { tableId: id } }]);

  const query = async (sql: string): Promise<M.QueryResultBundle> => {
    const { token } = await tables.postRepoV1EntityIdTableQueryAsyncStart({
      id,
      queryBundleRequest: {
        concreteType: `${tableTypes}.QueryBundleRequest`,
        entityId: id,
        query: { sql },
        partMask: 0x1 | 0x2 | 0x10,
      },
    });
    return waitForAsyncResult(() =>
      tables.getRepoV1EntityIdTableQueryAsyncGetAsyncToken({ id, asyncToken: token }),
    );
  };
  const found = await query(`SELECT name, age FROM ${id} WHERE age > 20 OR age IS NULL`);
  expect(found.queryCount).toBe(2);
  expect(found.columnModels).toEqual(list);
  expect(found.queryResult?.queryResults?.rows?.map(({ values }) => values)).toEqual([
    ['ann', '41'],
    ['bea', null],
  ]);
  await expect(query(`SELECT nothing FROM ${id}`)).rejects.toMatchObject({
    status: 400,
    reason: expect.stringContaining('nothing'),
  });
});
