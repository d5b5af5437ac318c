import type { Context } from '../context.js';
import { ArgumentError, fileSystemError } from '../errors.js';
import { expandPath } from '../files/expandPath.js';
import { readInput } from '../files/readInput.js';
import { downloadPlan } from './download/planDownload.js';
import { readPlanData } from './plan/readPlanData.js';
import { SyncPlan } from './plan/syncPlan.js';
import { applyUpload } from './upload/applyUpload.js';
import type { UploadItem } from './upload/uploadItem.js';

/** Implements {@link Sync.readPlan}. */
export async function readPlan(ctx: Context, source: unknown): Promise<SyncPlan> {
  const data = readPlanData(typeof source === 'string' ? await readJson(source) : source);
  if (data.direction === 'download') return downloadPlan(ctx, data);
  return new SyncPlan<UploadItem>(data, (plan, how) => applyUpload(ctx, plan, how));
}

async function readJson(source: string): Promise<unknown> {
  const path = expandPath(source);
  const content = await readInput(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', path, cause);
  });
  try {
    return JSON.parse(content.toString('utf8')) as unknown;
  } catch (cause) {
    throw new ArgumentError(`${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
