import { createReadStream, type ReadStream } from 'node:fs';
import { login } from '../../src/auth/login.js';
import type { Context } from '../../src/context.js';
import { createContext } from '../../src/createContext.js';
import type { RunJob } from '../../src/api/runJob.js';
import { csvDialect } from '../../src/tables/csv/csvDialect.js';
import type { CsvRows } from '../../src/tables/export/openColumns.js';
import { toArrow } from '../../src/tables/export/toArrow.js';
import { writeParquet } from '../../src/tables/export/writeParquet.js';
import { Tables } from '../../src/tables/tables.js';
import type { BenchServer } from './nextMessage.js';
import { duckColumns, studyColumns, studyRow } from './tablesStudy.js';

/** A task for a client process. */
export type Task =
  | { what: 'append'; table: string; path: string }
  | { what: 'iterate'; table: string }
  | { what: 'download'; table: string; path: string }
  | { what: 'batch'; table: string; rows: number }
  | { what: 'upsert'; table: string; first: number; rows: number }
  | { what: 'csvParse'; path: string }
  | { what: 'arrow'; path: string }
  | { what: 'parquet'; path: string; target: string }
  | { what: 'duckdb'; path: string }
  | { what: 'compare'; path: string; parquet: string };

/** The result of a task. */
export interface Outcome {
  rows: number;
  seconds: number;
  cpuSeconds: number;
  /** Peak, of the whole process. */
  rssMiB: number;
  /** From the end of the first job to the first row, and to the last one. */
  firstRowSeconds: number;
  lastRowSeconds: number;
  /** Jobs by the last part of the type of their request. */
  jobs: Record<string, number>;
  /** Rows that Synapse has sent. */
  rowsRead: number;
}

/** Jobs and rows of a client. */
interface Counts {
  jobs: Record<string, number>;
  rowsRead: number;
  /** Whether the rows of CSV files are counted, by a query. */
  isFilesCounted: boolean;
  firstJobEnd: number;
}

function counting(context: Context, counts: Counts): Context {
  const { http } = context;
  const uncounted = new Tables(context);
  const runJob = async (...args: Parameters<RunJob>): Promise<unknown> => {
    const [request] = args;
    const name = request.concreteType.split('.').at(-1) ?? '';
    const isFile = name === 'DownloadFromTableRequest' && 'sql' in request;
    if (isFile && counts.isFilesCounted) {
      counts.rowsRead += await uncounted.query(request.sql ?? '').count();
    }
    const result: unknown = await http.runJob(...args);
    counts.jobs[name] = (counts.jobs[name] ?? 0) + 1;
    counts.firstJobEnd ||= performance.now();
    if (!isFile) counts.rowsRead += rowsOf(result);
    return result;
  };
  return { ...context, http: { ...http, runJob: runJob as RunJob } };
}

/** The number of rows in a page, which is the result of a query or part of it. */
function rowsOf(result: unknown): number {
  const page = result as {
    queryResults?: { rows?: unknown[] };
    queryResult?: { queryResults?: { rows?: unknown[] } };
  };
  const { rows } = page.queryResult?.queryResults ?? page.queryResults ?? {};
  return rows?.length ?? 0;
}

/** Reads a file in large pieces, as DuckDB does. */
function openFile(path: string): ReadStream {
  return createReadStream(path, { highWaterMark: 512 * 1024 });
}

/** The bytes of a file as the result of a query. */
function csvFile(path: string): () => Promise<CsvRows> {
  const bytes = openFile(path);
  return () =>
    Promise.resolve({
      columns: studyColumns,
      references: ['ROW_ID', 'ROW_VERSION'],
      bytes,
      dialect: csvDialect(),
      close: () => bytes.destroy(),
    });
}

// Both packages are loaded where they are used: they would count for the memory of the others.
async function parseCsv(path: string): Promise<number> {
  const { parse } = await import('csv-parse');
  let rows = -1;
  const parser = openFile(path).pipe(parse({ escape: '"' }));
  for await (const row of parser) if (row !== undefined) rows += 1;
  return rows;
}

const readCsv = (path: string): string => `read_csv('${path}', header=true, escape='"', quote='"')`;

async function duckDb(sql: string): Promise<number> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const [[count] = []] = (await connection.runAndReadAll(sql)).getRows();
  return Number(count);
}

async function iterate(tables: Tables, table: string, counts: Counts): Promise<Partial<Outcome>> {
  let rows = 0;
  let firstRow = 0;
  const query = tables.query(`select * from ${table}`, { integers: 'bigint', via: 'csv' });
  for await (const row of query) {
    if (rows === 0) firstRow = performance.now();
    if (row.rowId !== undefined) rows += 1;
  }
  return {
    rows,
    firstRowSeconds: (firstRow - counts.firstJobEnd) / 1000,
    lastRowSeconds: (performance.now() - counts.firstJobEnd) / 1000,
  };
}

async function addRows(tables: Tables, table: string, count: number): Promise<number> {
  const batcher = tables.batcher(table);
  for (let index = 0; index < count; index += 1) await batcher.add(studyRow(index));
  return (await batcher.close()).rows;
}

async function upsert(
  tables: Tables,
  { table, first, rows: count }: Task & { what: 'upsert' },
): Promise<number> {
  const rows = Array.from({ length: count }, (_, index) => {
    return { ...studyRow(first + index), note: 'upserted' };
  });
  const { inserted, updated } = await tables.upsert(table, rows, { keys: ['big'] });
  return inserted + updated;
}

async function run(tables: Tables, task: Task, counts: Counts): Promise<Partial<Outcome>> {
  switch (task.what) {
    case 'append':
      return { rows: (await tables.append(task.table, task.path)).rows };
    case 'iterate':
      return iterate(tables, task.table, counts);
    case 'download':
      await tables.query(`select * from ${task.table}`).toCsv(task.path);
      return {};
    case 'batch':
      return { rows: await addRows(tables, task.table, task.rows) };
    case 'upsert':
      return { rows: await upsert(tables, task) };
    case 'csvParse':
      return { rows: await parseCsv(task.path) };
    case 'arrow':
      return { rows: (await toArrow(csvFile(task.path), { references: true })).numRows };
    case 'parquet':
      await writeParquet(csvFile(task.path), task.target, { references: true, overwrite: true });
      return {};
    case 'duckdb':
      return { rows: await duckDb(`create table t as select * from ${readCsv(task.path)}`) };
    case 'compare': {
      const csv = `select ${duckColumns('csv')} from ${readCsv(task.path)}`;
      const parquet = `select ${duckColumns('parquet')} from '${task.parquet}'`;
      const missing = (one: string, other: string): string =>
        `(select count(*) from (${one} except all ${other}))`;
      return { rows: await duckDb(`select ${missing(csv, parquet)} + ${missing(parquet, csv)}`) };
    }
  }
}

async function measure(server: BenchServer, task: Task): Promise<Outcome> {
  const { context, loginContext, close } = createContext({
    endpoint: server.endpoint,
    configPath: '/nonexistent',
    environment: {},
    log: () => undefined,
  });
  await login(loginContext, { authToken: server.authToken });
  const counts: Counts = {
    jobs: {},
    rowsRead: 0,
    isFilesCounted: task.what === 'upsert',
    firstJobEnd: 0,
  };
  const tables = new Tables(counting(context, counts));
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await run(tables, task, counts);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await close();
  return {
    rows: 0,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    rssMiB: process.resourceUsage().maxRSS / 1024,
    firstRowSeconds: 0,
    lastRowSeconds: 0,
    jobs: counts.jobs,
    rowsRead: counts.rowsRead,
    ...result,
  };
}

process.on('message', ({ server, task }: { server: BenchServer; task: Task }) => {
  measure(server, task).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.send?.('ready');
