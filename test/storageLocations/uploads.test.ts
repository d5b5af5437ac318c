import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { File, Folder, type StorageLocationInput, type Synapse } from '../../src/index.js';
import { noSshServer, startSshServer } from '../storages/sshServer.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
const handles = 'org.sagebionetworks.repo.model.file';
let syn: Synapse;
const saved = { ...process.env };

/** A client with the credentials of a bucket, as an AWS profile or the environment has them. */
beforeAll(async () => {
  syn = await clients.open('alice');
  const folder = await syn.store(new Folder({ name: 'f', parent: await clients.project(syn) }));
  const sts = { kind: 'externalS3', bucket: 'lab-objects', stsEnabled: true } as const;
  await syn.storageLocations.use(folder, await syn.storageLocations.create(sts));
  const token = await syn.storageLocations.getStsToken(folder, { permission: 'read_write' });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: token.accessKeyId,
    AWS_SECRET_ACCESS_KEY: token.secretAccessKey,
    AWS_SESSION_TOKEN: token.sessionToken,
    AWS_REGION: 'us-east-1',
  });
});
afterAll(() => {
  process.env = saved;
});

/** Stores a file in the default storage, then has its folder use a location, and stores another one. */
async function storeAt(
  client: Synapse,
  input: StorageLocationInput,
): Promise<{ id: string; location: number; folder: string }> {
  const folder = await client.store(
    new Folder({ name: 'raw', parent: await clients.project(client) }),
  );
  await client.store(new File({ path: await clients.file('before.txt', 'b'), parent: folder }));
  const { storageLocationId } = await client.storageLocations.create(input);
  await client.storageLocations.use(folder, storageLocationId);
  const path = await clients.file('there.txt', `content for ${input.kind}`);
  const { id } = await client.store(new File({ path, parent: folder }));
  return { id, location: storageLocationId, folder: folder.id };
}

async function contentOf(client: Synapse, id: string): Promise<string> {
  const file = await client.get(id, { downloadLocation: clients.folder, ifCollision: 'keep.both' });
  return readFile((file as File).path ?? '', 'utf8');
}

describe('after use, a file goes to', () => {
  test.each<[string, () => StorageLocationInput, object]>([
    ['Synapse', () => ({ kind: 'synapseS3' }), { concreteType: `${handles}.S3FileHandle` }],
    [
      'an S3 bucket',
      () => ({ kind: 'externalS3', bucket: 'lab-data', baseKey: 'mice' }),
      { bucketName: 'lab-data', key: expect.stringMatching(/^mice\//) },
    ],
    [
      'a Google bucket',
      () => ({ kind: 'externalGoogleCloud', bucket: 'lab-google' }),
      { concreteType: `${handles}.GoogleCloudFileHandle`, bucketName: 'lab-google' },
    ],
    [
      'an object store',
      () => ({
        kind: 'externalObjectStore',
        endpointUrl: `${clients.server.endpoint}/storage`,
        bucket: 'lab-objects',
      }),
      { concreteType: `${handles}.ExternalObjectStoreFileHandle`, bucket: 'lab-objects' },
    ],
  ])('%s', async (_, input, handle) => {
    const { id, location } = await storeAt(syn, input());
    const { list } = await syn.services.entity.listEntityFileHandles({ id });
    expect(list[0]).toMatchObject({ ...handle, storageLocationId: location });
    const reader = await clients.open('alice');
    expect(await contentOf(reader, id)).toBe(`content for ${input().kind}`);
  });

  const withSftp = noSshServer === undefined ? test : test.skip;
  withSftp('a folder on an SFTP server', async () => {
    const server = await startSshServer();
    try {
      const login = `private_key = ${server.privateKey}\nknown_hosts = ${server.knownHosts}`;
      const configPath = await clients.file('config', `[sftp://127.0.0.1]\n${login}\n`);
      const client = await clients.open('alice', { configPath });
      const url = `sftp://127.0.0.1:${server.port}${server.folder}/files`;
      const input = { kind: 'externalSftp', url, supportsSubfolders: true } as const;
      const { id, location } = await storeAt(client, input);
      const { list } = await client.services.entity.listEntityFileHandles({ id });
      expect(list[0]).toMatchObject({
        concreteType: `${handles}.ExternalFileHandle`,
        externalURL: expect.stringMatching(
          /^sftp:.*\/files\/Project%20.*\/raw\/.*\/there\.txt$/,
        ) as unknown,
        storageLocationId: location,
      });
      const reader = await clients.open('alice', { configPath });
      expect(await contentOf(reader, id)).toBe('content for externalSftp');
    } finally {
      await server.close();
    }
  });
});

test('a proxy, and a web server, take no uploads, and the error says what to do', async () => {
  const secretKey = 'k'.repeat(40);
  const proxy = { kind: 'proxy', proxyUrl: 'https://proxy.example.org', secretKey } as const;
  await expect(storeAt(syn, proxy)).rejects.toThrow(
    /are behind a proxy \(storage location \d+\), to which clients do not upload\. Put the file there, register it/,
  );
  const web = { kind: 'externalHttps', url: 'https://files.example.org/data' } as const;
  await expect(storeAt(syn, web)).rejects.toThrow('which this client cannot upload to');
});
