import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { createRandom } from '../../src/server/conditions/random.js';
import { startLocalSynapse } from '../../src/server/index.js';
import { countRounds, isThorough } from '../faults/rounds.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { Session } from './entitySession.js';
import { csvUpload, rowSet, schemaChange, TableSession, type Column } from './tableSession.js';

const rounds = Number(process.env['SYNAPSE_CRASH_ROUNDS'] ?? (isThorough ? 10 : 2));
const seed = Number(process.env['SYNAPSE_CRASH_SEED'] ?? 20_261_124);

interface Child {
  readonly process: ChildProcess;
  readonly endpoint: string;
  readonly authToken: string;
}

async function startChild(dataDir: string): Promise<Child> {
  const script = join(import.meta.dirname, '../helpers/serveUntilKilled.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { process: child, ...(JSON.parse(line) as Omit<Child, 'process'>) };
}

function sessionOf(server: Pick<Child, 'authToken' | 'endpoint'>): TableSession {
  return new TableSession(new Session(api(server, server.authToken)));
}

/** Rows of each batch: a batch is in the table as a whole or not at all. */
const batchRows = 4;

/** Changes one table in every way, and knows what must be there. */
class TableWriter {
  session: TableSession;
  answers = 0;
  #id = '';
  #number: Column | undefined;
  #flags: Column[] = [];
  #next = 1;
  /** Batches that were answered, and the one whose answer may have been lost. */
  readonly #kept = new Set<number>();
  #unsure: number | undefined;
  /** Snapshots that were answered, with the batches in them. */
  readonly #snapshots = new Map<number, number[]>();
  readonly #random: () => number;

  constructor(session: TableSession, random: () => number) {
    this.session = session;
    this.#random = random;
  }

  async start(): Promise<void> {
    const [number, ...flags] = await this.session.columns(
      { name: 'batch', columnType: 'INTEGER' },
      { name: 'yes', columnType: 'STRING', defaultValue: 'yes' },
      { name: 'no', columnType: 'STRING', defaultValue: 'no' },
    );
    this.#number = number;
    this.#flags = flags;
    const columns = [number, flags[0]].flatMap((column) => column ?? []);
    this.#id = (await this.session.table(columns)).id;
  }

  async step(): Promise<void> {
    const dice = this.#random();
    if (dice < 0.15) {
      await this.#snapshot();
    } else if (dice < 0.3) {
      await this.#toggle();
    } else {
      await this.#batch(dice < 0.5);
    }
    this.answers += 1;
  }

  async #batch(asFile: boolean): Promise<void> {
    const batch = this.#next;
    this.#next += 1;
    const rows = Array.from({ length: batchRows }, () => String(batch));
    const number = this.#number === undefined ? [] : [this.#number];
    const change = asFile
      ? csvUpload(await this.session.upload(`batch\n${rows.join('\n')}\n`))
      : rowSet(
          this.#id,
          number,
          rows.map((value) => ({ values: [value] })),
        );
    this.#unsure = batch;
    await this.session.change(this.#id, [change]);
    this.#unsure = undefined;
    this.#kept.add(batch);
  }

  /** Exchanges one column for another. */
  async #toggle(): Promise<void> {
    const { columnIds } = await this.#entity();
    const [yes, no] = this.#flags.map(({ id }) => id);
    const has = columnIds?.includes(yes ?? '') === true;
    await this.session.change(this.#id, [
      schemaChange([
        { oldColumnId: (has ? yes : no) ?? '' },
        { newColumnId: (has ? no : yes) ?? '' },
      ]),
    ]);
  }

  async #snapshot(): Promise<void> {
    const { snapshotVersionNumber } = await this.session.change(this.#id, [], {
      createSnapshot: true,
    });
    this.#snapshots.set(snapshotVersionNumber ?? 0, [...this.#kept]);
  }

  async #entity(): Promise<M.TableEntity> {
    return (await this.session.session.read(this.#id)) as unknown as M.TableEntity;
  }

  /** Batches in a version of the table, each of which must be whole. */
  async #batches(version: string): Promise<number[]> {
    const cells = await this.session.cells(
      `select batch, count(*) from ${this.#id}${version} group by batch order by batch`,
    );
    for (const [, count] of cells) {
      expect(count).toBe(String(batchRows));
    }
    return cells.map(([batch]) => Number(batch));
  }

  async verify(): Promise<void> {
    const found = await this.#batches('');
    const lost = this.#unsure;
    if (lost !== undefined && found.includes(lost)) {
      this.#kept.add(lost);
    }
    this.#unsure = undefined;
    expect(found).toEqual([...this.#kept].sort((a, b) => a - b));
    for (const [version, batches] of this.#snapshots) {
      expect(await this.#batches(`.${version}`)).toEqual(batches);
    }
    const { columnIds, versionNumber } = await this.#entity();
    const { selectColumns } = await this.session.query(`select * from ${this.#id}`, {}, 4);
    expect(selectColumns?.map(({ id }) => id)).toEqual(columnIds);
    expect(versionNumber).toBeGreaterThanOrEqual(this.#snapshots.size + 1);
  }
}

async function loadAndKill(child: Child, writer: TableWriter, answers: number): Promise<void> {
  const exited = once(child.process, 'exit');
  const end = writer.answers + answers;
  const timer = { at: 0 };
  try {
    for (;;) {
      if (writer.answers >= end && timer.at === 0) {
        timer.at = 1;
        // Somewhere in the middle of what comes next.
        setTimeout(() => child.process.kill('SIGKILL'), 1 + (answers % 7) * 4);
      }
      await writer.step();
    }
  } catch (error) {
    const isFailedCheck = typeof error === 'object' && error !== null && 'matcherResult' in error;
    if (!child.process.killed || isFailedCheck) {
      throw error;
    }
  } finally {
    child.process.kill('SIGKILL');
    await exited;
  }
}

describe('tables in a data directory', () => {
  test(
    `survive kill -9 (${rounds} rounds with seed ${seed})`,
    async () => {
      const random = createRandom(seed);
      await withTempDir(async (dataDir) => {
        let writer: TableWriter | undefined;
        for (let round = 0; round < rounds; round += 1) {
          const child = await startChild(dataDir);
          const session = sessionOf(child);
          if (writer === undefined) {
            writer = new TableWriter(session, random);
            await writer.start();
          } else {
            writer.session = session;
            await writer.verify();
          }
          await loadAndKill(child, writer, 8 + Math.floor(random() * 15));
        }
        const synapse = await startLocalSynapse({ dataDir, strict: true });
        try {
          if (writer !== undefined) {
            writer.session = sessionOf(synapse);
            await writer.verify();
          }
          expect(synapse.internalErrors).toEqual([]);
          expect(synapse.contractViolations).toEqual([]);
        } finally {
          await synapse.close();
        }
      });
      countRounds(rounds);
    },
    30_000 + rounds * 20_000,
  );

  test('are there after a restart', async () => {
    await withTempDir(async (dataDir) => {
      const first = await startLocalSynapse({ dataDir });
      const before = sessionOf(first);
      const { id, columns } = await before.filled();
      await before.session.update(await before.session.read(id), { isSearchEnabled: true });
      await before.change(id, [], { createSnapshot: true });
      const { etag } = await before.append(id, columns, [['four', '4']]);
      const rows = await before.rows(`select * from ${id}`);
      await first.close();

      const second = await startLocalSynapse({ dataDir });
      const after = sessionOf(second);
      const bundle = await after.query(`select * from ${id}`, {}, 1);
      expect(bundle.queryResult?.queryResults).toMatchObject({ etag, rows });
      expect(await after.rows(`select * from ${id}.1`)).toHaveLength(3);
      expect(await after.cells(`select name from ${id} where text_matches('four')`)).toEqual([
        ['four'],
      ]);
      expect(await after.append(id, columns, [['five', '5']])).toMatchObject({
        // The change of columns and that of search each took an id, the first one 0.
        rows: [{ rowId: 6 }],
      });
      await second.close();
    });
  });
});
