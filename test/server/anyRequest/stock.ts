/** Sends one request, which must succeed, and returns the body of its answer. */
export type Ask = (method: string, path: string, body?: object) => Promise<Answered>;

/** What later requests need of an answer. */
export interface Answered {
  readonly id?: string;
  readonly etag?: string;
  readonly createdBy?: string;
  readonly list?: readonly { readonly id: string }[];
}

const model = 'org.sagebionetworks.repo.model';

/**
 * Makes one of everything that a user can make.
 *
 * @param suffix of names that must differ
 */
export async function stock(ask: Ask, suffix: string): Promise<void> {
  const project = await ask('POST', '/repo/v1/entity', {
    concreteType: `${model}.Project`,
    name: `Stock ${suffix}`,
  });
  const owner: Owner = { ask, suffix, projectId: project.id ?? '' };
  const handle = await ask('POST', '/file/v1/externalFileHandle', {
    concreteType: `${model}.file.ExternalFileHandle`,
    externalURL: 'https://files.example.org/a',
    fileName: 'a.txt',
  });
  const handleId = handle.id ?? '';
  const file = await make(owner, 'FileEntity', { dataFileHandleId: handleId });
  await stockEntities(owner, file, handleId);
  const view = await stockTables(owner, file);
  await stockChallenge(owner, file);
  await stockTalk(owner, handleId);
  await stockServices(owner, view);
}

interface Owner {
  readonly ask: Ask;
  readonly suffix: string;
  readonly projectId: string;
}

function make({ ask, projectId }: Owner, type: string, fields: object): Promise<Answered> {
  return ask('POST', '/repo/v1/entity', {
    concreteType: `${model}.${type}`,
    parentId: projectId,
    name: type,
    ...fields,
  });
}

async function stockEntities(owner: Owner, file: Answered, handleId: string): Promise<void> {
  const { ask } = owner;
  await make(owner, 'Folder', {});
  await make(owner, 'Link', { linksTo: { targetId: file.id } });
  await make(owner, 'docker.DockerRepository', { repositoryName: 'docker.example.org/x' });
  await make(owner, 'RecordSet', { dataFileHandleId: handleId, upsertKey: ['id'] });
  await ask('POST', '/repo/v1/activity', { name: 'stock', used: [] });
  await ask('POST', '/repo/v1/storageLocation', {
    concreteType: `${model}.project.ExternalS3StorageLocationSetting`,
    bucket: `stock-bucket-${owner.suffix}`,
    baseKey: 'base',
    stsEnabled: true,
  });
  await ask('POST', '/file/v1/file/multipart', {
    concreteType: `${model}.file.MultipartUploadRequest`,
    fileName: `stock ${owner.suffix}.bin`,
    contentMD5Hex: '0cc175b9c0f1b6a831c399e269772661',
    contentType: 'text/plain',
    fileSizeBytes: 10,
    partSizeBytes: 5 * 1024 ** 2,
  });
}

/** Makes tables, and returns a view. */
async function stockTables(owner: Owner, file: Answered): Promise<Answered> {
  const { ask, projectId } = owner;
  const types = ['STRING', 'INTEGER', 'DATE', 'ENTITYID', 'FILEHANDLEID', 'STRING_LIST', 'JSON'];
  const { list = [] } = await ask('POST', '/repo/v1/column/batch', {
    list: types.map((columnType) => ({ name: columnType.toLowerCase(), columnType })),
  });
  const { id: tableId = '' } = await make(owner, 'table.TableEntity', {
    columnIds: list.map(({ id }) => id),
  });
  const view = await make(owner, 'table.EntityView', { scopeIds: [projectId], viewTypeMask: 1 });
  await make(owner, 'table.Dataset', { items: [{ entityId: file.id, versionNumber: 1 }] });
  await make(owner, 'table.MaterializedView', { definingSQL: `select * from ${tableId}` });
  await make(owner, 'table.VirtualTable', { definingSQL: `select string from ${tableId}` });
  await ask('POST', `/repo/v1/entity/${tableId}/table/transaction/async/start`, {
    concreteType: `${model}.table.TableUpdateTransactionRequest`,
    entityId: tableId,
    changes: [
      {
        concreteType: `${model}.table.AppendableRowSetRequest`,
        toAppend: {
          concreteType: `${model}.table.RowSet`,
          tableId,
          headers: list.slice(0, 2),
          rows: [{ values: ['a', '1'] }, { values: ['b', '2'] }],
        },
      },
    ],
  });
  await ask('POST', `/repo/v1/entity/${tableId}/table/query/async/start`, {
    concreteType: `${model}.table.QueryBundleRequest`,
    entityId: tableId,
    query: { sql: `select * from ${tableId}` },
  });
  return view;
}

async function stockChallenge(owner: Owner, file: Answered): Promise<void> {
  const { ask, suffix, projectId } = owner;
  const { id: evaluationId = '' } = await ask('POST', '/repo/v1/evaluation', {
    name: `stock ${suffix}`,
    contentSource: projectId,
  });
  await ask('POST', `/repo/v1/evaluation/submission?etag=${file.etag ?? ''}`, {
    evaluationId,
    entityId: file.id,
    versionNumber: 1,
  });
  await ask('POST', `/repo/v1/evaluation/${evaluationId}/round`, {
    evaluationId,
    roundStart: '2101-01-01T00:00:00.000Z',
    roundEnd: '2101-02-01T00:00:00.000Z',
  });
  const { id: teamId } = await ask('POST', '/repo/v1/team', { name: `stock ${suffix}` });
  await ask('POST', '/repo/v1/membershipInvitation', { teamId, inviteeEmail: 'x@example.org' });
  await ask('POST', '/repo/v1/challenge', { projectId, participantTeamId: teamId });
}

async function stockTalk({ ask, projectId }: Owner, handleId: string): Promise<void> {
  await ask('POST', `/repo/v1/entity/${projectId}/wiki2`, {
    title: 'stock',
    markdownFileHandleId: handleId,
    attachmentFileHandleIds: [handleId],
  });
  const forum = await ask('GET', `/repo/v1/project/${projectId}/forum`);
  const thread = await ask('POST', '/repo/v1/thread', {
    forumId: forum.id,
    title: 'stock',
    messageMarkdown: 'text',
  });
  await ask('POST', '/repo/v1/reply', { threadId: thread.id, messageMarkdown: 'text' });
}

async function stockServices({ ask, suffix, projectId }: Owner, view: Answered): Promise<void> {
  const organizationName = `stock.org${suffix}`;
  await ask('POST', '/repo/v1/schema/organization', { organizationName });
  await ask('POST', '/repo/v1/schema/type/create/async/start', {
    concreteType: `${model}.schema.CreateSchemaRequest`,
    schema: { $id: `${organizationName}-thing`, type: 'object' },
  });
  await ask('POST', `/repo/v1/form/group?name=stock${suffix}`);
  await ask('POST', '/auth/v1/oauth2/client', {
    client_name: `stock ${suffix}`,
    redirect_uris: ['https://example.org/back'],
  });
  await ask('POST', '/repo/v1/webhook', {
    objectId: projectId,
    objectType: 'ENTITY',
    eventTypes: ['CREATE'],
    invokeEndpoint: 'https://hooks.execute-api.us-east-1.amazonaws.com/here',
    isEnabled: true,
  });
  await ask('POST', '/repo/v1/grid/session/async/start', {
    concreteType: `${model}.grid.CreateGridRequest`,
  });
  await ask('POST', '/repo/v1/curation/task', {
    projectId,
    dataType: `stock ${suffix}`,
    instructions: 'none',
    taskProperties: {
      concreteType: `${model}.curation.metadata.FileBasedMetadataTaskProperties`,
      uploadFolderId: projectId,
      fileViewId: view.id,
    },
  });
  await ask('POST', '/repo/v1/agent/session', { agentAccessLevel: 'PUBLICLY_ACCESSIBLE' });
  await ask('POST', '/auth/v1/personalAccessToken', { name: `stock ${suffix}`, scope: ['view'] });
}
