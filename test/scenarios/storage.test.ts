import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import type * as M from '../../generated/models.js';
import {
  File,
  Folder,
  Project,
  type StorageLocationInput,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients, type Clients } from '../entities/withClients.js';
import { callsOf } from './callsOf.js';
import { comparable } from './comparable.js';

/**
 * A data manager moves a project into the bucket of the lab: the project gets the bucket, the files that are there are copied, new ones
 * go there, some folders use other storages, one has temporary credentials, and one goes back to the storage of Synapse.
 */
const ours = withClients();
const raw = withClients();

const secretKey = 'the-key-that-the-proxy-and-synapse-know';
const oldContent = 'mouse,hours\nA,12\nB,11\n';
const newContent = 'mouse,hours\nC,10\n';
const alignedContent = 'aligned reads';

/** The folders of other kinds of storage. */
const otherKinds: readonly Exclude<StorageLocationInput, { kind: 'proxy' }>[] = [
  { kind: 'synapseS3', description: 'in Synapse' },
  { kind: 'externalGoogleCloud', bucket: 'lab-google', baseKey: 'mice' },
  { kind: 'externalSftp', url: 'sftp://files.example.org/mice', supportsSubfolders: true },
  { kind: 'externalHttps', url: 'https://files.example.org/mice', banner: 'Read only' },
  {
    kind: 'externalObjectStore',
    endpointUrl: 'https://objects.example.org',
    bucket: 'lab-objects',
  },
];

/** What the scenario has made, by name. */
type Ids = Record<string, string>;

async function throughTheClient(clients: Clients, syn: Synapse): Promise<Ids> {
  const { storageLocations } = syn;
  const ids: Ids = {};
  const store = async <T extends File | Folder | Project>(name: string, entity: T) => {
    const stored = await syn.store(entity);
    ids[name] = stored.id;
    return stored;
  };
  const keep = (name: string, { storageLocationId }: { storageLocationId: number }) => {
    ids[`location of ${name}`] = String(storageLocationId);
    return storageLocationId;
  };

  const study = await store('study', new Project({ name: 'Sleep of mice' }));
  const oldPath = await clients.file('old.csv', oldContent);
  const old = await store('old', new File({ path: oldPath, parent: study }));

  const bucket = await storageLocations.create({
    kind: 'externalS3',
    bucket: 'lab-data',
    baseKey: 'mice',
    description: 'the bucket of the lab',
  });
  keep('bucket', bucket);
  await storageLocations.use(study, bucket);
  const { storageLocationId } = bucket;
  const copy = await storageLocations.copyFile(old, { storageLocationId });
  old.dataFileHandleId = copy;
  delete old.path;
  await store('old', old);
  const newPath = await clients.file('new.csv', newContent);
  await store('new', new File({ path: newPath, parent: study }));

  for (const input of otherKinds) {
    const folder = await store(input.kind, new Folder({ name: input.kind, parent: study }));
    const location = await storageLocations.create(input);
    keep(input.kind, location);
    await storageLocations.use(folder, location);
  }
  const behind = await store('proxy', new Folder({ name: 'proxy', parent: study }));
  const proxy = await storageLocations.create({
    kind: 'proxy',
    proxyUrl: 'https://proxy.example.org',
    secretKey,
    benefactorId: study,
  });
  keep('proxy', proxy);
  await storageLocations.use(behind, proxy);
  const handle = await syn.fileHandles.createExternal({
    kind: 'proxy',
    filePath: 'mice/old.csv',
    path: oldPath,
    storageLocationId: proxy,
  });
  const dataFileHandleId = handle.id ?? '';
  await store('proxied', new File({ name: 'old.csv', parent: behind, dataFileHandleId }));

  const aligned = await storageLocations.createS3Folder({
    parent: study,
    folderName: 'aligned',
    bucket: 'lab-data',
    baseKey: 'aligned',
    stsEnabled: true,
  });
  ids['aligned'] = aligned.folderId;
  keep('aligned', aligned.location);
  const bam = await clients.file('reads.bam', alignedContent);
  await store('reads', new File({ path: bam, parent: aligned.folderId }));
  await storageLocations.getStsToken(aligned.folderId, { permission: 'read_write' });

  const google = ids['externalGoogleCloud'] ?? '';
  await storageLocations.use(google, storageLocationId, { add: true });
  await storageLocations.reset(ids['externalHttps'] ?? '');
  await storageLocations.use(ids['synapseS3'] ?? '', null);
  return ids;
}

const settingType = 'org.sagebionetworks.repo.model.project.UploadDestinationListSetting' as const;
const md5Of = (content: string): string => createHash('md5').update(content).digest('hex');

/** The same through raw operations. */
async function throughOperations(syn: Synapse): Promise<Ids> {
  const { entity, file, projectSettings } = syn.services;
  const ids: Ids = {};
  const create = async (name: string, body: M.Entity): Promise<string> => {
    const { id = '' } = await entity.createEntity({ body });
    ids[name] = id;
    return id;
  };
  const folder = (name: string): Promise<string> =>
    create(name, { concreteType: 'org.sagebionetworks.repo.model.Folder', name, parentId: study });
  const fileEntity = (name: string, fileName: string, parentId: string, handle: string) =>
    create(name, {
      concreteType: 'org.sagebionetworks.repo.model.FileEntity',
      name: fileName,
      parentId,
      dataFileHandleId: handle,
    });
  const finish = async (request: M.MultipartUploadRequest | M.MultipartUploadCopyRequest) => {
    const { uploadId } = await file.createMultipartUpload({ body: request });
    const { partPresignedUrls } = await file.getMultipartUploadUrlBatch({
      uploadId,
      body: { uploadId, partNumbers: [1] },
    });
    return { uploadId, part: partPresignedUrls[0] };
  };
  const complete = async (uploadId: string, partMD5Hex: string): Promise<string> => {
    await file.addMultipartUploadPart({ uploadId, partNumber: 1, partMD5Hex });
    const done = await file.completeMultipartUpload({ uploadId });
    return done.resultFileHandleId ?? '';
  };
  const upload = async (fileName: string, content: string, location: number): Promise<string> => {
    const { uploadId, part } = await finish({
      concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
      fileName,
      fileSizeBytes: content.length,
      contentMD5Hex: md5Of(content),
      contentType: fileName.endsWith('.csv') ? 'text/csv' : 'application/octet-stream',
      partSizeBytes: 8 * 1024 * 1024,
      storageLocationId: location,
      generatePreview: true,
    });
    await fetch(part?.uploadPresignedUrl ?? '', { method: 'PUT', body: content });
    return complete(uploadId, md5Of(content));
  };
  const locate = async (name: string, body: M.StorageLocationSetting): Promise<number> => {
    const { storageLocationId = 0 } = await projectSettings.createStorageLocation({ body });
    ids[`location of ${name}`] = String(storageLocationId);
    return storageLocationId;
  };
  const use = (projectId: string, ...locations: number[]) =>
    projectSettings.createProjectSetting({
      body: { concreteType: settingType, settingsType: 'upload', projectId, locations },
    });

  const study = await create('study', {
    concreteType: 'org.sagebionetworks.repo.model.Project',
    name: 'Sleep of mice',
  });
  const old = await fileEntity('old', 'old.csv', study, await upload('old.csv', oldContent, 1));

  const packageName = 'org.sagebionetworks.repo.model.project';
  const bucket = await locate('bucket', {
    concreteType: `${packageName}.ExternalS3StorageLocationSetting`,
    uploadType: 'S3',
    bucket: 'lab-data',
    baseKey: 'mice',
    description: 'the bucket of the lab',
  });
  await use(study, bucket);
  const current = (await entity.getEntity({ id: old })) as M.FileEntity;
  const copying = await finish({
    concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadCopyRequest',
    sourceFileHandleAssociation: {
      fileHandleId: current.dataFileHandleId ?? '',
      associateObjectId: old,
      associateObjectType: 'FileEntity',
    },
    storageLocationId: bucket,
    partSizeBytes: 100 * 1024 * 1024,
    generatePreview: true,
    fileName: 'old.csv',
  });
  const copied = await fetch(copying.part?.uploadPresignedUrl ?? '', {
    method: 'PUT',
    headers: copying.part?.signedHeaders ?? {},
  });
  const [, etag = ''] = /([0-9a-f]{32})/.exec(await copied.text()) ?? [];
  const dataFileHandleId = await complete(copying.uploadId, etag);
  await entity.updateEntity({
    id: old,
    newVersion: true,
    body: { ...current, dataFileHandleId, versionLabel: undefined },
  });
  await fileEntity('new', 'new.csv', study, await upload('new.csv', newContent, bucket));

  const bodies: Readonly<Record<string, M.StorageLocationSetting>> = {
    synapseS3: {
      concreteType: `${packageName}.S3StorageLocationSetting`,
      uploadType: 'S3',
      description: 'in Synapse',
    },
    externalGoogleCloud: {
      concreteType: `${packageName}.ExternalGoogleCloudStorageLocationSetting`,
      uploadType: 'GOOGLECLOUDSTORAGE',
      bucket: 'lab-google',
      baseKey: 'mice',
    },
    externalSftp: {
      concreteType: `${packageName}.ExternalStorageLocationSetting`,
      uploadType: 'SFTP',
      url: 'sftp://files.example.org/mice',
      supportsSubfolders: true,
    },
    externalHttps: {
      concreteType: `${packageName}.ExternalStorageLocationSetting`,
      uploadType: 'HTTPS',
      url: 'https://files.example.org/mice',
      banner: 'Read only',
    },
    externalObjectStore: {
      concreteType: `${packageName}.ExternalObjectStorageLocationSetting`,
      uploadType: 'S3',
      endpointUrl: 'https://objects.example.org',
      bucket: 'lab-objects',
    },
    proxy: {
      concreteType: `${packageName}.ProxyStorageLocationSettings`,
      uploadType: 'PROXYLOCAL',
      proxyUrl: 'https://proxy.example.org',
      secretKey,
      benefactorId: study,
    },
  };
  const settings: Record<string, M.ProjectSetting> = {};
  for (const [name, body] of Object.entries(bodies)) {
    settings[name] = await use(await folder(name), await locate(name, body));
  }
  const proxied = await file.createExternalFileHandle({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.file.ProxyFileHandle',
      storageLocationId: Number(ids['location of proxy']),
      filePath: 'mice/old.csv',
      fileName: 'old.csv',
      contentType: 'text/csv',
      contentMd5: md5Of(oldContent),
      contentSize: oldContent.length,
    },
  });
  await fileEntity('proxied', 'old.csv', ids['proxy'] ?? '', proxied.id ?? '');

  const aligned = await locate('aligned', {
    concreteType: `${packageName}.ExternalS3StorageLocationSetting`,
    uploadType: 'S3',
    bucket: 'lab-data',
    baseKey: 'aligned',
    stsEnabled: true,
  });
  await use(await folder('aligned'), aligned);
  const reads = await upload('reads.bam', alignedContent, aligned);
  await fileEntity('reads', 'reads.bam', ids['aligned'] ?? '', reads);
  await entity.getEntityStsCredentials({ id: ids['aligned'] ?? '', permission: 'read_write' });

  const change = (name: string, ...locations: number[]) =>
    projectSettings.updateProjectSetting({
      body: { ...settings[name], locations } as M.ProjectSetting,
    });
  await change('externalGoogleCloud', Number(ids['location of externalGoogleCloud']), bucket);
  await projectSettings.deleteProjectSetting({ id: settings['externalHttps']?.id ?? '' });
  await change('synapseS3', 1);
  return ids;
}

/** What the scenario has left, without what is random: ids of settings and handles, and the parts of keys that Synapse makes. */
async function stateOf(syn: Synapse, ids: Ids): Promise<unknown> {
  const { entity, file, projectSettings, projectStorage } = syn.services;
  const state: Record<string, unknown> = {};
  for (const [name, id] of Object.entries(ids).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (name.startsWith('location of ')) {
      state[name] = await projectSettings.getStorageLocation({ id });
      continue;
    }
    const { concreteType, ...rest } = await entity.getEntity({ id });
    const { list } = await file.listUploadDestinationLocations({ id });
    const setting = await projectSettings.getProjectSettingByType({
      projectId: id,
      type: 'upload',
    });
    state[name] = {
      entity: { concreteType, ...rest, dataFileHandleId: undefined, versionLabel: undefined },
      list,
      setting: setting && { ...setting, id: undefined },
      handle: concreteType.endsWith('.FileEntity') ? await handleOf(syn, id) : undefined,
    };
  }
  const projectId = ids['study'] ?? '';
  const { locations = [] } = await projectStorage.getProjectStorageUsage({ projectId });
  const order = (usage: M.ProjectStorageLocationUsage): number => usage.storageLocationId ?? 0;
  return { ...state, usage: locations.sort((a, b) => order(a) - order(b)) };
}

async function handleOf(syn: Synapse, id: string): Promise<unknown> {
  const { list } = await syn.services.entity.listEntityFileHandles({ id });
  return list.map((handle) => {
    const { key, ...rest } = { key: '', ...handle };
    return { ...rest, id: undefined, previewId: undefined, key: key.replace(/[^/]{36}|\d+/g, '*') };
  });
}

test('the same state is left by this client and by raw operations, and no call could be saved', async () => {
  const syn = await ours.open('alice');
  const { result: ids, calls } = await callsOf(ours.server, () => throughTheClient(ours, syn));
  const other = await raw.open('alice');
  const rawIds = await throughOperations(other);
  expect(Object.keys(ids).sort()).toEqual(Object.keys(rawIds).sort());
  expect(comparable(await stateOf(syn, ids), ids)).toEqual(
    comparable(await stateOf(other, rawIds), rawIds),
  );
  expect(calls).toEqual({
    'PUT /storage': 4,
    'entity.createEntity': 12,
    'entity.getEntityChildId': 4,
    'entity.getEntityStsCredentials': 1,
    'entity.updateEntity': 1,
    'entityBundle.getEntityBundle': 2,
    'entityBundle.getEntityVersionBundle': 1,
    'file.addMultipartUploadPart': 4,
    'file.completeMultipartUpload': 4,
    'file.createExternalFileHandle': 1,
    'file.createMultipartUpload': 4,
    // Once for each container with uploads, and again after its setting has changed.
    'file.getDefaultUploadDestination': 3,
    'file.getMultipartUploadUrlBatch': 4,
    'projectSettings.createProjectSetting': 8,
    'projectSettings.createStorageLocation': 8,
    'projectSettings.deleteProjectSetting': 1,
    // Before each setting of a container that may have one already; not for the folder that was created with its location.
    'projectSettings.getProjectSettingByType': 10,
    'projectSettings.updateProjectSetting': 2,
  });

  const reader = await ours.open('alice');
  const content = async (name: string): Promise<string> => {
    const file = (await reader.get(ids[name] ?? '')) as File & Stored;
    return readFile(file.path ?? '', 'utf8');
  };
  expect(await content('old')).toBe(oldContent);
  expect(await content('new')).toBe(newContent);
  expect(await content('reads')).toBe(alignedContent);
});
