import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { locationsOf, newLocation, putFile, storeTree } from '../migrate/migrateWorld.js';
import { hasTerminals, onTerminal } from './onTerminal.js';
import { runSynapse, type Ended } from './runSynapse.js';

const clients = withClients();
let home: string;
let syn: Synapse;
let there: number;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-migrate-'));
  syn = await clients.open('alice');
  there = await newLocation(syn);
});
afterAll(() => rm(home, { recursive: true, force: true }));

function synapse(...args: string[]): Promise<Ended> {
  const { endpoint, users } = clients.server;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users.alice.authToken };
  return runSynapse(args, { home, env });
}

test('the flags of the Python client migrate a project, and the log has its columns', async () => {
  const { project, files } = await storeTree(clients, syn);
  const args = ['migrate', project.id, String(there), 'flags.db', '--file_version_strategy', 'all'];
  const dry = await synapse(...args, '--include_table_files', '--dryRun', '--json');
  expect(dry).toMatchObject({ status: 0, stderr: '' });
  const plan = JSON.parse(dry.stdout) as { state: string; counts: unknown; items: unknown[] };
  expect(plan.state).toBe('planned');
  expect(plan.items).toHaveLength(7);
  expect(await locationsOf(syn, files[1]?.id ?? '')).toEqual([1, 1]);

  const { stdout, status } = await synapse(
    ...args,
    ...['--include_table_files', '--force', '--continue_on_error', '--csv_log_path', 'log.csv'],
  );
  expect({ stdout, status }).toEqual({
    stdout:
      `Indexed 7 items, 7 needing migration, 0 already stored in destination storage location (${there}). Encountered 0 errors.\n` +
      `Completed migration of ${project.id}. 7 files migrated. 0 errors encountered\n`,
    status: 0,
  });
  expect(await locationsOf(syn, files[1]?.id ?? '')).toEqual([there, there]);
  const log = await readFile(join(home, 'log.csv'), 'utf8');
  expect(log.split('\r\n')[0]).toBe(
    'id,type,version,row_id,col_name,from_storage_location_id,from_file_handle_id,to_file_handle_id,file_size,status,exception',
  );
  expect(log.match(/,MIGRATED,/g)).toHaveLength(7);
  expect(log).toContain(',"Datei ""日本""",');
});

test('without a terminal and without --force nothing is done', async () => {
  const { status, stdout, stderr } = await synapse('migrate', 'syn1', String(there), 'none.db');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('add --yes or --force to move the files, or --dry-run to list them');
});

/** A project with a file that Alice may change but not download. */
async function partlyForbidden(): Promise<string> {
  const bob = await clients.open('bob');
  const project = await clients.project(bob);
  await putFile(clients, bob, { parent: project, name: 'open.txt' });
  const secret = await putFile(clients, bob, { parent: project, name: 'secret.txt' });
  const { userId } = clients.server.users.alice;
  await bob.setPermissions(project.id, userId, { accessType: ['READ', 'DOWNLOAD', 'UPDATE'] });
  await bob.setPermissions(secret.id, userId, { accessType: ['READ', 'UPDATE'] });
  return project.id;
}

test('with --continue-on-error the files that failed are named, and the status is 5', async () => {
  const id = await partlyForbidden();
  const args = ['migrate', id, String(there), 'partly.db', '--force'];
  const stopped = await synapse(...args);
  expect(stopped).toMatchObject({ status: 1, stdout: '' });
  expect(stopped.stderr).toContain('but not download it: you lack the DOWNLOAD permission');
  const gone = await synapse(...args, '--continue-on-error', '--json');
  expect(gone.status).toBe(5);
  const report = JSON.parse(gone.stdout) as unknown;
  expect(report).toMatchObject({
    id,
    storageLocationId: String(there),
    index: 'partly.db',
    state: 'migrated',
    counts: { MIGRATED: 1, ERRORED: 1, INDEXED: 0, ALREADY_MIGRATED: 0 },
  });
  expect(gone.stderr).toContain('"PARTIAL_FAILURE"');
  expect(gone.stderr).toContain('you lack the DOWNLOAD permission');
});

test('a strategy that does not exist is refused, and several source locations are accepted', async () => {
  const wrong = await synapse('migrate', 'syn1', '2', 'x.db', '--file-version-strategy', 'newest');
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('newest');
  const project = await clients.project(syn);
  await putFile(clients, syn, { parent: project, name: 'a.txt' });
  const args = ['migrate', project.id, String(there), 'sources.db', '--dry-run'];
  const { stdout } = await synapse(...args, '--source_storage_location_ids', '77', '78');
  expect(stdout).toContain('Indexed 0 items');
  expect(stdout).toContain('It is in storage location 1, and only files of 77, 78 are migrated.');
});

const withTerminal = hasTerminals ? test : test.skip;

withTerminal(
  'on a terminal the command asks, and does nothing unless the answer is yes',
  async () => {
    const project = await clients.project(syn);
    const file = await putFile(clients, syn, { parent: project, name: 'asked.txt' });
    const { endpoint, users } = clients.server;
    const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users.alice.authToken };
    const question = `1 items for migration to ${there}. Proceed? (y/n)?`;
    const args = ['migrate', project.id, String(there), 'asked.db'];
    const no = await onTerminal(args, [[question, 'n']], { home, env });
    expect(no.status).toBe(0);
    expect(no.screen).toContain('Migration aborted.');
    expect(await locationsOf(syn, file.id)).toEqual([1]);
    const yes = await onTerminal(args, [[question, 'y']], { home, env });
    expect(yes.screen).toContain('1 files migrated. 0 errors encountered');
    expect(await locationsOf(syn, file.id)).toEqual([1, there]);
  },
);
