import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredColumn } from '../../columns/columnModel.js';
import type { Context } from '../../context.js';
import { UnconfirmedError } from './transactionError.js';
import { isStaleRow } from './transaction.js';
import { TableChanges } from './transactionChanges.js';
import type { UpdateTarget } from './updateTarget.js';
import type { UpsertInput } from './upsertInput.js';
import type { UpsertOptions, UpsertReport } from './upsertOptions.js';
import { planUpsert, type UpsertStep } from './upsertPlan.js';

/** The rows, and a folder for files. */
export interface Upsert {
  target: UpdateTarget;
  input: UpsertInput;
  folder: string;
}

/** A comparison of the rows with the table, and the changes that follow from it. */
interface Plan {
  report: UpsertReport;
  changes: TableChanges;
}

/** How often the rows are compared again because others have changed them meanwhile. */
const mostAttempts = 5;

/** Stores rows in a table, in one transaction. */
export async function upsertTable(
  ctx: Context,
  upsert: Upsert,
  options: UpsertOptions,
): Promise<UpsertReport> {
  let plan = await makePlan(ctx, upsert, options);
  if (options.dryRun === true) return plan.report;
  let isRepeated = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await plan.changes.send(ctx, options);
      return plan.report;
    } catch (error) {
      const isLost = error instanceof UnconfirmedError;
      if (!isLost && !isStaleRow(error)) throw error;
      if (attempt >= mostAttempts) throw error;
      if (isLost && !error.isStarted && plan.report.updated > 0 && !isRepeated) {
        // Safe: if the first one was applied, its updates make Synapse refuse this one.
        isRepeated = true;
        continue;
      }
      const next = await makePlan(ctx, upsert, options);
      // What was sent has been applied, though its answer was lost.
      if ((isLost || isRepeated) && isDone(next)) return plan.report;
      if (isLost) throw error;
      plan = next;
    }
  }
}

function isDone({ report }: Plan): boolean {
  return report.inserted === 0 && report.updated === 0;
}

/** Column sets that are changes of their own. */
const mostColumnSets = 50;

async function makePlan(
  ctx: Context,
  { target, input, folder }: Upsert,
  options: UpsertOptions,
): Promise<Plan> {
  const report: UpsertReport = { inserted: 0, updated: 0, unchanged: 0, problems: [] };
  const changes = new TableChanges(target.id, await mkdtemp(join(folder, 'changes-')));
  const writer = new StepWriter(input, changes);
  for await (const step of planUpsert(ctx, { tableId: target.id, isView: false }, input, options)) {
    if (step.stored === undefined) {
      report.inserted += 1;
      if (options.dryRun !== true) await writer.insert(step);
    } else if (step.cells.length === 0) {
      report.unchanged += 1;
    } else {
      report.updated += 1;
      if (options.dryRun !== true) await writer.update(step);
    }
  }
  return { report, changes };
}

class StepWriter {
  readonly #input: UpsertInput;
  readonly #changes: TableChanges;
  readonly #sets = new Set<string>();

  constructor(input: UpsertInput, changes: TableChanges) {
    this.#input = input;
    this.#changes = changes;
  }

  async insert({ given }: UpsertStep): Promise<void> {
    const { used } = this.#input;
    const cells = new Map(given.cells);
    await this.#changes.add(this.#columns(used), {
      cells: used.map((index) => cells.get(index) ?? null),
    });
  }

  /** Only what differs is written, unless too many different sets of columns differ. */
  async update({ stored, cells }: UpsertStep): Promise<void> {
    const { used, keyIndexes } = this.#input;
    const set = cells.map(([index]) => index);
    const isOwn = this.#sets.size < mostColumnSets || this.#sets.has(set.join());
    if (isOwn) this.#sets.add(set.join());
    // The version of the row makes sure that the other cells are still as they were read.
    const indexes = isOwn ? set : used.filter((index) => !keyIndexes.includes(index));
    const changed = new Map(cells);
    await this.#changes.add(this.#columns(indexes), {
      reference: stored?.reference,
      cells: indexes.map((index) => {
        const cell = changed.get(index);
        return cell === undefined ? (stored?.cells[used.indexOf(index)] ?? null) : cell;
      }),
    });
  }

  #columns(indexes: readonly number[]): StoredColumn[] {
    return indexes.flatMap((index) => this.#input.columns[index] ?? []);
  }
}
