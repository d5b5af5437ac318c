import type { Context } from '../context.js';
import { ArgumentError, ConflictError, SynapseError } from '../errors.js';
import { copiedMembers } from './copiedKinds.js';
import type { ApplyCopyOptions, CopyItem, CopyPlanData, CopyReport } from './copyData.js';
import { copyFiles } from './copyFiles.js';
import { CopyRun } from './copyRun.js';
import { copyTable } from './copyTable.js';
import { copyWikis } from './copyWikis.js';
import { mapReferences, referencesOf } from './mapReferences.js';
import { runPool } from '../transfer/pool.js';
import { writeCopy } from './writeCopy.js';

/** Tables whose rows are copied at the same time. */
const tablesAtOnce = 4;

/**
 * Applies a plan: first containers, then files, tables, and at last what can refer to any of them.
 *
 * @throws {@link ConflictError} when the plan has conflicts or problems. Nothing is written then.
 * @throws {@link ArgumentError} for JSON that is no plan.
 */
export async function applyCopy(
  ctx: Context,
  plan: CopyPlanData,
  options: ApplyCopyOptions = {},
): Promise<CopyReport> {
  requirePlan(plan);
  refuseConflicts(plan);
  tellLeftOut(ctx, plan, options);
  const run = new CopyRun(ctx, plan, options);
  await copyContainers(run);
  await copyFiles(run);
  await copyTables(run);
  await copyReferring(run);
  await copyRowsWithIds(run);
  await copyWikis(run);
  return run.report;
}

/** JSON can be anything. */
function requirePlan({
  format,
  version,
  items,
}: Partial<Record<keyof CopyPlanData, unknown>>): void {
  if (format === 'synapse-copy-plan' && version === 1 && Array.isArray(items)) return;
  throw new ArgumentError(
    'This is no plan of a copy that this version can apply: make it with planCopy, or synapse cp --dry-run --json.',
  );
}

/** Nothing is left out without a word, except what the caller has excluded. */
function tellLeftOut(ctx: Context, { items }: CopyPlanData, { onLeftOut }: ApplyCopyOptions): void {
  const tell =
    onLeftOut ??
    (({ id, path, reason = '' }: CopyItem) => ctx.log(`${id} (${path}) is not copied: ${reason}`));
  for (const item of items) {
    if (item.action === 'leaveOut' && item.because !== 'excluded') tell(item);
  }
}

/** Conflicts and problems that a message lists. */
const mostListed = 20;

function refuseConflicts({ items, problems }: CopyPlanData): void {
  const conflicts = items.filter(({ action }) => action === 'conflict');
  const found = [
    ...problems.map(({ path, message }) => `${path}: ${message}`),
    ...conflicts.map(({ path, reason = '' }) => `${path}: ${reason}`),
  ];
  if (found.length === 0) return;
  const lines = found.slice(0, mostListed).map((line) => `\n  ${line}`);
  if (found.length > mostListed) lines.push(`\n  and ${found.length - mostListed} more`);
  const isTaken = conflicts.some(({ reason }) => reason?.includes('already exists') === true);
  const hint = isTaken
    ? '\nRename or delete them, or copy with updateExisting (--update-existing) to bring them up to date.'
    : '';
  const reason = `Nothing was copied:${lines.join('')}${hint}`;
  throw new ConflictError(reason, { status: 409, reason, method: 'POST', url: '/repo/v1/entity' });
}

/** Level by level: a folder is created in the copy of the one that it is in. */
async function copyContainers(run: CopyRun): Promise<void> {
  const levels = new Map<number, CopyItem[]>();
  const depths = new Map<string, number>();
  for (const item of run.plan.items) {
    if (item.how !== 'container') continue;
    const depth = (depths.get(item.parentId ?? '') ?? 0) + 1;
    depths.set(item.id, depth);
    const level = levels.get(depth);
    if (level === undefined) levels.set(depth, [item]);
    else level.push(item);
  }
  const pending = new Set(run.pending((item) => item.how === 'container'));
  // Parents come before their children, so the levels are in order.
  for (const items of levels.values()) {
    await run.each(
      items.filter((item) => pending.has(item)),
      async (item, state, signal) => {
        // The properties of the project that is copied into stay as they are.
        const members = item.type === 'project' ? {} : copiedMembers(state.source.entity);
        const { id = '' } = await writeCopy(run, item, state, { members }, signal);
        return { id };
      },
    );
  }
}

async function copyTables(run: CopyRun): Promise<void> {
  const tables = run.pending(({ how }) => how === 'rows');
  await run.each(
    tables,
    async (item, state, signal) => {
      const prepare = async (): Promise<string> => {
        const members = copiedMembers(state.source.entity);
        const { id = '' } = await writeCopy(run, item, state, { members }, signal);
        return id;
      };
      run.containerFor(item);
      const isWhole = item.action === 'updateMetadata' || run.plan.updateTableIds;
      if (isWhole) return { id: await prepare() };
      return { id: await copyTable(run.ctx, { id: item.id, prepare }, { signal }) };
    },
    tablesAtOnce,
  );
}

/** The rows of tables whose ids become those of copies, when all of these are known. */
async function copyRowsWithIds(run: CopyRun): Promise<void> {
  const { ctx, plan, signal, copies } = run;
  if (!plan.updateTableIds) return;
  const tables = run.pending(
    ({ how, action, id }) => how === 'rows' && action !== 'updateMetadata' && copies.has(id),
  );
  const copyOf = (id: string): string | undefined => copies.get(id)?.id;
  await runPool(tables, { limit: tablesAtOnce, signal }, async (item, own) => {
    const prepare = (): Promise<string> => Promise.resolve(copyOf(item.id) ?? '');
    try {
      await copyTable(ctx, { id: item.id, prepare }, { signal: own, copyOf });
    } catch (error) {
      run.fail(item, error, own);
    }
  });
}

/** Links, views and datasets: each after those that it refers to. */
async function copyReferring(run: CopyRun): Promise<void> {
  let open = run.pending(({ how }) => how === 'link' || how === 'definition');
  const references = new Map<string, Set<string>>();
  const read = async (item: CopyItem, signal: AbortSignal): Promise<void> => {
    try {
      const { source } = await run.stateFor(item, signal);
      references.set(item.id, referencesOf(copiedMembers(source.entity)));
    } catch (error) {
      run.fail(item, error, signal);
    }
  };
  await runPool(open, { limit: run.concurrency, signal: run.signal }, read);
  open = open.filter(({ id }) => references.has(id));
  while (open.length > 0) {
    const ids = new Set(open.map(({ id }) => id));
    const ready = open.filter((item) =>
      [...(references.get(item.id) ?? [])].every((id) => id === item.id || !ids.has(id)),
    );
    // Links that lead to each other have no order; they are refused one by one below.
    const wave = ready.length > 0 ? ready : open;
    await run.each(wave, async (item, state, signal) => {
      const members = copiedMembers(state.source.entity);
      requireCopies(run, item, references.get(item.id) ?? new Set());
      const mapped = mapReferences(members, (id) => run.copies.get(id));
      const content = { members: mapped.members };
      const { id = '' } = await writeCopy(run, item, state, content, signal);
      return { id };
    });
    const written = new Set(wave);
    open = open.filter((item) => !written.has(item));
  }
}

function requireCopies(run: CopyRun, item: CopyItem, references: ReadonlySet<string>): void {
  const missing = [...references].filter((id) => id !== item.id && run.isMissing(id));
  if (missing.length === 0) return;
  throw new SynapseError(
    `It refers to ${missing.join(', ')}, which could not be copied. Copy again with updateExisting when that is solved.`,
    { code: 'COPY' },
  );
}
