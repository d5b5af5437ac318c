import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  BatcherError,
  CellValueError,
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
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

const table = (): Promise<string> =>
  createTable(syn, project.id, { name: 'STRING', age: 'INTEGER' });

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const agesOf = async (id: string): Promise<(string | null | undefined)[]> =>
  (await cellsOf(syn, `SELECT age FROM ${id} ORDER BY ROW_ID`)).map(([age]) => age);

describe('a batcher', () => {
  test('appends 10,000 single rows in at most 20 transactions, in their order', async () => {
    const id = await table();
    const calls = await clients.calls(async () => {
      const batcher = syn.tables.batcher(id);
      for (const age of numbers(10_000)) await batcher.add({ name: 'n', age });
      expect(await batcher.close()).toMatchObject({ rows: 10_000 });
    });
    const starts = calls.filter((call) => call === 'table.startTableTransaction').length;
    expect(starts).toBeLessThanOrEqual(20);
    expect(await agesOf(id)).toEqual(numbers(10_000).map(String));
  });

  test('sends a row that has waited long enough', async () => {
    const id = await table();
    await using batcher = syn.tables.batcher(id, { maxDelay: 10 });
    await batcher.add({ age: 1 });
    while (batcher.pending.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await agesOf(id)).toEqual(['1']);
    expect(batcher.report).toEqual({ rows: 1, transactions: 1 });
  });

  test('keeps batches within their limits when rows are added at once', async () => {
    const id = await table();
    const batcher = syn.tables.batcher(id, { maxRows: 10 });
    await Promise.all(numbers(95).map((age) => batcher.add({ age })));
    expect(await batcher.close()).toEqual({ rows: 95, transactions: 10 });
    expect(await agesOf(id)).toEqual(numbers(95).map(String));
  });

  test('counts bytes as well', async () => {
    const id = await table();
    const batcher = syn.tables.batcher(id, { maxBytes: 100 });
    for (const age of numbers(20)) await batcher.add({ name: 'x'.repeat(50), age });
    expect(await batcher.flush()).toEqual({ rows: 20, transactions: 10 });
    await batcher.close();
  });

  test('refuses a bad row at once, and takes others', async () => {
    const id = await table();
    const batcher = syn.tables.batcher(id);
    await batcher.add({ age: 1 });
    await expect(batcher.add({ age: 'x' })).rejects.toThrow(CellValueError);
    await expect(batcher.add({ size: 1 })).rejects.toThrow(ArgumentError);
    await batcher.add({ age: 2 });
    await batcher.close();
    expect(await agesOf(id)).toEqual(['1', '2']);
    await expect(batcher.add({ age: 3 })).rejects.toThrow('closed');
  });

  test('has all rows that could not be appended in its error, and says it once at its close', async () => {
    const id = await table();
    const batcher = syn.tables.batcher(id, { maxRows: 2, maxDelay: 60_000 });
    await batcher.add({ age: 1 });
    await syn.services.entity.deleteEntity({ id });
    await batcher.add({ age: 2 });
    await batcher.add({ age: 3 });
    const error: unknown = await batcher.flush().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BatcherError);
    expect((error as BatcherError).rows).toEqual([{ age: 1 }, { age: 2 }, { age: 3 }]);
    await expect(batcher.add({ age: 4 })).rejects.toThrow(BatcherError);
    expect(await batcher.close()).toEqual({ rows: 0, transactions: 0 });
  });

  test('rejects with the reason of its signal, and keeps the rows', async () => {
    const id = await table();
    const control = new AbortController();
    const batcher = syn.tables.batcher(id, { signal: control.signal, maxDelay: 60_000 });
    await batcher.add({ age: 1 });
    const reason = new Error('enough');
    control.abort(reason);
    await expect(batcher.add({ age: 2 })).rejects.toBe(reason);
    await expect(batcher.flush()).rejects.toBe(reason);
    expect(batcher.pending).toEqual([{ age: 1 }]);
    await batcher.close();
    expect(await agesOf(id)).toEqual([]);
  });

  test('refuses limits that are no numbers', () => {
    expect(() => syn.tables.batcher('syn1', { maxRows: 0 })).toThrow(ArgumentError);
    expect(() => syn.tables.batcher('syn1.2')).toThrow(ArgumentError);
  });
});
