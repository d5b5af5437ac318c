import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MigrationRow, Synapse } from '../../src/index.js';
import { startSynapse } from '../cli/runSynapse.js';
import { withClients } from '../entities/withClients.js';
import {
  copiesMade,
  counts,
  locationsOf,
  newLocation,
  storeTree,
  type Tree,
} from './migrateWorld.js';

const clients = withClients();
const moments = 10;
let home: string;
let syn: Synapse;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-migrate-kill-'));
  syn = await clients.open('alice');
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs the command to its end. @returns the number of requests */
async function migrate(tree: Tree, there: number): Promise<number> {
  const before = clients.server.requests.total;
  const { child, ended } = start(tree, there);
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [status] = await ended;
  if (status !== 0) throw new Error(errors);
  return clients.server.requests.total - before;
}

/**
 * Runs the command and kills it after a number of requests: while the next ones are answered, or, for an odd number, before
 * they are handled. Those are handled while the next run has begun.
 */
async function killedAfter(requests: number, tree: Tree, there: number): Promise<void> {
  const { conditions } = clients.server;
  const effect = requests % 2 === 0 ? { stallAt: 0 } : { delay: 500 };
  conditions.set({ faults: [{ skip: requests, ...effect }] });
  const { child, ended } = start(tree, there);
  while (conditions.faultHits()[0] === 0) await sleep(5);
  await sleep(50);
  child.kill('SIGKILL');
  await ended;
  conditions.set({ faults: [] });
}

function start(tree: Tree, there: number) {
  const { endpoint, users } = clients.server;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users.alice.authToken };
  const flags = ['--include-table-files', '--force', '--concurrency', '2'];
  const args = ['migrate', tree.project.id, String(there), `${tree.project.id}.db`, ...flags];
  const child = startSynapse(args, { home, env });
  child.stdout?.resume();
  return { child, ended: once(child, 'close') as Promise<[number | null]> };
}

/** What a migration leaves: the state of every file, and the copies that Synapse has made. */
async function outcome(tree: Tree, there: number, made: number): Promise<object> {
  const result = syn.migrate.open(join(home, `${tree.project.id}.db`));
  const rows: MigrationRow[] = [];
  for await (const row of result) rows.push(row);
  const copies = new Map(rows.map((row) => [row.fromFileHandleId, row.toFileHandleId]));
  const page = { id: tree.table.id, offset: 0, limit: 50 };
  const versions = await syn.services.entity.listEntityVersions(page);
  return {
    counts: await result.countsByStatus(),
    locations: (await Promise.all(tree.files.map(({ id }) => locationsOf(syn, id)))).map((each) =>
      each.map((location) => (location === there ? 'there' : 'here')),
    ),
    pairs: new Set([...copies].map(([from, to]) => `${from} ${to}`)).size,
    copies: new Set(copies.values()).size,
    made,
    tableVersions: versions.results.length,
  };
}

test('a migration that is killed at ten moments ends complete, with each file copied once', async () => {
  const { requests } = clients.server;
  const clean = await storeTree(clients, syn);
  const there = await newLocation(syn);
  let before = requests.total;
  const total = await migrate(clean, there);
  const expected = await outcome(clean, there, copiesMade(clients.server, before));
  expect(expected).toEqual({
    counts: counts({ MIGRATED: 6 }),
    locations: [
      ['here', 'there'],
      ['here', 'here', 'there'],
      ['here', 'there'],
    ],
    pairs: 4,
    copies: 4,
    made: 4,
    tableVersions: 2,
  });
  for (let moment = 1; moment <= moments; moment += 1) {
    const tree = await storeTree(clients, syn);
    const place = await newLocation(syn);
    before = requests.total;
    const killAfter = Math.round((moment * total) / (moments + 1));
    await killedAfter(killAfter, tree, place);
    await migrate(tree, place);
    const found = await outcome(tree, place, copiesMade(clients.server, before));
    expect({ killAfter, ...found }).toEqual({ killAfter, ...expected });
  }
}, 300_000);
