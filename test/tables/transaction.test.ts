import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  AuthorizationError,
  UnconfirmedError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { createTable, disturbedFetch, type TestTable } from './changeTables.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

async function people(): Promise<TestTable> {
  const table = await createTable(syn, project.id, { name: 'STRING', age: 'INTEGER' });
  await table.append(['Ann', '30'], ['Bob', '40']);
  return table;
}

const rows = [{ ROW_ID: 1, ROW_VERSION: 1, age: 31 }];

async function failure(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

describe('a transaction', () => {
  test('that takes too long is reported as not confirmed', async () => {
    const table = await people();
    const fetch = disturbedFetch(() => {
      clients.server.conditions.set({ jobRounds: 10_000 });
      return undefined;
    });
    const other = await clients.open('alice', { fetch });
    const error = await failure(other.tables.update(table.id, rows, { timeout: 300 }));
    clients.server.conditions.set({ jobRounds: 0 });
    expect(error).toBeInstanceOf(UnconfirmedError);
    expect(error).toMatchObject({ isStarted: true, code: 'UNCONFIRMED' });
    expect(String(error)).toContain('did not finish within 0.3 s');
  });

  test('ends with the reason of a signal, and sends nothing after it', async () => {
    const table = await people();
    const reason = new Error('enough');
    const abort = new AbortController();
    const fetch = disturbedFetch(() => {
      abort.abort(reason);
      return 'drop';
    });
    const other = await clients.open('alice', { fetch });
    const update = other.tables.update(table.id, rows, { signal: abort.signal });
    expect(await failure(update)).toBe(reason);
    expect((await table.cells())[0]).toEqual(['Ann', '30']);
  });

  test('of a user without permission keeps the reason of the server', async () => {
    const table = await people();
    await syn.access.set(table.id, 'bob', { accessType: 'download' });
    const bob = await clients.open('bob');
    const error = await failure(bob.tables.update(table.id, rows));
    const cause = error instanceof Error ? error.cause : undefined;
    expect(cause instanceof AuthorizationError || error instanceof AuthorizationError).toBe(true);
    expect((await table.cells())[0]).toEqual(['Ann', '30']);
  });
});
