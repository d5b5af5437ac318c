import type * as M from '../../generated/models.js';
import { againAfterLostAnswer, isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError, PreconditionFailedError, SynapseError, TimeoutError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { checkColumns } from './checkColumns.js';
import type { StoredColumn } from './columnModel.js';
import { createColumns } from './createColumns.js';
import { getColumns } from './getColumns.js';
import { orderChanges, type IdChange } from './orderChanges.js';
import type { SchemaPlan } from './schemaPlan.js';

const table = 'org.sagebionetworks.repo.model.table';

/** What {@link changeColumns} changes. */
export interface ColumnsChange {
  /** The table or view. */
  id: string;
  plan: SchemaPlan;
  /**
   * The columns that the table has now, if the plan was not made of them. When they are those that it leads to, somebody has made
   * the same change; any others are an error.
   */
  current?: readonly StoredColumn[];
  /** Switches full-text search on or off, in the same transaction. */
  searchEnabled?: boolean;
}

/**
 * Carries out a {@link SchemaPlan}. The columns of a table change all or nothing.
 *
 * @returns The columns of the table afterwards.
 * @throws {@link ArgumentError} when Synapse refuses the change, or a column is invalid; nothing is sent.
 * @throws {@link PreconditionFailedError} when the columns have changed since they were read.
 * @throws {@link AsyncJobError} when a value cannot be converted.
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
 */
export async function changeColumns(
  ctx: Context,
  change: ColumnsChange,
  { signal, onProgress }: CommonOptions = {},
): Promise<StoredColumn[]> {
  const { id, plan, current = plan.before, searchEnabled } = change;
  requireDoable(plan);
  const call = { signal };
  const after = await storePlanned(ctx, plan, call);
  const isDone = hasColumns(current, after);
  if (!isDone && !hasColumns(current, plan.before)) throw changedMeanwhile(id);
  const requests = isDone ? [] : await schemaRequests(ctx, plan, after, call);
  const search = searchEnabled === undefined ? [] : [searchRequest(searchEnabled)];
  const changes = [...requests, ...search];
  if (changes.length === 0) return after;
  const run = (): Promise<unknown> =>
    ctx.http.runJob(
      { concreteType: `${table}.TableUpdateTransactionRequest`, entityId: id, changes },
      { id },
      { signal, onProgress },
    );
  // Switching search on twice does no harm.
  if (isDone) await againAfterLostAnswer(run);
  else await runOnce(run, async () => hasColumns(await getColumns(ctx, id, call), after));
  return after;
}

/** Checks that a plan can be carried out. Nothing is sent. */
export function requireDoable(plan: SchemaPlan): void {
  if (plan.isEmpty) return;
  const [problem] = plan.problems;
  if (problem !== undefined) {
    throw new ArgumentError(
      `${problem}. Add a column of the new type, copy the values, and drop the old one.`,
    );
  }
  checkColumns(plan.columns);
}

/** The columns of a plan with their ids. Those that are new or changed are created. */
export async function storePlanned(
  ctx: Context,
  plan: SchemaPlan,
  call: { signal?: AbortSignal },
): Promise<StoredColumn[]> {
  const kept = new Map(
    plan.changes.flatMap((change) =>
      change.action === 'unchanged' ? [[change.name, change.before] as const] : [],
    ),
  );
  const missing = plan.columns.filter(({ name }) => !kept.has(name.trim()));
  const created = await createColumns(ctx, missing, call);
  const all = new Map([...kept, ...created.map((column) => [column.name, column] as const)]);
  return plan.columns.flatMap(({ name }) => all.get(name.trim()) ?? []);
}

function hasColumns(now: readonly StoredColumn[], then: readonly StoredColumn[]): boolean {
  return now.length === then.length && now.every(({ id }, index) => id === then[index]?.id);
}

function changedMeanwhile(id: string): PreconditionFailedError {
  const reason = `The columns of ${id} have changed since they were read`;
  return new PreconditionFailedError(`${reason}. Get it again, and repeat the change.`, {
    status: 412,
    reason,
    method: 'GET',
    url: `/repo/v1/entity/${id}/column`,
  });
}

/** The requests from the columns before to those after, which have ids. */
async function schemaRequests(
  ctx: Context,
  plan: SchemaPlan,
  after: readonly StoredColumn[],
  call: { signal?: AbortSignal },
): Promise<M.TableSchemaChangeRequest[]> {
  const orderedColumnIds = after.map(({ id }) => id);
  if (plan.before.map(({ id }) => id).join() === orderedColumnIds.join()) return [];
  const byName = new Map(after.map((column) => [column.name, column]));
  const changes = plan.pairs
    .map((pair) => ({
      oldId: pair.before?.id,
      next: pair.after && byName.get(pair.after.name.trim()),
    }))
    .filter(({ oldId, next }) => oldId !== next?.id);
  const before = new Map(plan.before.map(({ id, name }) => [id, name]));
  const steps = await allRequests(ctx, changes, before, call);
  const last = steps.length - 1;
  return steps.map((step, index) => ({
    concreteType: `${table}.TableSchemaChangeRequest`,
    changes: step,
    ...(index === last && { orderedColumnIds }),
  }));
}

/** Changes that wait for each other become possible when one of the columns gets another name for a moment. */
async function allRequests(
  ctx: Context,
  changes: readonly IdChange[],
  before: ReadonlyMap<string, string>,
  call: { signal?: AbortSignal },
): Promise<M.ColumnChange[][]> {
  const all: M.ColumnChange[][] = [];
  let ordered = orderChanges(changes, before);
  all.push(...ordered.requests);
  for (;;) {
    const { waiting, present } = ordered;
    const cycle = waiting.find(({ oldId, next }) => oldId !== undefined && next !== undefined);
    if (cycle?.next === undefined) break;
    const temporary = await temporaryColumn(ctx, cycle.next, present, call);
    const steps = [
      { oldId: cycle.oldId, next: temporary },
      ...waiting.filter((change) => change !== cycle),
      { oldId: temporary.id, next: cycle.next },
    ];
    ordered = orderChanges(steps, present);
    all.push(...ordered.requests);
  }
  return all.length === 0 ? [[]] : all;
}

/** Creates the column that a column becomes for a moment. */
async function temporaryColumn(
  ctx: Context,
  column: StoredColumn,
  present: ReadonlyMap<string, string>,
  call: { signal?: AbortSignal },
): Promise<StoredColumn> {
  const names = new Set(present.values());
  let name = `moving_${column.id}`;
  while (names.has(name)) name += '_';
  const [created = column] = await createColumns(ctx, [{ ...column, name }], call);
  return created;
}

function searchRequest(searchEnabled: boolean): M.TableSearchChangeRequest {
  return { concreteType: `${table}.TableSearchChangeRequest`, searchEnabled };
}

/** Runs a change that cannot be applied twice, also when the answer gets lost. */
async function runOnce(run: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    if (await isDone()) return;
    // A job that is still at work is not started again.
    if (error instanceof TimeoutError) throw error;
    await run().catch(async (again: unknown) => {
      // The first request was still at work: the second one found the columns changed.
      if (!(again instanceof SynapseError) || !(await isDone())) throw again;
    });
  }
}
