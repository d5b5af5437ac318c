import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type * as M from '../../generated/models.js';
import { Folder, Project, Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { useLocation } from '../storages/locations.js';
import { runSynapse, type Ended } from './runSynapse.js';

const server = withServer();
let home: string;
let folderId: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-cli-'));
  const { endpoint, authToken } = server.synapse;
  const syn = new Synapse({ endpoint, configPath: join(home, 'none'), environment: {} });
  await syn.login({ authToken });
  const project = await syn.store(new Project({ name: 'Tests of get-sts-token' }));
  ({ id: folderId } = await syn.store(new Folder({ name: 'folder', parent: project })));
  await useLocation(syn, folderId, {
    concreteType: 'org.sagebionetworks.repo.model.project.ExternalS3StorageLocationSetting',
    bucket: 'command-bucket',
    baseKey: 'base key',
    stsEnabled: true,
  });
  await syn.close();
});
afterAll(() => rm(home, { recursive: true, force: true }));

function getStsToken(...args: string[]): Promise<Ended> {
  const { endpoint, authToken } = server.synapse;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  return runSynapse(['get-sts-token', folderId, ...args], { home, env });
}

test('prints only commands that a shell can run', async () => {
  const { status, stdout, stderr } = await getStsToken('read_only');
  expect([status, stderr]).toEqual([0, '']);
  const script = `${stdout}\nprintf '%s|%s' "$SYNAPSE_STS_S3_LOCATION" "\${AWS_SESSION_TOKEN:+set}"`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(
    's3://command-bucket/base key|set',
  );
});

test('prints credentials as data', async () => {
  const boto = await getStsToken('read_write', '-o', 'boto');
  expect(Object.keys(JSON.parse(boto.stdout) as object)).toEqual([
    'aws_access_key_id',
    'aws_secret_access_key',
    'aws_session_token',
  ]);
  const json = await getStsToken('read_only', '--json');
  expect((JSON.parse(json.stdout) as M.StsCredentials).bucket).toBe('command-bucket');
});

test('refuses a form or a permission that there is not', async () => {
  expect(await getStsToken('read_only', '-o', 'fish')).toMatchObject({ status: 2, stdout: '' });
  expect(await getStsToken('everything')).toMatchObject({ status: 2, stdout: '' });
});
