import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import type { ApplyOptions } from '../plan/syncPlan.js';
import type { SyncReport } from '../plan/syncReport.js';
import { planUpload, type PlanUploadOptions } from './planUpload.js';

/** How {@link Sync.syncToSynapse} plans and applies. */
export type SyncToSynapseOptions = PlanUploadOptions & ApplyOptions;

/** Implements {@link Sync.syncToSynapse}. */
export async function syncToSynapse(
  ctx: Context,
  source: string,
  parent: Parent | undefined,
  options: SyncToSynapseOptions = {},
): Promise<SyncReport> {
  const plan = await planUpload(ctx, source, parent, options);
  const { concurrency, retries, sendMessages, onItem, signal, onProgress } = options;
  return plan.apply({ concurrency, retries, sendMessages, onItem, signal, onProgress });
}
