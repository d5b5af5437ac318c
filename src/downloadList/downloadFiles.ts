import { join, resolve } from 'node:path';
import type { Context } from '../context.js';
import { expandPath } from '../files/expandPath.js';
import { lookIfThere } from '../files/look.js';
import { prepareFolder } from '../files/placeFile.js';
import { ArgumentError, FileSystemError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { pool } from '../transfer/pool.js';
import { fetchListed, FetchRun, type FileToFetch } from './fetchListed.js';
import { listedFiles, type ListedFile } from './listedFiles.js';
import { listStatistics } from './listStatistics.js';
import { matchRows, readListManifest, type ListManifest } from './listManifest.js';
import { LocalPlaces } from './localPlaces.js';
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
  const [files, manifest] = await Promise.all([
    readList(ctx, signal),
    readListManifest(ctx, { signal }),
  ]);
  await prepareFolder(folder);
  const places = new LocalPlaces(ctx, folder);
  const path = join(folder, manifestName(ctx));
  places.reserve(path);
  const results = new Results(ctx, { report, path, removeFromList, ...rowsOf(manifest, files) });
  const run = new FetchRun(ctx, places, { onProgress });
  const limits = { limit: concurrency, signal };
  const outcomes = pool(toFetch(ctx, results, manifest), limits, (each, inner) =>
    fetchListed(run, each, inner),
  );
  for await (const outcome of outcomes) await results.add(outcome, signal);
  await results.finish(signal);
  return report;
}

function rowsOf(manifest: ListManifest, files: readonly ListedFile[]) {
  return { columns: manifest.columns, rows: matchRows(manifest, files) };
}

/** The files of the list, each once: the list can change while it is read. */
async function readList(ctx: Context, signal: AbortSignal | undefined): Promise<ListedFile[]> {
  const files = new Map<string, ListedFile>();
  // Without an order of its own, a list need not have the same order on each page.
  const sort = [
    { field: 'synId', direction: 'ASC' },
    { field: 'versionNumber', direction: 'ASC' },
  ] as const;
  for await (const file of listedFiles(ctx, { sort, signal })) {
    files.set(`${file.fileEntityId}.${file.versionNumber ?? ''}`, file);
  }
  return [...files.values()];
}

function* toFetch(
  ctx: Context,
  { rows }: Pick<Results, 'rows'>,
  { columns }: ListManifest,
): Generator<FileToFetch> {
  const sizeColumn = columns.indexOf('dataFileSizeBytes');
  let group = new UrlGroup(ctx);
  const pending: FileToFetch[] = [];
  for (const row of rows) {
    const { file } = row;
    if (file === undefined) continue;
    if (!group.add(file)) {
      yield* pending.splice(0);
      group = new UrlGroup(ctx);
      group.add(file);
    }
    const size = Number(row.cells[sizeColumn] ?? 0) || undefined;
    pending.push({ file, row, size, group });
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
