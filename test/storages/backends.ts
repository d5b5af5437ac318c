import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type * as M from '../../generated/models.js';
import {
  File,
  Folder,
  type Project,
  type Stored,
  type Synapse,
  type SynapseOptions,
} from '../../src/index.js';
import type { Clients } from '../entities/withClients.js';
import { FakeStore } from '../transfer/fakeStore.js';
import { startFtpServer } from './ftpServer.js';
import { useLocation } from './locations.js';
import { noSshServer, startSshServer } from './sshServer.js';

/** A kind of storage with files in it. */
export interface Backend {
  /** A client of its own cache that can use the storage. */
  open(options?: SynapseOptions): Promise<Synapse>;
  /** Where the storage takes uploads: the folder to upload to. */
  readonly parent?: Folder & Stored;
  /** Adds a file: with the client where the storage takes uploads, else like `link`. @returns the id of its entity */
  add(name: string, content: Buffer): Promise<string>;
  /** Writes a file to the storage without the client, and links it in Synapse. @returns the id of its entity */
  link(name: string, content: Buffer): Promise<string>;
  /** Replaces the content of a file in the storage, without the client. */
  replace(id: string, content: Buffer): Promise<void>;
  /** Deletes a file from the storage, without the client. */
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

/** What a kind of storage can do, and how to start one. */
export interface BackendKind {
  /** Why there can be none here; `undefined` when there can. */
  readonly missing?: string | undefined;
  readonly takesUploads: boolean;
  /** Files are used where they are, so nothing is transferred. */
  readonly isInPlace?: boolean;
  /** The result of a download when the file is replaced meanwhile: an error, the old file, or the new file. */
  readonly replaced: 'error' | 'old' | 'new';
  start(clients: Clients): Promise<Backend>;
}

/** Every kind of storage that the client reads. */
export const backends: Readonly<Record<string, BackendKind>> = {
  synapse: {
    takesUploads: true,
    replaced: 'error',
    start: (clients) => startBucket(clients, 'synapse'),
  },
  'S3, temporary credentials': {
    takesUploads: true,
    replaced: 'error',
    start: (clients) => startBucket(clients, 'sts'),
  },
  'S3, own credentials': {
    takesUploads: true,
    replaced: 'error',
    start: (clients) => startBucket(clients, 'profile'),
  },
  sftp: { takesUploads: true, replaced: 'error', missing: noSshServer, start: startSftp },
  ftp: { takesUploads: false, replaced: 'old', start: startFtp },
  http: { takesUploads: false, replaced: 'new', start: startHttp },
  local: { takesUploads: false, replaced: 'old', isInPlace: true, start: startLocal },
};

const settingTypes = 'org.sagebionetworks.repo.model.project';
const handleTypes = 'org.sagebionetworks.repo.model.file';
let count = 0;

/** How a bucket is accessed: with presigned URLs of Synapse, with temporary credentials, or with an AWS profile. */
type BucketAccess = 'synapse' | 'sts' | 'profile';

async function startBucket(clients: Clients, access: BucketAccess): Promise<Backend> {
  const bucket = `conformance-${access}`;
  const endpoint = `${clients.server.endpoint}/storage`;
  const sts = await locate(clients, await clients.open('alice'), {
    concreteType: `${settingTypes}.ExternalS3StorageLocationSetting`,
    bucket,
    stsEnabled: true,
  });
  const token = await sts.syn.storageLocations.getStsToken(sts.parent, {
    permission: 'read_write',
  });
  const { accessKeyId = '', secretAccessKey = '', sessionToken = '' } = token;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const s3 = new S3Client({ endpoint, forcePathStyle: true, region: 'us-east-1', credentials });
  const saved = { ...process.env };
  const config = `[transfer]\nuse_boto_sts = ${access === 'sts'}\n[${endpoint}/${bucket}]\nprofile_name = conformance\n`;
  const open = opener(clients, await clients.file('config', config));
  let place = sts;
  if (access === 'profile') {
    await useProfile(clients, credentials);
    place = await locate(clients, await open(), {
      concreteType: `${settingTypes}.ExternalObjectStorageLocationSetting`,
      endpointUrl: endpoint,
      bucket,
    });
  }
  const syn = await open();
  const { parent } = place;
  const objectOf = async (id: string): Promise<{ Bucket: string; Key: string }> => {
    const handle = await handleOf(syn, id);
    const key = 'fileKey' in handle ? handle.fileKey : 'key' in handle ? handle.key : undefined;
    return { Bucket: bucket, Key: key ?? '' };
  };
  return {
    open,
    parent,
    add: (name, content) => upload(clients, syn, parent, name, content),
    link: async (name, content) => {
      const key = `${randomUUID()}/${name}`;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
      const { storageLocationId } = place;
      const object = { ...describe(content), storageLocationId, bucket, key };
      const dataFileHandleId = await makeHandle(syn, access, object);
      const file = new File({ dataFileHandleId, parent, name: nextName() });
      return (await syn.store(file)).id;
    },
    replace: async (id, content) => {
      await s3.send(new PutObjectCommand({ ...(await objectOf(id)), Body: content }));
    },
    remove: async (id) => {
      await s3.send(new DeleteObjectCommand(await objectOf(id)));
    },
    close: () => {
      process.env = saved;
      s3.destroy();
      return Promise.resolve();
    },
  };
}

/** Creates an AWS profile and sets the environment of this process to use it. */
async function useProfile(
  clients: Clients,
  keys: Readonly<Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>>,
): Promise<void> {
  const profile = [
    '[conformance]',
    `aws_access_key_id = ${keys.accessKeyId}`,
    `aws_secret_access_key = ${keys.secretAccessKey}`,
    `aws_session_token = ${keys.sessionToken}`,
  ];
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = await clients.file('aws', profile.join('\n'));
  process.env['AWS_CONFIG_FILE'] = join(clients.folder, 'none');
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
}

/** Makes a file handle for an object that is in a bucket already. @returns its id */
async function makeHandle(
  syn: Synapse,
  access: BucketAccess,
  {
    bucket,
    key,
    ...rest
  }: ReturnType<typeof describe> &
    Record<'bucket' | 'key', string> &
    Pick<M.FileHandle, 'storageLocationId'>,
): Promise<string> {
  const { file } = syn.services;
  const { id = '' } =
    access === 'profile'
      ? await file.createExternalFileHandle({
          body: {
            ...rest,
            concreteType: `${handleTypes}.ExternalObjectStoreFileHandle`,
            fileKey: key,
          },
        })
      : await file.createExternalS3FileHandle({
          body: { ...rest, concreteType: `${handleTypes}.S3FileHandle`, bucketName: bucket, key },
        });
  return id;
}

function describe(content: Buffer): { contentMd5: string; contentSize: number; fileName: string } {
  const contentMd5 = createHash('md5').update(content).digest('hex');
  return { contentMd5, contentSize: content.length, fileName: 'linked.bin' };
}

function opener(clients: Clients, configPath: string): Backend['open'] {
  return (options) => clients.open('alice', { configPath, ...options });
}

async function startSftp(clients: Clients): Promise<Backend> {
  const server = await startSshServer();
  const login = `private_key = ${server.privateKey}\nknown_hosts = ${server.knownHosts}`;
  const configPath = await clients.file('config', `[sftp://127.0.0.1]\n${login}\n`);
  const open = opener(clients, configPath);
  const { syn, parent } = await locate(clients, await open(), {
    concreteType: `${settingTypes}.ExternalStorageLocationSetting`,
    uploadType: 'SFTP',
    url: `sftp://127.0.0.1:${server.port}${server.folder}/files`,
    supportsSubfolders: true,
  });
  const pathOf = async (id: string): Promise<string> =>
    decodeURIComponent(new URL(await urlOf(syn, id)).pathname);
  return {
    open,
    parent,
    add: (name, content) => upload(clients, syn, parent, name, content),
    link: async (name, content) => {
      const path = join(server.folder, 'linked', randomUUID(), name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      const address = path.split('/').map(encodeURIComponent).join('/');
      return storeLink(syn, parent, `sftp://127.0.0.1:${server.port}${address}`);
    },
    replace: async (id, content) => writeFile(await pathOf(id), content),
    remove: async (id) => rm(await pathOf(id)),
    close: () => server.close(),
  };
}

async function startFtp(clients: Clients): Promise<Backend> {
  const files = new Map<string, Buffer>();
  const pathOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));
  const server = await startFtpServer({ files });
  const backend = await linkedTo(clients, {
    urlOf: (folder, name) => `${server.url}/${folder}/${encodeURIComponent(name)}`,
    put: (url, content) => void files.set(pathOf(url), content),
    remove: (url) => void files.delete(pathOf(url)),
  });
  return { ...backend, close: () => server.close() };
}

async function startHttp(clients: Clients): Promise<Backend> {
  const store = await FakeStore.start();
  const keyOf = (url: string): string => new URL(url).pathname.slice(1);
  const backend = await linkedTo(clients, {
    urlOf: (folder, name) => `${store.url}/${folder}/${encodeURIComponent(name)}`,
    put: (url, content) => void store.put(keyOf(url), content),
    remove: (url) => void store.objects.delete(keyOf(url)),
  });
  return { ...backend, close: () => store.close() };
}

async function startLocal(clients: Clients): Promise<Backend> {
  const folder = dirname(await clients.file('none', ''));
  const backend = await linkedTo(clients, {
    urlOf: (subfolder, name) => pathToFileURL(join(folder, subfolder, name)).href,
    put: async (url, content) => {
      await mkdir(dirname(fileURLToPath(url)), { recursive: true });
      await writeFile(fileURLToPath(url), content);
    },
    remove: (url) => rm(fileURLToPath(url)),
  });
  return { ...backend, close: () => Promise.resolve() };
}

/** External files: Synapse has only their URLs. */
async function linkedTo(
  clients: Clients,
  store: {
    urlOf: (folder: string, name: string) => string;
    put: (url: string, content: Buffer) => Promise<void> | void;
    remove: (url: string) => Promise<void> | void;
  },
): Promise<Omit<Backend, 'close'>> {
  const open = (options?: SynapseOptions): Promise<Synapse> => clients.open('alice', options);
  const syn = await open();
  const parent = await clients.project(syn);
  const link = async (name: string, content: Buffer): Promise<string> => {
    const url = store.urlOf(randomUUID(), name);
    await store.put(url, content);
    return storeLink(syn, parent, url);
  };
  return {
    open,
    add: link,
    link,
    replace: async (id, content) => store.put(await urlOf(syn, id), content),
    remove: async (id) => store.remove(await urlOf(syn, id)),
  };
}

/** A folder whose files go to a storage location. */
interface Place {
  syn: Synapse;
  parent: Folder & Stored;
  storageLocationId: number;
}

async function locate(
  clients: Clients,
  syn: Synapse,
  setting: M.StorageLocationSetting,
): Promise<Place> {
  const project = await clients.project(syn);
  const parent = await syn.store(new Folder({ name: 'files', parent: project }));
  return { syn, parent, storageLocationId: await useLocation(syn, parent.id, setting) };
}

async function storeLink(
  syn: Synapse,
  parent: Project | Folder,
  externalUrl: string,
): Promise<string> {
  const file = new File({ externalUrl, synapseStore: false, parent, name: nextName() });
  return (await syn.store(file)).id;
}

async function upload(
  clients: Clients,
  syn: Synapse,
  parent: Folder & Stored,
  fileName: string,
  content: Buffer,
): Promise<string> {
  const path = await clients.file(fileName, content);
  return (await syn.store(new File({ path, parent, name: nextName() }))).id;
}

/** Names of entities may hold less than names of files. */
function nextName(): string {
  count += 1;
  return `file ${count}`;
}

/** What Synapse knows of a file's content. */
export async function handleOf(syn: Synapse, id: string): Promise<NonNullable<File['fileHandle']>> {
  const { fileHandle } = (await syn.get(id, { downloadFile: false })) as File;
  if (fileHandle === undefined) throw new Error(`${id} has no file handle`);
  return fileHandle;
}

async function urlOf(syn: Synapse, id: string): Promise<string> {
  const handle = await handleOf(syn, id);
  return 'externalURL' in handle ? (handle.externalURL ?? '') : '';
}
