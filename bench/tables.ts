import { fork } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnModel } from '../generated/models.js';
import { createHttp } from '../src/api/createHttp.js';
import { cellWriter } from '../src/tables/cells/writeCell.js';
import { csvDialect } from '../src/tables/csv/csvDialect.js';
import { writeCsvRow } from '../src/tables/csv/writeCsvRow.js';
import type { Outcome, Task } from './lib/tablesClient.js';
import { bundleClient } from './lib/bundleClient.js';
import { nextMessage, type BenchServer } from './lib/nextMessage.js';
import { studyColumns, studyRow } from './lib/tablesStudy.js';
import { median, printFigures, type Figure } from './measure.js';

/**
 * Tables: a million rows of ten columns in the embedded Synapse, which is a process of its own. Reading them is compared with
 * `csv-parse` and with DuckDB, which read the same bytes in the same run, in turn, each in a process of its own.
 *
 * `BENCH_ROWS` is the number of rows (1,000,000), `BENCH_ROUNDS` how often each is measured (5), `BENCH_CSV_MIB` the size of the
 * large CSV file (1024), `BENCH_DIR` where the files are (memory, where there is a disk of it).
 */
const rowCount = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const fewRows = rowCount / 10;
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const largeMiB = Number(process.env['BENCH_CSV_MIB'] ?? 1024);
const added = 10_000;
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const root = mkdtempSync(join(process.env['BENCH_DIR'] ?? memory, 'synapse-tables-'));
const lib = join(import.meta.dirname, 'lib');

const clientPath = await bundleClient('tablesClient');
const serverProcess = fork(join(lib, 'transferServer.ts'), {
  execArgv: ['--import', 'tsx'],
  env: { ...process.env, NODE_OPTIONS: '', TMPDIR: root },
});
const server = await nextMessage<BenchServer>(serverProcess);
const http = createHttp({ endpoint: server.endpoint, accessToken: () => server.authToken });

/** Runs a task once or more in a new process; returns the last outcome: the first one includes the time to compile. */
async function client(task: Task, times = 1): Promise<Outcome> {
  const child = fork(clientPath, { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
  await nextMessage(child);
  let outcome: Outcome | undefined;
  for (let time = 0; time < times; time += 1) {
    child.send({ server, task });
    outcome = await nextMessage<Outcome>(child);
  }
  child.disconnect();
  if (outcome === undefined) throw new Error('No task was run.');
  return outcome;
}

async function newTable(columns: readonly ColumnModel[] = studyColumns): Promise<string> {
  const { id: parentId } = await http.services.entity.createEntity({
    body: { concreteType: 'org.sagebionetworks.repo.model.Project', name: `bench-${newId()}` },
  });
  const { list = [] } = await http.services.table.createColumnBatch({
    body: { list: [...columns] },
  });
  const { id = '' } = await http.services.entity.createEntity({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.table.TableEntity',
      name: 'table',
      parentId,
      columnIds: list.map((column) => column.id ?? ''),
    },
  });
  return id;
}

let ids = 0;
function newId(): number {
  ids += 1;
  return ids;
}

/** Writes rows as a CSV file. */
async function writeStudy(name: string, rows: number): Promise<string> {
  const path = join(root, name);
  const file = createWriteStream(path);
  const dialect = csvDialect();
  const writers = studyColumns.map((column) => cellWriter(column));
  let text = writeCsvRow(
    studyColumns.map(({ name: column }) => column),
    dialect,
  );
  for (let index = 0; index < rows; index += 1) {
    const values = Object.values(studyRow(index));
    text += writeCsvRow(
      values.map((value, column) => writers[column]?.(value, index) ?? null),
      dialect,
    );
    if (text.length < 1e6) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'close');
  return path;
}

/** A CSV file of long texts, so that its size and not its number of rows matters. */
async function appendLarge(): Promise<Figure[]> {
  const path = join(root, 'large.csv');
  const rows = largeMiB * 16;
  const text = `"${'x'.repeat(64 * 1024 - 10)}"\n`;
  const file = createWriteStream(path);
  file.write('n,text\n');
  for (let index = 0; index < rows; index += 1) {
    if (!file.write(`${index},${text}`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  const table = await newTable([
    { name: 'n', columnType: 'INTEGER' },
    { name: 'text', columnType: 'LARGETEXT' },
  ]);
  const outcome = await client({ what: 'append', table, path });
  rmSync(path);
  if (outcome.rows !== rows) throw new Error(`${outcome.rows} rows were appended, not ${rows}.`);
  return [
    { what: `append of a CSV file of ${largeMiB} MiB`, value: outcome.seconds, unit: 's' },
    { what: '  peak memory', value: outcome.rssMiB, unit: 'MiB', budget: 200 },
  ];
}

async function loadTable(rows: number): Promise<{ table: string; outcome: Outcome }> {
  const path = await writeStudy(`${rows}.csv`, rows);
  const table = await newTable();
  const outcome = await client({ what: 'append', table, path });
  rmSync(path);
  if (outcome.rows !== rows) throw new Error(`${outcome.rows} rows were appended, not ${rows}.`);
  return { table, outcome };
}

type Outcomes = Record<string, Outcome[]>;

/** The median of a figure over the rounds. */
function of(outcomes: readonly Outcome[] | undefined, value: (outcome: Outcome) => number): number {
  return median((outcomes ?? []).map(value));
}

const seconds = ({ seconds: value }: Outcome): number => value;
const rss = ({ rssMiB }: Outcome): number => rssMiB;

async function reading(table: string, few: string): Promise<Figure[]> {
  const path = join(root, 'result.csv');
  const parquet = join(root, 'result.parquet');
  await client({ what: 'download', table, path });
  const tasks: Record<string, Task> = {
    csvParse: { what: 'csvParse', path },
    iterate: { what: 'iterate', table },
    fewer: { what: 'iterate', table: few },
    duckdb: { what: 'duckdb', path },
    arrow: { what: 'arrow', path },
    parquet: { what: 'parquet', path, target: parquet },
  };
  const outcomes: Outcomes = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, task] of Object.entries(tasks)) {
      const isFile = task.what === 'arrow' || task.what === 'parquet' || task.what === 'duckdb';
      (outcomes[name] ??= []).push(await client(task, isFile ? 2 : 1));
    }
  }
  const { rows: different } = await client({ what: 'compare', path, parquet });
  const { csvParse, iterate, fewer, duckdb, arrow, parquet: written } = outcomes;
  const ratio = (
    one: readonly Outcome[] | undefined,
    other: readonly Outcome[] | undefined,
    value = seconds,
  ): number =>
    median((one ?? []).map((outcome, round) => value(outcome) / (other?.[round]?.seconds ?? NaN)));
  const last = ({ lastRowSeconds }: Outcome): number => lastRowSeconds;
  return [
    { what: 'csv-parse, the bytes of the result', value: of(csvParse, seconds), unit: 's' },
    { what: 'rows of a query, from the end of the job', value: of(iterate, last), unit: 's' },
    { what: '  of csv-parse', value: ratio(iterate, csvParse, last), unit: 'times', budget: 2 },
    {
      what: '  first row',
      value: of(iterate, ({ firstRowSeconds }) => firstRowSeconds),
      unit: 's',
      budget: 1,
    },
    { what: `  peak memory, ${rowCount} rows`, value: of(iterate, rss), unit: 'MiB', budget: 150 },
    { what: `  peak memory, ${fewRows} rows`, value: of(fewer, rss), unit: 'MiB', budget: 150 },
    { what: 'DuckDB, the bytes of the result', value: of(duckdb, seconds), unit: 's' },
    { what: 'the same to Arrow', value: of(arrow, seconds), unit: 's' },
    { what: '  of DuckDB', value: ratio(arrow, duckdb), unit: 'times', budget: 2 },
    { what: 'the same to Parquet', value: of(written, seconds), unit: 's' },
    { what: '  of DuckDB', value: ratio(written, duckdb), unit: 'times', budget: 2 },
    { what: '  peak memory', value: of(written, rss), unit: 'MiB' },
    { what: '  rows that DuckDB reads differently', value: different, unit: '', budget: 0 },
  ];
}

async function writing(table: string): Promise<Figure[]> {
  const batched = await client({ what: 'batch', table: await newTable(), rows: added });
  // Half of the rows are in the table.
  const first = rowCount - added / 2;
  const upserted = await client({ what: 'upsert', table, first, rows: added });
  if (batched.rows !== added || upserted.rows !== added) throw new Error('Rows are missing.');
  return [
    {
      what: `${added} appends of a row, transactions`,
      value: transactions(batched),
      unit: '',
      budget: 20,
    },
    {
      what: `upsert of ${added} into ${rowCount}, rows read`,
      value: upserted.rowsRead,
      unit: '',
      budget: added,
    },
    { what: '  took', value: upserted.seconds, unit: 's' },
  ];
}

function transactions({ jobs }: Outcome): number {
  return jobs['TableUpdateTransactionRequest'] ?? 0;
}

try {
  const few = await loadTable(fewRows);
  const all = await loadTable(rowCount);
  const figures: Figure[] = [
    { what: `append of ${rowCount} rows from a CSV file`, value: all.outcome.seconds, unit: 's' },
    { what: '  peak memory', value: all.outcome.rssMiB, unit: 'MiB', budget: 200 },
    ...(await reading(all.table, few.table)),
    ...(await writing(all.table)),
    ...(await appendLarge()),
  ];
  printFigures(figures);
} finally {
  serverProcess.disconnect();
  await http.close();
  rmSync(root, { recursive: true, force: true });
}
