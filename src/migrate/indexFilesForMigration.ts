import type { Context } from '../context.js';
import { ArgumentError, SynapseHttpError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { pool } from '../transfer/pool.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { shortName } from '../values/shortName.js';
import { Containers } from './containers.js';
import { failureText, requireConcurrency } from './failureText.js';
import { indexFile } from './indexFile.js';
import type { IndexRun } from './indexRun.js';
import type { WorkItem } from './workItem.js';
import {
  checkSettings,
  type FileVersionStrategy,
  type MigrationSettings,
} from './indexSettings.js';
import { indexTable } from './indexTable.js';
import type { Judged } from './judgeHandle.js';
import { MigrationResult } from './migrationResult.js';
import { withIndex } from './openIndex.js';
import { kindOf, workItems } from './workItems.js';

/** Which files {@link indexFilesForMigration} takes. */
export interface IndexFilesOptions extends CommonOptions {
  /** Only files of these storage locations are migrated. @default files of all */
  sourceStorageLocationIds?: readonly (number | string)[];
  /**
   * Which versions of files are migrated: `new` creates a version with the copy and keeps the others; `latest` and `all` replace
   * the content of the latest version, or of all versions; `skip` migrates no files, only cells of tables.
   * @default 'new'
   */
  fileVersionStrategy?: FileVersionStrategy;
  /** Whether the files in cells of tables are migrated. @default false */
  includeTableFiles?: boolean;
  /** Whether to go on when an entity cannot be indexed. It is in the index then, with the error. @default false */
  continueOnError?: boolean;
  /** Entities to read at the same time. @default 8 */
  concurrency?: number;
}

const defaultConcurrency = 8;

/** Implements {@link Migrate.index}. */
export async function indexFilesForMigration(
  ctx: Context,
  entity: EntityRef,
  destinationStorageLocationId: number | string,
  dbPath: string,
  options: IndexFilesOptions = {},
): Promise<MigrationResult> {
  const { signal, concurrency = defaultConcurrency } = options;
  requireConcurrency(concurrency);
  const settings: MigrationSettings = {
    rootId: currentOf(entity, 'the file version strategy says which versions are migrated'),
    destinationStorageLocationId: String(destinationStorageLocationId),
    sourceStorageLocationIds: (options.sourceStorageLocationIds ?? []).map(String),
    fileVersionStrategy: options.fileVersionStrategy ?? 'new',
    includeTableFiles: options.includeTableFiles ?? false,
  };
  checkSettings(settings);
  await requireDestination(ctx, settings.destinationStorageLocationId, signal);
  await withIndex(dbPath, { create: true }, async (index) => {
    index.bind(settings);
    const run: IndexRun = { ctx, index, settings, containers: new Containers(index) };
    index.openStage();
    await indexAll(run, { ...options, concurrency });
    index.closeStage();
  });
  return new MigrationResult(ctx, dbPath);
}

/** Synapse only shows a storage location to the user who created it, and only that user can copy to it. */
async function requireDestination(
  ctx: Context,
  id: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const setting = await ctx.services.projectSettings
    .getStorageLocation({ id }, { signal })
    .catch((cause: unknown) => {
      if (!(cause instanceof SynapseHttpError) || ![403, 404].includes(cause.status)) throw cause;
      throw new ArgumentError(
        `The storage location ${id} does not exist, or another user has created it. Files can only be migrated to a storage location that you have created.`,
        { cause },
      );
    });
  const type = shortName(setting.concreteType);
  if (['S3StorageLocationSetting', 'ExternalS3StorageLocationSetting'].includes(type)) return;
  throw new ArgumentError(
    `The storage location ${id} is a ${type}. Files can only be migrated to a storage location in S3.`,
  );
}

type Options = IndexFilesOptions & { concurrency: number };

async function indexAll(run: IndexRun, options: Options): Promise<void> {
  const { signal, concurrency, onProgress } = options;
  const work = (item: WorkItem, own: AbortSignal): Promise<void> =>
    indexOne(run, item, options, own);
  const steps = pool(allWork(run, options), { limit: concurrency, signal }, async (item, own) => {
    await work(item, own);
    return item;
  });
  for await (const { id } of steps) {
    onProgress?.({
      kind: 'sync',
      path: id,
      transferredBytes: 0,
      state: 'done',
      message: 'indexed',
    });
  }
}

/** What could not be indexed before, and then what is not in the index yet. */
async function* allWork(run: IndexRun, options: Options): AsyncGenerator<WorkItem> {
  const { index, settings } = run;
  for (const { id, type, parentId } of index.failures()) {
    yield* below(run, { id, type, parentId, depth: 0 }, options);
  }
  const id = settings.rootId;
  if (index.has(id)) return;
  const { type } = await run.ctx.services.entity.getEntityHeader(
    { id },
    { signal: options.signal },
  );
  const kind = kindOf(type);
  if (kind === undefined) {
    throw new ArgumentError(
      `${id} is a ${shortName(type)}, which has no files. Give a project, folder, file or table.`,
    );
  }
  yield* below(run, { id, type: kind, parentId: null, depth: 0 }, options);
}

async function* below(
  run: IndexRun,
  item: WorkItem,
  { signal = new AbortController().signal, continueOnError }: Options,
): AsyncGenerator<WorkItem> {
  if (item.type === 'file' || item.type === 'table') {
    if (isWanted(run, item)) yield item;
    return;
  }
  const onFailure = (failed: WorkItem, error: unknown): void => {
    signal.throwIfAborted();
    if (continueOnError !== true) throw error;
    run.index.addFailure(failed, failureText(error));
  };
  yield* workItems(run, item, { signal, onFailure });
}

function isWanted({ settings }: IndexRun, { type }: WorkItem): boolean {
  return type === 'table' ? settings.includeTableFiles : settings.fileVersionStrategy !== 'skip';
}

/** Indexes the files of an entity: all of them, or none. */
async function indexOne(
  run: IndexRun,
  item: WorkItem,
  { continueOnError }: Options,
  signal: AbortSignal,
): Promise<void> {
  const { index, containers } = run;
  try {
    if (item.type === 'table') await indexCells(run, item, continueOnError === true, signal);
    else {
      const judged = await indexFile(run, item, signal);
      index.transaction(() => {
        index.forgetFailure(item.id);
        index.add(judged.flatMap(({ row }) => row ?? []));
        index.leaveOut(judged.flatMap(({ leftOut }) => leftOut ?? []));
        containers.done(item.parentId);
      });
    }
  } catch (error) {
    signal.throwIfAborted();
    if (continueOnError !== true) throw error;
    index.transaction(() => {
      index.addFailure(item, failureText(error));
      containers.done(item.parentId);
    });
  }
}

async function indexCells(
  run: IndexRun,
  item: WorkItem,
  continueOnError: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { index, containers } = run;
  const leftOut: Judged[] = [];
  for await (const { judged, failed } of indexTable(run, item, signal)) {
    const [first] = failed;
    if (first !== undefined && !continueOnError) throw first.error;
    const errors = failed.map(({ cell: { fileHandleId, ...cell }, error }) => ({
      ...cell,
      status: 'ERRORED' as const,
      error: failureText(error),
      fromStorageLocationId: null,
      fromFileHandleId: fileHandleId,
      size: null,
    }));
    index.stage([...judged.flatMap(({ row }) => row ?? []), ...errors]);
    leftOut.push(...judged.filter((each) => each.leftOut !== undefined));
  }
  index.transaction(() => {
    index.forgetFailure(item.id);
    index.unstage(item.id);
    index.leaveOut(leftOut.flatMap((each) => each.leftOut ?? []));
    containers.done(item.parentId);
  });
}
