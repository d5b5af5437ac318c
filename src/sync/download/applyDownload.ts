import type { Context } from '../../context.js';
import { prepareFolder } from '../../files/placeFile.js';
import { shortened } from '../../files/safeName.js';
import { SynapseError, type Failure } from '../../errors.js';
import { DownloadQueue } from '../../storages/synapse/downloadQueue.js';
import { pool } from '../../transfer/pool.js';
import { filesAtOnce } from '../filesAtOnce.js';
import type { ManifestEntry } from '../manifest/manifestRow.js';
import type { DownloadSettings } from '../plan/planData.js';
import type { ApplyOptions } from '../plan/syncPlan.js';
import type { SyncReport } from '../plan/syncReport.js';
import { applyItem } from './applyItem.js';
import type { DownloadItem } from './downloadItem.js';
import { Folders, type DownloadOutcome, type DownloadRun } from './downloadRun.js';
import type { LastManifest } from './lastManifest.js';
import type { Planned } from './planItems.js';
import { writeManifests } from './writeManifests.js';

/** What {@link applyDownload} applies. */
export interface DownloadWork {
  directory: string;
  settings: DownloadSettings;
  last: LastManifest;
  planned: AsyncIterable<Planned>;
}

/** Files that wait for a transfer, so that many of them share one call for their URLs. */
const lookAhead = 60;

/**
 * Applies the steps of a plan as they come, several at a time: downloads first, then deletions, then manifests.
 *
 * @returns Each outcome, when it is there; at the end, the report.
 */
export async function* applyDownload(
  ctx: Context,
  work: DownloadWork,
  { concurrency = filesAtOnce, signal, onProgress }: ApplyOptions,
): AsyncGenerator<DownloadOutcome, SyncReport<DownloadItem>> {
  const { directory, settings, last } = work;
  await prepareFolder(directory);
  const report = new Report();
  const run: DownloadRun = {
    ctx,
    directory,
    settings,
    last,
    queue: new DownloadQueue(concurrency),
    folders: new Folders(directory),
    options: { signal, onProgress },
  };
  const deletions: Planned[] = [];
  const steps = numbered(work.planned, deletions);
  const limits = { limit: concurrency + lookAhead, signal };
  for await (const { index, outcome } of pool(steps, limits, async ({ index, planned }, inner) => ({
    index,
    outcome: await applyItem({ ...run, options: { signal: inner, onProgress } }, planned),
  }))) {
    report.add(index, outcome);
    yield outcome;
  }
  for (const planned of deletions) {
    signal?.throwIfAborted();
    const outcome = await applyItem(run, planned);
    report.add(report.size, outcome);
    yield outcome;
  }
  const { manifest: mode, shard } = settings;
  const { rows, taken } = report;
  const written = await writeManifests(rows, { directory, mode, shard, taken, signal });
  for (const failure of written.failures) {
    yield { state: 'failed', path: failure.path, error: failure.error };
  }
  return report.finish(written);
}

interface Step {
  index: number;
  planned: Planned;
}

/** Numbers the steps, and keeps the deletions for later. */
async function* numbered(
  planned: AsyncIterable<Planned>,
  deletions: Planned[],
): AsyncGenerator<Step> {
  let index = 0;
  for await (const each of planned) {
    if ('item' in each && each.item.action === 'delete') deletions.push(each);
    else yield { index, planned: each };
    index += 1;
  }
}

/** Collects outcomes, in the order of the plan, so that the same run has the same report. */
class Report {
  readonly #lists: Record<'done' | 'skipped' | 'leftOut', [number, DownloadItem][]> = {
    done: [],
    skipped: [],
    leftOut: [],
  };
  readonly #failures: [number, Failure][] = [];
  readonly #rows: [number, ManifestEntry][] = [];
  /** The local paths of all files. */
  readonly taken = new Set<string>();
  #bytes = 0;
  size = 0;

  add(index: number, outcome: DownloadOutcome): void {
    this.size = Math.max(this.size, index + 1);
    const { item, row } = outcome;
    if (row !== undefined) this.#rows.push([index, row]);
    if (item?.kind === 'file' && item.localPath !== undefined && item.action !== 'delete') {
      this.taken.add(item.localPath);
    }
    if (outcome.state === 'failed') this.#failures.push([index, failureOf(outcome)]);
    else {
      this.#lists[outcome.state].push([index, outcome.item]);
      this.#bytes += outcome.bytes;
    }
  }

  get rows(): ManifestEntry[] {
    return sorted(this.#rows);
  }

  finish({ paths, failures }: { paths: string[]; failures: Failure[] }): SyncReport<DownloadItem> {
    const { done, skipped, leftOut } = this.#lists;
    return {
      done: sorted(done),
      skipped: sorted(skipped),
      leftOut: sorted(leftOut),
      failures: [...sorted(this.#failures), ...failures],
      manifests: paths,
      bytes: this.#bytes,
    };
  }
}

function sorted<T>(numbered: [number, T][]): T[] {
  return numbered.sort(([a], [b]) => a - b).map(([, value]) => value);
}

/** The failure of an item or of a problem. */
export function failureOf({
  path,
  id,
  error,
}: Extract<DownloadOutcome, { state: 'failed' }>): Failure {
  return { path: id === undefined ? shortened(path) : `${shortened(path)} (${id})`, error };
}

/** The error of a problem that was kept as JSON. */
export function problemError(message: string): SynapseError {
  return new SynapseError(message, { code: 'SYNC_PROBLEM' });
}
