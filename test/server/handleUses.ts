import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { classes, md5s, type Session, type Stored, type TestServer } from './entitySession.js';
import { uploadFile } from './filesClient.js';
import { csvUpload, partialRows, rowSet, tableModel, TableSession } from './tableSession.js';

const model = 'org.sagebionetworks.repo.model';

/** A request that names a file handle, ready to be sent with one handle or another. */
export interface HandleUse {
  readonly send: (handleId: string) => Promise<Answer>;
  /** A handle of the sender with which the request succeeds. @default any CSV file */
  readonly own?: string;
  /** Path that reads the object that the request changes. */
  readonly state?: string;
}

/** The user who sends a request. Everything in it belongs to this user, except the file handle. */
export interface Sender {
  readonly session: Session;
  readonly server: TestServer;
  readonly project: Stored;
}

/** Creates what a request needs. */
export type MakeUse = (sender: Sender) => HandleUse | Promise<HandleUse>;

interface Made {
  readonly id: string;
  readonly etag: string;
}

/** The body of an answer, which must be a success. */
export async function made<T = Made>(answer: Promise<Answer>): Promise<T> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body as T;
}

const ownHandle = ({ session }: Sender): Promise<string> => session.createHandle(md5s.a);

const entityFields = ({ project }: Sender, type: 'file' | 'recordset'): object => ({
  concreteType: classes[type],
  parentId: project.id,
  name: crypto.randomUUID(),
  ...(type === 'recordset' && { upsertKey: ['file'] }),
});

const createsEntity =
  (type: 'file' | 'recordset'): MakeUse =>
  (sender) => ({
    send: (dataFileHandleId) =>
      sender.session.post('/entity', { ...entityFields(sender, type), dataFileHandleId }),
  });

const createsBundle =
  (type: 'file' | 'recordset'): MakeUse =>
  (sender) => ({
    send: (dataFileHandleId) =>
      sender.session.post('/entity/bundle2/create', {
        entity: { ...entityFields(sender, type), dataFileHandleId },
      }),
  });

async function entityOf(sender: Sender, type: 'file' | 'recordset'): Promise<Stored> {
  const dataFileHandleId = await ownHandle(sender);
  return made(sender.session.post('/entity', { ...entityFields(sender, type), dataFileHandleId }));
}

const updatesEntity =
  (type: 'file' | 'recordset'): MakeUse =>
  async (sender) => {
    const entity = await entityOf(sender, type);
    const state = `/entity/${entity.id}`;
    return {
      state,
      send: (dataFileHandleId) => sender.session.put(state, { ...entity, dataFileHandleId }),
    };
  };

const updatesBundle =
  (type: 'file' | 'recordset'): MakeUse =>
  async (sender) => {
    const entity = await entityOf(sender, type);
    const state = `/entity/${entity.id}`;
    return {
      state,
      send: (dataFileHandleId) =>
        sender.session.put(`${state}/bundle2`, { entity: { ...entity, dataFileHandleId } }),
    };
  };

const replacesFile: MakeUse = async (sender) => {
  const entity = await entityOf(sender, 'file');
  return {
    own: await ownHandle(sender),
    state: `/entity/${entity.id}`,
    send: (newFileHandleId) =>
      sender.session.put(`/entity/${entity.id}/version/1/filehandle`, {
        oldFileHandleId: entity.dataFileHandleId,
        newFileHandleId,
      }),
  };
};

const createsRequirement: MakeUse = async ({ session }) => {
  const { id } = await session.create('project', { name: crypto.randomUUID() });
  return {
    state: `/entity/${id}/accessRequirement`,
    send: (ducTemplateFileHandleId) =>
      session.post('/accessRequirement', {
        concreteType: `${model}.ManagedACTAccessRequirement`,
        accessType: 'DOWNLOAD',
        subjectIds: [{ id, type: 'ENTITY' }],
        ducTemplateFileHandleId,
      }),
  };
};

/** Creates a requirement with a file of the sender. */
async function requirementOf(sender: Sender): Promise<{ readonly id: number }> {
  const { send } = await createsRequirement(sender);
  return made(send(await ownHandle(sender)));
}

const updatesRequirement: MakeUse = async (sender) => {
  const requirement = await requirementOf(sender);
  const state = `/accessRequirement/${requirement.id}`;
  return {
    state,
    send: (ducTemplateFileHandleId) =>
      sender.session.put(state, { ...requirement, ducTemplateFileHandleId }),
  };
};

const asksForData =
  (type: 'Renewal' | 'Request', field: string, isList = false): MakeUse =>
  async (sender) => {
    const { session } = sender;
    const { id } = await requirementOf(sender);
    const research = await made(
      session.post('/researchProject', {
        accessRequirementId: String(id),
        institution: 'Sage',
        projectLead: 'Bob',
        intendedDataUseStatement: 'Cures.',
      }),
    );
    const first = {
      concreteType: `${model}.dataaccess.Request`,
      accessRequirementId: String(id),
      researchProjectId: research.id,
    };
    // A renewal replaces a request.
    const request =
      type === 'Request'
        ? first
        : {
            ...(await made<object>(session.post('/dataAccessRequest', first))),
            concreteType: `${model}.dataaccess.Renewal`,
          };
    return {
      state: `/accessRequirement/${id}/dataAccessRequestForUpdate`,
      send: (handleId) =>
        session.post('/dataAccessRequest', { ...request, [field]: isList ? [handleId] : handleId }),
    };
  };

async function formGroup({ session }: Sender): Promise<string> {
  const name = `Group ${crypto.randomUUID()}`;
  const { groupId } = await made<{ groupId: string }>(
    session.post(`/form/group?name=${encodeURIComponent(name)}`, undefined),
  );
  return groupId;
}

const createsForm: MakeUse = async (sender) => {
  const groupId = await formGroup(sender);
  return {
    send: (fileHandleId) =>
      sender.session.post(`/form/data?groupId=${groupId}`, { name: 'form', fileHandleId }),
  };
};

const updatesForm: MakeUse = async (sender) => {
  const created = await createsForm(sender);
  const { formDataId } = await made<{ formDataId: string }>(created.send(await ownHandle(sender)));
  return {
    send: (fileHandleId) =>
      sender.session.put(`/form/data/${formDataId}`, { name: 'form', fileHandleId }),
  };
};

const sendsMessage: MakeUse = ({ session, server }) => ({
  state: '/message/outbox',
  send: (fileHandleId) =>
    session.post('/message', { fileHandleId, recipients: [String(server.userId('bob'))] }),
});

const writesToOwner: MakeUse = ({ session, project }) => ({
  state: '/message/outbox',
  send: (fileHandleId) => session.post(`/entity/${project.id}/message`, { fileHandleId }),
});

const createsTeam: MakeUse = ({ session }) => {
  const name = `Team ${crypto.randomUUID()}`;
  return {
    state: `/teams?fragment=${name}`,
    send: (icon) => session.post('/team', { name, icon }),
  };
};

const updatesTeam: MakeUse = async ({ session }) => {
  const team = await made(session.post('/team', { name: `Team ${crypto.randomUUID()}` }));
  return {
    state: `/team/${team.id}`,
    send: (icon) => session.put('/team', { ...team, icon }),
  };
};

const updatesProfile: MakeUse = async ({ session }) => {
  const profile = await made<M.UserProfile>(session.get('/userProfile'));
  return {
    state: '/userProfile',
    send: (profilePicureFileHandleId) =>
      session.put('/userProfile', { ...profile, profilePicureFileHandleId }),
  };
};

const asksForVerification: MakeUse = async ({ session }) => {
  const profile = (await session.get('/userProfile')).body as M.UserProfile;
  const own = { ...profile, company: 'Lab', location: 'Here' };
  await made(session.put('/userProfile', own));
  const { firstName, lastName, company, location, emails } = own;
  return {
    state: '/user/bundle?mask=63',
    send: (id) =>
      session.post('/verificationSubmission', {
        firstName,
        lastName,
        company,
        location,
        emails,
        attachments: [{ id }],
      }),
  };
};

type Owner = 'access_requirement' | 'entity' | 'evaluation';

async function wikiOwner(sender: Sender, owner: Owner): Promise<string> {
  const { session, project } = sender;
  if (owner === 'entity') {
    const name = crypto.randomUUID();
    return (await session.create('folder', { name, parentId: project.id })).id;
  }
  if (owner === 'access_requirement') return String((await requirementOf(sender)).id);
  const evaluation = { name: crypto.randomUUID(), contentSource: project.id, status: 'OPEN' };
  return (await made(session.post('/evaluation', evaluation))).id;
}

type WikiField = 'attachments' | 'markdown';

async function pageWith(sender: Sender, field: WikiField, handleId: string): Promise<object> {
  return field === 'markdown'
    ? { markdownFileHandleId: handleId }
    : { markdownFileHandleId: await ownHandle(sender), attachmentFileHandleIds: [handleId] };
}

const createsPage =
  (owner: Owner, field: WikiField): MakeUse =>
  async (sender) => {
    const path = `/${owner}/${await wikiOwner(sender, owner)}/wiki2`;
    return {
      send: async (id) => sender.session.post(path, await pageWith(sender, field, id)),
    };
  };

const updatesPage =
  (owner: Owner, field: WikiField): MakeUse =>
  async (sender) => {
    const path = `/${owner}/${await wikiOwner(sender, owner)}/wiki2`;
    const page = await made(
      sender.session.post(path, { markdownFileHandleId: await ownHandle(sender) }),
    );
    const state = `${path}/${page.id}`;
    return {
      state,
      send: async (id) =>
        sender.session.put(state, { ...page, ...(await pageWith(sender, field, id)) }),
    };
  };

const createsTextPage =
  (owner: Owner): MakeUse =>
  async (sender) => {
    const path = `/${owner}/${await wikiOwner(sender, owner)}/wiki`;
    return { send: (id) => sender.session.post(path, { attachmentFileHandleIds: [id] }) };
  };

const updatesTextPage =
  (owner: Owner): MakeUse =>
  async (sender) => {
    const path = `/${owner}/${await wikiOwner(sender, owner)}/wiki`;
    const page = await made(sender.session.post(path, { markdown: 'text' }));
    const state = `${path}/${page.id}`;
    return {
      state,
      send: (id) => sender.session.put(state, { ...page, attachmentFileHandleIds: [id] }),
    };
  };

type Changes = (table: Stored, column: M.ColumnModel, handleId: string) => object;

const cells: Changes = ({ id }, column, handleId) =>
  rowSet(id, [column as Parameters<typeof rowSet>[1][number]], [{ values: [handleId] }]);

const partialCells: Changes = ({ id }, column, handleId) =>
  partialRows(id, [{ values: { [column.id ?? '']: handleId } }]);

const csvRows: Changes = (_table, _column, handleId) => csvUpload(handleId);

/** Starts a job in one of the two ways, and gets its answer by the path of its kind. */
async function job(
  session: Session,
  { path, request, generic }: { path: string; request: object; generic: boolean },
): Promise<Answer> {
  if (!generic) return session.run(path, request);
  const { jobId } = await made<{ jobId: string }>(session.post('/asynchronous/job', request));
  return session.get(`${path}/async/get/${jobId}`);
}

const changesTable =
  (changes: Changes, generic = false, columnType: M.ColumnType = 'FILEHANDLEID'): MakeUse =>
  async ({ session }) => {
    const tables = new TableSession(session);
    const columns = await tables.columns({ name: 'file', columnType });
    const table = await tables.table(columns);
    const [column = {}] = columns;
    const path = `/entity/${table.id}/table/transaction`;
    return {
      state: `/entity/${table.id}`,
      send: (handleId) => {
        const request = {
          concreteType: `${tableModel}.TableUpdateTransactionRequest`,
          entityId: table.id,
          changes: [changes(table, column, handleId)],
        };
        return job(session, { path, request, generic });
      },
    };
  };

const uploadsCsv =
  (generic = false): MakeUse =>
  async ({ session }) => {
    const tables = new TableSession(session);
    const table = await tables.table(await tables.columns({ name: 'file', columnType: 'INTEGER' }));
    const path = `/entity/${table.id}/table/upload/csv`;
    return {
      state: `/entity/${table.id}`,
      send: (id) => {
        const request = { ...csvUpload(id), tableId: table.id, entityId: table.id };
        return job(session, { path, request, generic });
      },
    };
  };

const previewsCsv =
  (generic = false): MakeUse =>
  ({ session }) => ({
    send: (uploadFileHandleId) => {
      const concreteType = `${tableModel}.UploadToTablePreviewRequest`;
      const request = { concreteType, uploadFileHandleId };
      return job(session, { path: '/table/upload/csv/preview', request, generic });
    },
  });

const importsCsv =
  (generic = false): MakeUse =>
  async (sender) => {
    const { session } = sender;
    const concreteType = `${model}.grid.CreateGridRequest`;
    const { id: dataFileHandleId } = await csvFile(session);
    const { id: recordSetId } = await made(
      session.post('/entity', { ...entityFields(sender, 'recordset'), dataFileHandleId }),
    );
    const created = await made<{ gridSession: { sessionId: string } }>(
      session.run('/grid/session', { concreteType, recordSetId }),
    );
    const { sessionId } = created.gridSession;
    return {
      send: (fileHandleId) => {
        const request = {
          concreteType: `${model}.grid.GridCsvImportRequest`,
          sessionId,
          fileHandleId,
          csvDescriptor: { isFirstLineHeader: true },
          schema: [{ name: 'file', columnType: 'INTEGER' }],
        };
        return job(session, { path: '/grid/import/csv', request, generic });
      },
    };
  };

/** Uploads the CSV file that every job here can read. */
export function csvFile(session: Session): Promise<Required<M.S3FileHandle>> {
  const text = `file\n${crypto.getRandomValues(new Uint16Array(1))[0] ?? 0}\n`;
  return uploadFile(session, Buffer.from(text), { fileName: 'a.csv', contentType: 'text/csv' });
}

const copiesInto: MakeUse = async ({ session }) => {
  const { storageLocationId } = await made<{ storageLocationId: number }>(
    session.post('/storageLocation', {
      concreteType: `${model}.project.ExternalS3StorageLocationSetting`,
      bucket: `uses-${crypto.randomUUID()}`,
    }),
  );
  return {
    send: (fileHandleId) =>
      session.post('/file/v1/file/multipart', {
        concreteType: `${model}.file.MultipartUploadCopyRequest`,
        sourceFileHandleAssociation: {
          fileHandleId,
          associateObjectId: 'syn1',
          associateObjectType: 'FileEntity',
        },
        partSizeBytes: 5 * 1024 ** 2,
        storageLocationId,
      }),
  };
};

const generic = 'asynchronousJob.startAsynchronousJob';
const requests = 'dataAccess.createOrUpdateDataAccessRequest';

/** The requests that a file handle of another user is refused in, by {@link handleFields}. */
export const refusedUses: Readonly<Record<string, MakeUse>> = {
  'accessRequirement.createAccessRequirement ManagedACTAccessRequirement.ducTemplateFileHandleId':
    createsRequirement,
  'accessRequirement.updateAccessRequirement ManagedACTAccessRequirement.ducTemplateFileHandleId':
    updatesRequirement,
  [`${generic} PartialRow.values`]: changesTable(partialCells, true),
  [`${generic} Row.values`]: changesTable(cells, true),
  [`${generic} GridCsvImportRequest.fileHandleId`]: importsCsv(true),
  [`${generic} UploadToTableRequest.uploadFileHandleId`]: uploadsCsv(true),
  [`${generic} UploadToTablePreviewRequest.uploadFileHandleId`]: previewsCsv(true),
  [`${requests} Renewal.ducFileHandleId`]: asksForData('Renewal', 'ducFileHandleId'),
  [`${requests} Renewal.irbFileHandleId`]: asksForData('Renewal', 'irbFileHandleId'),
  [`${requests} Renewal.attachments`]: asksForData('Renewal', 'attachments', true),
  [`${requests} Request.ducFileHandleId`]: asksForData('Request', 'ducFileHandleId'),
  [`${requests} Request.irbFileHandleId`]: asksForData('Request', 'irbFileHandleId'),
  [`${requests} Request.attachments`]: asksForData('Request', 'attachments', true),
  'entity.createEntity FileEntity.dataFileHandleId': createsEntity('file'),
  'entity.createEntity RecordSet.dataFileHandleId': createsEntity('recordset'),
  'entity.updateEntity FileEntity.dataFileHandleId': updatesEntity('file'),
  'entity.updateEntity RecordSet.dataFileHandleId': updatesEntity('recordset'),
  'entity.updateEntityVersionFileHandle FileHandleUpdateRequest.newFileHandleId': replacesFile,
  'entityBundle.createEntityBundle FileEntity.dataFileHandleId': createsBundle('file'),
  'entityBundle.createEntityBundle RecordSet.dataFileHandleId': createsBundle('recordset'),
  'entityBundle.updateEntityBundle FileEntity.dataFileHandleId': updatesBundle('file'),
  'entityBundle.updateEntityBundle RecordSet.dataFileHandleId': updatesBundle('recordset'),
  'file.createMultipartUpload FileHandleAssociation.fileHandleId': copiesInto,
  'form.createFormData FormChangeRequest.fileHandleId': createsForm,
  'form.updateFormData FormChangeRequest.fileHandleId': updatesForm,
  'grid.startGridCsvImport GridCsvImportRequest.fileHandleId': importsCsv(),
  'message.sendMessage MessageToUser.fileHandleId': sendsMessage,
  'message.sendMessageToEntityOwner MessageToUser.fileHandleId': writesToOwner,
  'table.startTableCsvUpload UploadToTableRequest.uploadFileHandleId': uploadsCsv(),
  'table.startTableCsvUploadPreview UploadToTablePreviewRequest.uploadFileHandleId': previewsCsv(),
  'table.startTableTransaction PartialRow.values': changesTable(partialCells),
  'table.startTableTransaction Row.values': changesTable(cells),
  'table.startTableTransaction UploadToTableRequest.uploadFileHandleId': changesTable(
    csvRows,
    false,
    'INTEGER',
  ),
  'team.createTeam Team.icon': createsTeam,
  'team.updateTeam Team.icon': updatesTeam,
  'userProfile.updateMyUserProfile UserProfile.profilePicureFileHandleId': updatesProfile,
  'verification.createVerificationSubmission AttachmentMetadata.id': asksForVerification,
  ...wikiUses('access_requirement', 'AccessRequirement'),
  ...wikiUses('entity', 'Entity'),
  ...wikiUses('evaluation', 'Evaluation'),
};

function wikiUses(owner: Owner, name: string): Record<string, MakeUse> {
  const create = `wiki.create${name}WikiPage`;
  const update = `wiki.update${name}WikiPage`;
  return {
    [`${create} V2WikiPage.markdownFileHandleId`]: createsPage(owner, 'markdown'),
    [`${create} V2WikiPage.attachmentFileHandleIds`]: createsPage(owner, 'attachments'),
    [`${update} V2WikiPage.markdownFileHandleId`]: updatesPage(owner, 'markdown'),
    [`${update} V2WikiPage.attachmentFileHandleIds`]: updatesPage(owner, 'attachments'),
    [`wikiV1.create${name}WikiPageV1 WikiPage.attachmentFileHandleIds`]: createsTextPage(owner),
    [`wikiV1.update${name}WikiPageV1 WikiPage.attachmentFileHandleIds`]: updatesTextPage(owner),
  };
}
