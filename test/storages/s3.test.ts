import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  NoCredentialsError,
  SynapseHttpError,
  type Progress,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { presignS3 } from '../../src/storages/s3/presignS3.js';
import { createPresigner, encodeKey } from '../../src/server/files/sigV4.js';
import { startSynapse } from '../cli/runSynapse.js';
import { withClients } from '../entities/withClients.js';
import { useLocation } from './locations.js';

const types = 'org.sagebionetworks.repo.model.project' as const;
const mebibyte = 1024 * 1024;
const clients = withClients();
let syn: Synapse;
let direct: Folder & Stored;
let directLocation: number;
beforeAll(async () => {
  const configPath = await clients.file('config', '[transfer]\nuse_boto_sts = true\n');
  syn = await clients.open('alice', { configPath });
  direct = await syn.store(new Folder({ name: 'direct', parent: await clients.project(syn) }));
  directLocation = await useLocation(syn, direct.id, {
    concreteType: `${types}.ExternalS3StorageLocationSetting`,
    bucket: 'direct-bucket',
    baseKey: 'base key',
    stsEnabled: true,
  });
});

async function get(id: string): Promise<Buffer> {
  const reader = await clients.open('alice', { configPath: syn.config.path });
  const file = await reader.get(id);
  return readFile((file as File).path ?? '');
}

/** The SDK as anybody has it, with the credentials of the folder. */
async function ownClient(): Promise<S3Client> {
  const token = await syn.storageLocations.getStsToken(direct, { permission: 'read_write' });
  return new S3Client({
    endpoint: `${clients.server.endpoint}/storage`,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: {
      accessKeyId: token.accessKeyId ?? '',
      secretAccessKey: token.secretAccessKey ?? '',
      sessionToken: token.sessionToken ?? '',
    },
  });
}

describe('a bucket with temporary credentials', () => {
  test('takes a small file with one request', async () => {
    const content = randomBytes(1000);
    const path = await clients.file('small (file)+1.bin', content);
    let stored: (File & Stored) | undefined;
    const calls = await clients.calls(async () => {
      stored = await syn.store(new File({ path, parent: direct }));
    });
    expect(calls).toEqual([
      'entity.getEntityChildId',
      'file.getDefaultUploadDestination',
      'entity.getEntityStsCredentials',
      'PUT /storage',
      'file.createExternalS3FileHandle',
      'entity.createEntity',
    ]);
    expect(stored?.fileHandle).toMatchObject({
      bucketName: 'direct-bucket',
      key: expect.stringMatching(/^base key\/[0-9a-f-]{36}\/small \(file\)\+1\.bin$/) as unknown,
      contentMd5: createHash('md5').update(content).digest('hex'),
      contentSize: 1000,
      storageLocationId: directLocation,
    });
    expect(await get(stored?.id ?? '')).toEqual(content);
    // What was sent once is not sent again.
    const again = await clients.calls(async () => {
      await syn.store(new File({ path, parent: direct }));
    });
    expect(again).not.toContain('PUT /storage');
  });

  test('takes a large file in parts', async () => {
    const content = randomBytes(20 * mebibyte + 7);
    const path = await clients.file('large.bin', content);
    const events: Progress[] = [];
    const onProgress = (event: Progress) => void events.push(event);
    let id = '';
    const calls = await clients.calls(async () => {
      ({ id } = await syn.store(new File({ path, parent: direct }), { onProgress }));
    });
    // The parts, and the request before them and after them.
    expect(calls.filter((call) => call === 'PUT /storage')).toHaveLength(3);
    expect(calls.filter((call) => call === 'POST /storage')).toHaveLength(2);
    const upload = events.filter(({ kind }) => kind === 'upload');
    expect(upload.map(({ state }) => state)).toEqual([
      'start',
      'progress',
      'progress',
      'progress',
      'done',
    ]);
    expect(upload.at(-1)).toMatchObject({ transferredBytes: content.length, path });

    const reads = await clients.calls(async () => {
      // Not toEqual, which takes minutes for so much.
      expect((await get(id)).equals(content)).toBe(true);
    });
    expect(reads).not.toContain('file.getFileHandleBatch');
    expect(reads.filter((call) => call === 'GET /storage').length).toBeGreaterThan(1);
    expect(await buffer(await syn.download(id, { range: { start: 5, end: 9 } }))).toEqual(
      content.subarray(5, 9),
    );
  });

  test('is gone around unless the configuration says so', async () => {
    const plain = await clients.open('alice');
    const path = await clients.file('around.txt', 'around');
    let id = '';
    const calls = await clients.calls(async () => {
      ({ id } = await plain.store(new File({ path, parent: direct })));
    });
    expect(calls).toContain('file.createMultipartUpload');
    expect(await get(id)).toEqual(Buffer.from('around'));
  });

  test('goes on with the parts that are missing where an upload was killed', async () => {
    const parts = 8;
    const content = randomBytes(parts * 8 * mebibyte - 7);
    const path = await clients.file('killed.bin', content);
    const cacheDir = join(clients.folder, 'killed-cache');
    const { endpoint, users, requests } = clients.server;
    const before = requests.count('PUT /storage');
    const sent = (): number => requests.count('PUT /storage') - before;
    const child = startSynapse(
      [
        ...['store', path, '--parent-id', direct.id, '--config-path', syn.config.path],
        ...['--limit-rate', '24M', '--cache-dir', cacheDir],
      ],
      {
        home: clients.folder,
        env: {
          SYNAPSE_ENDPOINT: endpoint,
          SYNAPSE_AUTH_TOKEN: users.alice.authToken,
        },
      },
    );
    const ended = once(child, 'close');
    while (sent() < 4) await setTimeout(5);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const user = await clients.open('alice', { configPath: syn.config.path, cacheDir });
    const { id } = await user.store(new File({ path, parent: direct }));
    // No part that had arrived is sent again; at most four were on their way.
    expect(sent()).toBeLessThan(parts + 4);
    expect((await get(id)).equals(content)).toBe(true);
    expect(await readdir(join(cacheDir, '.uploads'))).toEqual([]);
  });

  test('is begun anew where nothing is left of a killed upload', async () => {
    const content = randomBytes(10 * mebibyte);
    const path = await clients.file('swept.bin', content);
    const cacheDir = join(clients.folder, 'swept-cache');
    const user = await clients.open('alice', { configPath: syn.config.path, cacheDir });
    clients.server.conditions.set({
      faults: [{ method: 'PUT', path: '/storage/*', status: 503 }],
    });
    const file = () => new File({ path, parent: direct });
    await expect(user.store(file())).rejects.toThrow(SynapseHttpError);
    clients.server.conditions.reset();
    expect(await readdir(join(cacheDir, '.uploads'))).toHaveLength(1);
    const s3 = await ownClient();
    const bucket = { Bucket: 'direct-bucket', Prefix: 'base key/' };
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand(bucket));
    expect(Uploads).toHaveLength(1);
    for (const { Key, UploadId } of Uploads) {
      await s3.send(new AbortMultipartUploadCommand({ Bucket: 'direct-bucket', Key, UploadId }));
    }
    s3.destroy();
    const { id } = await user.store(file());
    expect((await get(id)).equals(content)).toBe(true);
  });

  test('keeps nothing of an upload that is stopped', async () => {
    const path = await clients.file('stopped.bin', randomBytes(40 * mebibyte));
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ kind, state }: Progress) => {
      if (kind === 'upload' && state === 'progress') stop.abort(reason);
    };
    const storing = syn.store(new File({ path, parent: direct }), {
      onProgress,
      signal: stop.signal,
    });
    await expect(storing).rejects.toBe(reason);
    const s3 = await ownClient();
    const bucket = { Bucket: 'direct-bucket', Prefix: 'base key/' };
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand(bucket));
    expect(Uploads).toEqual([]);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command(bucket));
    expect(Contents.filter(({ Key = '' }) => Key.includes('stopped'))).toEqual([]);
    s3.destroy();
  });

  test('says what the bucket says when the file is not there any more', async () => {
    const path = await clients.file('gone.txt', 'gone');
    const { id, fileHandle } = await syn.store(new File({ path, parent: direct }));
    const key = fileHandle && 'key' in fileHandle ? fileHandle.key : undefined;
    const s3 = await ownClient();
    await s3.send(new DeleteObjectCommand({ Bucket: 'direct-bucket', Key: key }));
    s3.destroy();
    await expect(get(id)).rejects.toThrow(/NoSuchKey/);
  });
});

describe('an external object store', () => {
  const saved = { ...process.env };
  const stores: (Folder & Stored)[] = [];
  let user: Synapse;

  /** A profile of the AWS tools that reaches a bucket, or what is below a base key there. */
  async function profile(bucket: string, baseKey?: string): Promise<string> {
    const folder = await syn.store(
      new Folder({ name: bucket, parent: await clients.project(syn) }),
    );
    await useLocation(syn, folder.id, {
      concreteType: `${types}.ExternalS3StorageLocationSetting`,
      bucket,
      stsEnabled: true,
      ...(baseKey !== undefined && { baseKey }),
    });
    const token = await syn.storageLocations.getStsToken(folder, { permission: 'read_write' });
    return [
      `[for-${bucket}]`,
      `aws_access_key_id = ${token.accessKeyId ?? ''}`,
      `aws_secret_access_key = ${token.secretAccessKey ?? ''}`,
      `aws_session_token = ${token.sessionToken ?? ''}`,
    ].join('\n');
  }

  beforeAll(async () => {
    const profiles = [await profile('open-bucket'), await profile('closed-bucket', 'elsewhere')];
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = await clients.file('aws', profiles.join('\n'));
    process.env['AWS_CONFIG_FILE'] = join(clients.folder, 'none');
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
    const endpointUrl = `${clients.server.endpoint}/storage`;
    const buckets = ['open-bucket', 'closed-bucket'];
    const sections = buckets.map(
      (bucket) => `[${endpointUrl}/${bucket}]\nprofile_name = for-${bucket}\n`,
    );
    const configPath = await clients.file('config', sections.join(''));
    user = await clients.open('alice', { configPath });
    const project = await clients.project(user);
    for (const bucket of buckets) {
      const store = await user.store(new Folder({ name: bucket, parent: project }));
      await useLocation(user, store.id, {
        concreteType: `${types}.ExternalObjectStorageLocationSetting`,
        endpointUrl,
        bucket,
      });
      stores.push(store);
    }
  });
  afterAll(() => {
    process.env = saved;
  });

  test('takes a file without a URL of Synapse', async () => {
    const content = randomBytes(9 * mebibyte);
    const path = await clients.file('object.bin', content);
    const { id, fileHandle } = await user.store(new File({ path, parent: stores[0] }));
    expect(fileHandle).toMatchObject({
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalObjectStoreFileHandle',
      bucket: 'open-bucket',
      fileKey: expect.stringMatching(/^[0-9a-f-]{36}\/object\.bin$/) as unknown,
      contentSize: content.length,
    });
    const reader = await clients.open('alice', { configPath: user.config.path });
    const calls = await clients.calls(async () => {
      const file = await reader.get(id, {
        downloadLocation: await clients.file('in', '').then(dirname),
      });
      expect((await readFile((file as File).path ?? '')).equals(content)).toBe(true);
      expect((await buffer(await reader.download(id))).equals(content)).toBe(true);
    });
    expect(calls).not.toContain('file.getFileHandleBatch');
  });

  test('refuses in its own words what the credentials do not reach', async () => {
    const path = await clients.file('refused.txt', 'refused');
    const storing = user.store(new File({ path, parent: stores[1] }));
    await expect(storing).rejects.toThrow(SynapseHttpError);
    await expect(storing).rejects.toThrow(/refused\.txt to the bucket closed-bucket: AccessDenied/);
  });

  test('says which credentials it lacks', async () => {
    const nobody = await clients.open('alice');
    const path = await clients.file('lacking.txt', 'lacking');
    const storing = nobody.store(new File({ path, parent: stores[0] }));
    await expect(storing).rejects.toThrow(NoCredentialsError);
    await expect(storing).rejects.toThrow(/profile_name/);
  });
});

test('a signed URL has the signature that the server would give it', () => {
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'a/b+', sessionToken: 'c==/+' };
  const now = new Date('2013-05-24T00:00:00Z');
  const endpoint = 'http://127.0.0.1:1234/storage/';
  const key = "a//b c/!'()*~ü%+";
  const url = presignS3({ endpoint, region: 'us-east-1', bucket: 'b', key }, credentials, now);
  const origin = 'http://127.0.0.1:1234';
  const theirs = createPresigner({ origin, credentials, now, expiresIn: 900 })({
    method: 'GET',
    path: `/storage/b/${encodeKey(key)}`,
  });
  const parts = ({ pathname, searchParams }: URL) => [pathname, Object.fromEntries(searchParams)];
  expect(parts(new URL(url))).toEqual(parts(new URL(theirs)));
});
