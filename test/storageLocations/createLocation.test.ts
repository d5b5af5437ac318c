import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { ArgumentError, type StorageLocationInput } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
const secretKey = 'CANARY-'.repeat(6);

const settings: readonly StorageLocationInput[] = [
  { kind: 'synapseS3', description: 'Ours, für alle' },
  {
    kind: 'externalS3',
    bucket: 'lab-data.2026',
    baseKey: 'mice/äö',
    stsEnabled: true,
    banner: 'Mind the gap',
  },
  { kind: 'externalS3', bucket: 'lab-minio', endpointUrl: 'http://127.0.0.1:9000' },
  { kind: 'externalGoogleCloud', bucket: 'lab-google', baseKey: 'mice' },
  { kind: 'externalSftp', url: 'sftp://files.example.org/data', supportsSubfolders: true },
  { kind: 'externalHttps', url: 'https://files.example.org/data' },
  {
    kind: 'externalObjectStore',
    endpointUrl: 'https://objects.example.org',
    bucket: 'lab-objects',
  },
  { kind: 'proxy', proxyUrl: 'https://proxy.example.org', secretKey },
];

describe('a storage location', () => {
  test.each(settings)('is created, and read again: %j', async (input) => {
    const syn = await clients.open('alice');
    const location = await syn.storageLocations.create(input);
    expect(location).toMatchObject({
      ...Object.fromEntries(Object.entries(input).filter(([name]) => name !== 'secretKey')),
      storageLocationId: expect.any(Number) as unknown,
      createdBy: Number(clients.server.users.alice.userId),
    });
    expect(await syn.storageLocations.get(location)).toEqual(location);
    expect(await syn.storageLocations.get(String(location.storageLocationId))).toEqual(location);
  });

  test('with the same settings is the same one', async () => {
    const syn = await clients.open('alice');
    const input: StorageLocationInput = { kind: 'externalS3', bucket: 'lab-same', baseKey: 'a' };
    const first = await syn.storageLocations.create(input);
    const second = await syn.storageLocations.create({ banner: undefined, ...input });
    expect(second).toEqual(first);
    const changed = await syn.storageLocations.create({ ...input, baseKey: 'b' });
    expect(changed.storageLocationId).not.toBe(first.storageLocationId);
  });

  test('is changed by creating a changed copy', async () => {
    const syn = await clients.open('alice');
    const first = await syn.storageLocations.create({ kind: 'externalS3', bucket: 'lab-copy' });
    if (first.kind !== 'externalS3') throw new Error(first.kind);
    const { kind } = first;
    const copy = await syn.storageLocations.create({ ...first, kind, baseKey: 'v2' });
    expect(copy).toMatchObject({ bucket: 'lab-copy', baseKey: 'v2' });
    expect(copy.storageLocationId).not.toBe(first.storageLocationId);
  });

  test('takes the benefactor of a proxy as an object', async () => {
    const syn = await clients.open('alice');
    const project = await clients.project(syn);
    const location = await syn.storageLocations.create({
      kind: 'proxy',
      proxyUrl: 'https://proxy.example.org',
      secretKey,
      benefactorId: project,
    });
    expect(location).toMatchObject({ benefactorId: project.id });
  });

  test('keeps the key of a proxy, and never prints it', async () => {
    const syn = await clients.open('alice');
    const input = { kind: 'proxy', proxyUrl: 'https://proxy.example.org', secretKey } as const;
    const created = await syn.storageLocations.create(input);
    const got = await syn.storageLocations.get(created);
    for (const location of [created, got]) {
      if (location.kind !== 'proxy') throw new Error(location.kind);
      expect(location.secretKey).toBe(secretKey);
      expect(JSON.stringify(location)).not.toContain('CANARY');
      expect(inspect(location)).not.toContain('CANARY');
      expect(JSON.stringify({ ...location })).not.toContain('CANARY');
    }
  });

  test('with temporary credentials in the bucket of Synapse has a base key of its own', async () => {
    const syn = await clients.open('alice');
    const input: StorageLocationInput = { kind: 'synapseS3', stsEnabled: true };
    const [one, other] = [
      await syn.storageLocations.create(input),
      await syn.storageLocations.create(input),
    ];
    expect(one).toMatchObject({ baseKey: expect.stringMatching(/\w/) as unknown });
    expect(other.storageLocationId).not.toBe(one.storageLocationId);
  });
});

describe('refused before anything is sent', () => {
  const bucket = 'lab-data';
  const proxyUrl = 'https://proxy.example.org';
  test.each<[object, string]>([
    [{ kind: 'EXTERNAL_S3', bucket }, 'Did you mean "externalS3"?'],
    [{ kind: 'dropbox' }, 'is not a kind of storage location: use synapseS3, externalS3'],
    [{ bucket }, 'is not a kind of storage location'],
    [{ kind: 'toString' }, 'is not a kind of storage location'],
    [{ kind: 'externalS3' }, 'of the kind externalS3 needs bucket'],
    [{ kind: 'externalObjectStore' }, 'needs endpointUrl and bucket'],
    [{ kind: 'proxy' }, 'needs proxyUrl and secretKey'],
    [{ kind: 'synapseS3', bucket }, 'of the kind synapseS3 has no bucket. Its settings are'],
    [{ kind: 'synapseS3', baseKey: 'a' }, 'has no baseKey'],
    [
      { kind: 'externalSftp', url: 'sftp://h/a', bucket, stsEnabled: true },
      'has no bucket and no stsEnabled',
    ],
    [{ kind: 'externalS3', bucket: 'Lab' }, '"Lab" is not the name of a bucket: 3 to 63'],
    [{ kind: 'externalS3', bucket: 'ab' }, 'is not the name of a bucket'],
    [{ kind: 'externalS3', bucket: 'a'.repeat(64) }, 'is not the name of a bucket'],
    [{ kind: 'externalS3', bucket: 'lab..data' }, 'is not the name of a bucket'],
    [{ kind: 'externalS3', bucket: 'lab_data' }, 'is not the name of a bucket'],
    [{ kind: 'externalS3', bucket: '-lab' }, 'is not the name of a bucket'],
    [{ kind: 'externalS3', bucket: 'lab\n' }, 'is not the name of a bucket'],
    [{ kind: 'externalGoogleCloud', bucket: '10.0.0.1' }, 'is not the name of a bucket'],
    [
      { kind: 'externalObjectStore', endpointUrl: 'https://h', bucket: 's3://lab' },
      'is not the name',
    ],
    [{ kind: 'externalS3', bucket: null }, 'is not a text'],
    [{ kind: 'externalS3', bucket, baseKey: 'a/' }, 'ends with a slash'],
    [{ kind: 'externalS3', bucket, baseKey: '' }, 'leave it out to use the whole bucket'],
    [{ kind: 'externalS3', bucket, stsEnabled: 'yes' }, 'is not true or false'],
    [
      { kind: 'externalS3', bucket, endpointUrl: 's3.example.org' },
      'expected https://... or http://...',
    ],
    [{ kind: 'externalS3', bucket, description: 5 }, 'is not a text'],
    [{ kind: 'externalSftp', url: 'https://h/a' }, 'has the wrong scheme: expected sftp://...'],
    [{ kind: 'externalSftp', url: 'sftp:///a' }, 'has no host'],
    [{ kind: 'externalSftp', url: 'sftp://h/a b' }, 'is not an address'],
    [{ kind: 'externalSftp', url: 'sftp://me:CANARY@h/a' }, 'contains a password'],
    [{ kind: 'externalHttps', url: 'sftp://h/a' }, 'has the wrong scheme: expected https://...'],
    [{ kind: 'externalHttps', url: 'https://h/a?b=c' }, 'has a query or a fragment'],
    [{ kind: 'proxy', proxyUrl: 'http://h', secretKey }, 'has the wrong scheme'],
    [
      { kind: 'proxy', proxyUrl, secretKey: 'CANARY' },
      'The secretKey has 6 characters, and needs 36',
    ],
    [{ kind: 'proxy', proxyUrl, secretKey, benefactorId: 'syn1.2' }, 'The id names version 2'],
  ])('%j', async (input, message) => {
    const syn = await clients.open('alice');
    const calls = await clients.calls(async () => {
      const creating = syn.storageLocations.create(input as StorageLocationInput);
      const error: unknown = await creating.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ArgumentError);
      expect(String(error)).toContain(message);
      expect(String(error)).not.toContain('CANARY');
    });
    expect(calls).toEqual([]);
  });

  test.each([0, -1, 1.5, 'syn1', '', 'one', {}, null, undefined])('the id %j', async (id) => {
    const syn = await clients.open('alice');
    const calls = await clients.calls(() =>
      expect(syn.storageLocations.get(id as number)).rejects.toThrow(
        'is not the id of a storage location',
      ),
    );
    expect(calls).toEqual([]);
  });
});

describe('what Synapse refuses', () => {
  test('a location of another user is not shown, and the error says why', async () => {
    const [alice, bob] = [await clients.open('alice'), await clients.open('bob')];
    const location = await alice.storageLocations.create({ kind: 'synapseS3' });
    const id = location.storageLocationId;
    const reading = bob.storageLocations.get(location);
    await expect(reading).rejects.toMatchObject({ code: 'AUTHORIZATION' });
    await expect(reading).rejects.toThrow(`Storage location ${id} was created by another user.`);
    await expect(alice.storageLocations.get(1)).rejects.toThrow('the storage of Synapse itself');
    await expect(alice.storageLocations.get(999_999)).rejects.toThrow(
      'There is no storage location 999999.',
    );
  });

  test('the bucket of another user is reported in the words of the service', async () => {
    const [alice, bob] = [await clients.open('alice'), await clients.open('bob')];
    const input = { kind: 'externalS3', bucket: 'of-alice' } as const;
    await alice.storageLocations.create(input);
    await expect(bob.storageLocations.create(input)).rejects.toThrow('belongs to another user');
  });
});
