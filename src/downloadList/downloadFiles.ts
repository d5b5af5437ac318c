import { join, resolve } from 'node:path';
import type { Context } from '../context.js';
import { expandPath } from '../files/expandPath.js';
import { lookIfThere } from '../files/look.js';
import { prepareFolder } from '../files/placeFile.js';
import { ArgumentError, FileSystemError } from '../errors.js';
import { openScope } from '../net/clock.js';
import type { CommonOptions } from '../options.js';
import { pool } from '../transfer/pool.js';
import { fetchListed, FetchRun, type FileToFetch } from './fetchListed.js';
import { listedFiles, type ListedFile } from './listedFiles.js';
import { listStatistics } from './listStatistics.js';
import { readListManifest, sizesOf } from './listManifest.js';
import { keyOf } from './listItem.js';
import { LocalPlaces } from './localPlaces.js';
import { ReadAhead } from './readAhead.js';
import type { DownloadListReport } from './downloadReport.js';
import { requiredActions } from './requiredActions.js';
import { Results } from './results.js';
import { UrlGroup } from './urlGroups.js';

/** How {@link DownloadList.download} downloads. */
export interface DownloadFilesOptions extends CommonOptions {
  /** Files to download at the same time. @default 16 */
  concurrency?: number;
  /** Whether files are removed from the list when they are here, complete and verified. @default true */
  removeFromList?: boolean;
}

/** Files to download at the same time. */
const filesAtOnce = 16;

/** Implements {@link DownloadList.download}. */
export async function downloadFiles(
  ctx: Context,
  directory: string,
  options: DownloadFilesOptions = {},
): Promise<DownloadListReport> {
  const { concurrency = filesAtOnce, removeFromList = true, signal, onProgress } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new ArgumentError(`concurrency is the number of files at a time, not ${concurrency}.`);
  }
  const folder = resolve(expandPath(directory));
  await requireFolder(folder);
  const { numberOfFilesAvailableForDownload: available, numberOfFilesRequiringAction: blocked } =
    await listStatistics(ctx, { signal });
  const actions = blocked > 0 ? await requiredActions(ctx, { signal }).toArray() : [];
  const report: DownloadListReport = {
    done: [],
    skipped: [],
    failed: [],
    blocked,
    actionsRequired: actions,
    removed: 0,
    bytes: 0,
  };
  if (available === 0) return report;
  const scope = openScope(signal);
  try {
    const listed = new ReadAhead(readList(ctx, scope.signal));
    const manifest = await readListManifest(ctx, { signal: scope.signal });
    await prepareFolder(folder);
    const places = new LocalPlaces(ctx, folder);
    const path = join(folder, manifestName(ctx));
    places.reserve(path);
    const results = new Results(ctx, { report, path, removeFromList, manifest, listed });
    const run = new FetchRun(ctx, places, { onProgress });
    const limits = { limit: concurrency, signal };
    const outcomes = pool(toFetch(ctx, listed, sizesOf(manifest)), limits, (each, inner) =>
      fetchListed(run, each, inner),
    );
    for await (const outcome of outcomes) await results.add(outcome, signal);
    await results.finish(signal);
    return report;
  } finally {
    scope.abort(new Error('The download has ended'));
    scope.end();
  }
}

/** The files of the list, each once: the list can change while it is read. */
async function* readList(ctx: Context, signal: AbortSignal): AsyncGenerator<ListedFile> {
  const seen = new Set<string>();
  // Without an order of its own, a list need not have the same order on each page.
  const sort = [
    { field: 'synId', direction: 'ASC' },
    { field: 'versionNumber', direction: 'ASC' },
  ] as const;
  for await (const file of listedFiles(ctx, { sort, signal })) {
    if (seen.has(keyOf(file))) continue;
    seen.add(keyOf(file));
    yield file;
  }
}

/** The files of the list, in groups whose URLs are requested together. */
async function* toFetch(
  ctx: Context,
  files: AsyncIterable<ListedFile>,
  sizes: ReadonlyMap<string, ReadonlySet<number>>,
): AsyncGenerator<FileToFetch> {
  let group = new UrlGroup(ctx);
  const pending: FileToFetch[] = [];
  for await (const file of files) {
    if (!group.add(file)) {
      yield* pending.splice(0);
      group = new UrlGroup(ctx);
      group.add(file);
    }
    pending.push({ file, group, sizes: sizes.get(file.fileEntityId) });
  }
  yield* pending;
}

/** As the Python client names it: with the time in nanoseconds. */
function manifestName({ storage: { clock } }: Context): string {
  const nanoseconds = String(Math.floor(clock.random() * 1e6)).padStart(6, '0');
  return `manifest_${Math.floor(clock.epoch())}${nanoseconds}.csv`;
}

async function requireFolder(path: string): Promise<void> {
  const there = await lookIfThere(path);
  if (there === undefined || there.kind === 'folder') return;
  throw new FileSystemError(`${path} is a file: give a directory to download to.`, {
    path,
    code: 'ENOTDIR',
  });
}
