import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AppendError,
  AsyncJobError,
  BatcherError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { cellsOf, createTable } from './withTables.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
  project = await clients.project(syn);
});
afterEach(() => clients.server.conditions.reset());

const table = (): Promise<string> => createTable(syn, project.id, { age: 'INTEGER' });
const rows = Array.from({ length: 30 }, (_, age) => ({ age }));
const countOf = async (id: string): Promise<number> =>
  Number((await cellsOf(syn, `SELECT COUNT(*) FROM ${id}`))[0]?.[0]);
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const start = 'table.startTableTransaction';

describe('an append whose answer is lost', () => {
  test('at its start is not sent again, and says that the rows may be in the table', async () => {
    const id = await table();
    const fault = { operation: start, times: 1, loseAnswer: true };
    clients.server.conditions.set({ faults: [fault] });
    const calls = await clients.calls(async () => {
      const error = await failureOf(syn.tables.append(id, rows));
      expect(error).toBeInstanceOf(AppendError);
      expect(error).toMatchObject({
        appended: 0,
        nextRow: 1,
        unknown: { firstRow: 1, lastRow: 30 },
      });
      expect(String(error)).toMatch('unknown whether rows 1 to 30 were appended');
    });
    expect(calls.filter((call) => call === start)).toHaveLength(1);
  });

  test('while the job runs is read again', async () => {
    const id = await table();
    const fault = { operation: 'table.getTableTransactionResult', times: 2, status: 503 };
    clients.server.conditions.set({ faults: [fault] });
    expect(await syn.tables.append(id, rows)).toMatchObject({ rows: 30 });
    expect(await countOf(id)).toBe(30);
  });

  test('tells a batcher which rows it may concern', async () => {
    const id = await table();
    const fault = { operation: start, times: 1, loseAnswer: true };
    clients.server.conditions.set({ faults: [fault] });
    const batcher = syn.tables.batcher(id);
    await batcher.add({ age: 1 });
    const error = await failureOf(batcher.close());
    expect(error).toBeInstanceOf(BatcherError);
    expect((error as BatcherError).rows).toEqual([{ age: 1 }]);
    expect((error as BatcherError).cause).toBeInstanceOf(AppendError);
  });
});

describe('an append that fails', () => {
  const options = { maxTransactionBytes: 60 };

  test('midway says which rows are in the table, and continues with the next one', async () => {
    const id = await table();
    const fault = { operation: start, skip: 2, status: 403 };
    clients.server.conditions.set({ faults: [fault] });
    const error = await failureOf(syn.tables.append(id, rows, options));
    clients.server.conditions.reset();
    expect(error).toBeInstanceOf(AppendError);
    const { appended, nextRow, unknown } = error as AppendError;
    expect(unknown).toBeUndefined();
    expect(await countOf(id)).toBe(appended);
    expect(nextRow).toBe(appended + 1);
    expect(appended).toBeGreaterThan(0);
    await syn.tables.append(id, rows, { ...options, firstRow: nextRow });
    const ages = (await cellsOf(syn, `SELECT age FROM ${id} ORDER BY ROW_ID`)).flat();
    expect(ages).toEqual(rows.map(({ age }) => String(age)));
  });

  test('at once rejects with the reason of the service', async () => {
    const bob = await clients.open('bob');
    const id = await table();
    const error = await failureOf(bob.tables.append(id, rows));
    expect(error).not.toBeInstanceOf(AppendError);
    const id2 = await table();
    const columns = await syn.tables.columns(id2);
    expect(columns).toHaveLength(1);
    await syn.services.entity.deleteEntity({ id: id2 });
    await expect(syn.tables.append(id2, rows)).rejects.toThrow();
  });

  test('in a job changes nothing', async () => {
    const id = await createTable(syn, project.id, { file: 'FILEHANDLEID' });
    const append = syn.tables.append(id, [{ file: '1' }, { file: '999999999' }]);
    await expect(append).rejects.toThrow(AsyncJobError);
    expect(await countOf(id)).toBe(0);
  });

  test('by its signal rejects with the reason', async () => {
    const id = await table();
    const control = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => control.abort(reason);
    const append = syn.tables.append(id, rows, { ...options, signal: control.signal, onProgress });
    await expect(append).rejects.toBe(reason);
  });
});
