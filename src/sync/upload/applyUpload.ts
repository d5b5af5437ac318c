import type { Context } from '../../context.js';
import { SynapseError, type Failure } from '../../errors.js';
import type { PlanData } from '../plan/planData.js';
import type { ApplyOptions } from '../plan/syncPlan.js';
import type { SyncReport } from '../plan/syncReport.js';
import { announceFiles } from './announceFiles.js';
import { applyItems } from './applyItems.js';
import { reportText, sendReport } from './sendReport.js';
import type { UploadItem } from './uploadItem.js';
import type { UploadOutcome } from './uploadRun.js';

/** Applies the plan of an upload, and tells the caller in a message if that is wanted. Implements {@link SyncPlan.apply}. */
export async function applyUpload(
  ctx: Context,
  plan: PlanData<UploadItem>,
  { sendMessages = false, ...options }: ApplyOptions,
): Promise<SyncReport<UploadItem>> {
  if (!sendMessages) return applyPlan(ctx, plan, options);
  const source = plan.manifest ?? plan.directory ?? 'a plan';
  try {
    const report = await applyPlan(ctx, plan, options);
    await sendReport(ctx, source, reportText(report), options);
    return report;
  } catch (error) {
    await sendReport(ctx, source, `It has failed: ${(error as Error).message}`, options);
    throw error;
  }
}

async function applyPlan(
  ctx: Context,
  plan: PlanData<UploadItem>,
  { concurrency, retries, onItem, ...common }: ApplyOptions,
): Promise<SyncReport<UploadItem>> {
  const report: SyncReport<UploadItem> = {
    done: [],
    skipped: [],
    leftOut: [],
    failures: plan.problems.map(({ path, message }) => ({
      path,
      error: new SynapseError(message, { code: 'SYNC_PROBLEM' }),
    })),
    manifests: [],
    bytes: 0,
  };
  const { onProgress, end } = announceFiles(plan, common.onProgress);
  const options = { ...common, onProgress, concurrency, retries };
  const outcomes: UploadOutcome[] = [];
  for await (const outcome of applyItems(ctx, plan, options)) {
    end(outcome);
    if (outcome.state === 'done' || outcome.state === 'skipped') onItem?.(outcome.item);
    outcomes.push(outcome);
  }
  for (const outcome of inOrder(outcomes, plan.items)) note(report, outcome);
  return report;
}

/** The order of the plan, not the one in which items ended, so that the same run has the same report. */
function inOrder(outcomes: UploadOutcome[], items: readonly UploadItem[]): UploadOutcome[] {
  const places = new Map(items.map(({ path }, index) => [path, index]));
  const placeOf = ({ item }: UploadOutcome): number => places.get(item.path) ?? 0;
  return outcomes.sort((a, b) => placeOf(a) - placeOf(b));
}

function note(report: SyncReport<UploadItem>, outcome: UploadOutcome): void {
  const { item } = outcome;
  if (outcome.state === 'failed') report.failures.push(failureOf(item, outcome.error));
  else report[outcome.state].push(item);
  if (outcome.state === 'done') report.bytes += item.bytes;
}

/** The failure of an item. */
export function failureOf({ localPath, path, id }: UploadItem, error: Error): Failure {
  return { path: localPath ?? (id === undefined ? path : `${path} (${id})`), error };
}
