import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as M from '../../generated/models.js';
import {
  AuthorizationError,
  Folder,
  SynapseHttpError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { formatStsToken } from '../../src/storages/s3/stsFormats.js';
import { StsTokens } from '../../src/storages/s3/stsTokens.js';
import { withClients } from '../entities/withClients.js';
import { useLocation } from './locations.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let folder: Folder & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  folder = await syn.store(new Folder({ name: 'with STS', parent: project }));
  await useLocation(syn, folder.id, {
    concreteType: 'org.sagebionetworks.repo.model.project.ExternalS3StorageLocationSetting',
    bucket: 'sts-tokens',
    baseKey: 'base key',
    stsEnabled: true,
  });
});

const minute = 60_000;

describe('storageLocations.getStsToken', () => {
  test('asks once for each permission and folder until the next login', async () => {
    const calls = await clients.calls(async () => {
      const first = await syn.storageLocations.getStsToken(folder, { permission: 'read_only' });
      expect(first).toMatchObject({ bucket: 'sts-tokens', baseKey: 'base key' });
      expect(
        await syn.storageLocations.getStsToken(folder.id, { permission: 'read_only' }),
      ).toEqual(first);
      const other = await syn.storageLocations.getStsToken(folder, { permission: 'read_write' });
      expect(other.accessKeyId).not.toBe(first.accessKeyId);
      const patient = { permission: 'read_only', minRemainingLife: 13 * 60 * minute } as const;
      await syn.storageLocations.getStsToken(folder, patient);
    });
    expect(calls).toEqual(Array(3).fill('entity.getEntityStsCredentials'));
    const again = await clients.calls(async () => {
      await syn.login({ authToken: clients.server.users.alice.authToken });
      await syn.storageLocations.getStsToken(folder, { permission: 'read_only' });
    });
    expect(again.at(-1)).toBe('entity.getEntityStsCredentials');
  });

  test('gives every form', async () => {
    const options = { permission: 'read_only' } as const;
    const token = await syn.storageLocations.getStsToken(folder, options);
    const bash = await syn.storageLocations.getStsToken(folder, {
      ...options,
      outputFormat: 'bash',
    });
    expect(bash.split('\n')[0]).toBe('export SYNAPSE_STS_S3_LOCATION="s3://sts-tokens/base key"');
    const form = { ...options, outputFormat: 'credential_process' } as const;
    expect(await syn.storageLocations.getStsToken(folder, form)).toEqual({
      Version: 1,
      AccessKeyId: token.accessKeyId,
      SecretAccessKey: token.secretAccessKey,
      SessionToken: token.sessionToken,
      Expiration: token.expiration,
    });
  });

  test('says why there are none', async () => {
    const options = { permission: 'read_only' } as const;
    const none = syn.storageLocations.getStsToken(project, options);
    await expect(none).rejects.toThrow(SynapseHttpError);
    await expect(none).rejects.toThrow('whose storage location has STS enabled');
    const bob = await clients.open('bob');
    await expect(bob.storageLocations.getStsToken(folder, options)).rejects.toThrow(
      AuthorizationError,
    );
  });
});

test('bash gets only the values out of the commands', () => {
  const baseKey = 'a"b`echo x`$(echo y)$HOME\\n!z';
  const commands = formatStsToken({ secretAccessKey: 's"$1' }, 'bash', { bucket: 'b', baseKey });
  const script = `${commands}\nprintf '%s|%s' "$SYNAPSE_STS_S3_LOCATION" "$AWS_SECRET_ACCESS_KEY"`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(`s3://b/${baseKey}|s"$1`);
});

test('an empty base key is the whole bucket', () => {
  const commands = formatStsToken({ bucket: 'b', baseKey: '' }, 'bash', { baseKey: 'other' });
  expect(commands).toBe('export SYNAPSE_STS_S3_LOCATION="s3://b/"\n');
});

describe('the credentials that are kept', () => {
  const token = (ms: number): M.StsCredentials => ({ expiration: new Date(ms).toISOString() });

  test('are used until less than the wanted life is left', async () => {
    let now = 0;
    let fetched = 0;
    const tokens = new StsTokens(() => now);
    const key = {
      entityId: 'syn1',
      permission: 'read_only',
      minRemainingLife: 60 * minute,
    } as const;
    const get = () =>
      tokens.get(key, () => {
        fetched += 1;
        return Promise.resolve(token(now + 120 * minute));
      });
    await get();
    now = 60 * minute;
    await get();
    expect(fetched).toBe(1);
    now += 1;
    await get();
    expect(fetched).toBe(2);
  });

  test('are the 5000 that were used last', async () => {
    const tokens = new StsTokens(() => 0);
    const fetched: string[] = [];
    const get = (entityId: string) =>
      tokens.get({ entityId, permission: 'read_only', minRemainingLife: 1 }, () => {
        fetched.push(entityId);
        return Promise.resolve(token(minute));
      });
    for (let index = 0; index < 5000; index += 1) await get(`syn${index}`);
    await get('syn0');
    await get('syn5000');
    fetched.length = 0;
    await get('syn0');
    await get('syn1');
    expect(fetched).toEqual(['syn1']);
  });

  test('of one user are not given to the next', async () => {
    const tokens = new StsTokens(() => 0);
    const key = { entityId: 'syn1', permission: 'read_only', minRemainingLife: 1 } as const;
    const first = tokens.get(key, () => Promise.resolve(token(minute)));
    tokens.clear();
    await first;
    const next = { ...token(minute), accessKeyId: 'next' };
    expect(await tokens.get(key, () => Promise.resolve(next))).toBe(next);
  });
});
