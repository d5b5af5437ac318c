import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { locationsOf, newLocation, storeTree } from '../migrate/migrateWorld.js';
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
  expect(stderr).toContain('add --force to move the files, or --dry-run to list them');
});
