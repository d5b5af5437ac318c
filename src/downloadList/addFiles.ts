import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { NotFoundError, SynapseHttpError, AuthenticationError, AsyncJobError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import {
  isContainerType,
  notAFile,
  sortSources,
  type DownloadListSource,
  type NotAdded,
} from './addSource.js';
import {
  itemsPerRequest,
  keyOf,
  pieces,
  type DownloadListItem,
  type OneOrMany,
} from './listItem.js';

/** How {@link DownloadList.add} adds. */
export interface AddFilesOptions extends CommonOptions {
  /** Whether the files of all folders below a project or folder are added too. @default true */
  recursive?: boolean;
  /**
   * Whether the files of a folder or query are added with the version that they have now. Otherwise, the version that is current
   * at the time of the download. @default true
   */
  useVersionNumber?: boolean;
}

/** What {@link DownloadList.add} did. */
export interface AddedFiles {
  /** Files that were added, as the service counts them. */
  added: number;
  /** Of the files that were given one by one: those that were on the list before. They stay there. */
  alreadyListed: number;
  /** What could not be added. */
  failed: NotAdded[];
}

/** Implements {@link DownloadList.add}. */
export async function addFiles(
  ctx: Context,
  what: OneOrMany<DownloadListSource>,
  options: AddFilesOptions = {},
): Promise<AddedFiles> {
  const { items, containers, queries, refused } = await sortSources(what);
  const report: AddedFiles = { added: 0, alreadyListed: 0, failed: [...refused] };
  const steps = new Steps(report, options.signal);
  const found: string[] = [];
  for (const batch of pieces(items, itemsPerRequest)) {
    await steps.run(
      batch.map((item) => ({ item, name: keyOf(item) })),
      async () => {
        found.push(...(await addBatch(ctx, batch, report, options)));
      },
    );
  }
  for (const parentId of new Set([...containers, ...found])) {
    await steps.run([{ item: { fileEntityId: parentId }, name: parentId }], async () => {
      const { recursive = true } = options;
      report.added += await addByJob(ctx, { parentId, recursive }, options);
    });
  }
  for (const query of queries) {
    await steps.run([{ name: query.sql ?? '' }], async () => {
      report.added += await addByJob(ctx, { query }, options);
    });
  }
  return report;
}

/** Runs the steps of a report. A step that fails after others have succeeded is reported, and does not hide what they did. */
class Steps {
  readonly #report: AddedFiles;
  readonly #signal: AbortSignal | undefined;
  #done = 0;

  constructor(report: AddedFiles, signal: AbortSignal | undefined) {
    this.#report = report;
    this.#signal = signal;
  }

  async run(what: readonly Omit<NotAdded, 'error'>[], step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.#done += 1;
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (this.#done === 0 || !isRefusal(error)) throw error;
      this.#report.failed.push(...what.map((each) => ({ ...each, error })));
    }
  }
}

/** Whether the service refused this request. Other requests may be accepted. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof AuthenticationError) return false;
  return error instanceof SynapseHttpError || error instanceof AsyncJobError;
}

/**
 * Adds up to 1000 files. The service tells only how many it has added; when these are fewer, the types of the entities are read.
 *
 * @returns The projects and folders among them, which the service does not take here.
 */
async function addBatch(
  ctx: Context,
  batch: readonly DownloadListItem[],
  report: AddedFiles,
  { signal }: CommonOptions,
): Promise<string[]> {
  const body = { batchToAdd: [...batch] };
  const answer = await ctx.services.downloadList.addToDownloadList({ body }, { signal });
  const added = answer.numberOfFilesAdded ?? 0;
  report.added += added;
  if (added >= batch.length) return [];
  const types = await readTypes(ctx, batch, signal);
  const containers: string[] = [];
  const unseen: DownloadListItem[] = [];
  let others = 0;
  for (const item of batch) {
    const type = types.get(keyOf(item));
    if (type === undefined) unseen.push(item);
    else if (isContainerType(type)) containers.push(item.fileEntityId);
    else if (!type.endsWith('.FileEntity')) {
      report.failed.push(notAFile(item, type));
      others += 1;
    }
  }
  const left = batch.length - added - containers.length - others;
  // With none left, the service has added also the files that the caller cannot see.
  if (left > 0) report.failed.push(...unseen.map(notSeen));
  report.alreadyListed += Math.max(0, left - unseen.length);
  return containers;
}

/** The full type names of entities, by {@link keyOf}. Those that the caller cannot see are left out. */
async function readTypes(
  ctx: Context,
  items: readonly DownloadListItem[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const references = items.map(({ fileEntityId, versionNumber }) => ({
    targetId: fileEntityId,
    targetVersionNumber: versionNumber,
  }));
  const { results } = await ctx.services.entity.listEntityHeaders(
    { body: { references } },
    { signal },
  );
  const types = new Map<string, string>();
  for (const { id, versionNumber, type } of results) {
    types.set(id, type);
    types.set(`${id}.${versionNumber ?? ''}`, type);
  }
  return types;
}

function notSeen(item: DownloadListItem): NotAdded {
  const name = keyOf(item);
  const reason = `${name} does not exist, or you may not see it. Check the id and the version; for the permission, ask an administrator of its project.`;
  const error = new NotFoundError(reason, {
    status: 404,
    reason,
    method: 'POST',
    url: '/repo/v1/download/list/add',
  });
  return { item, name, error };
}

async function addByJob(
  ctx: Context,
  source: Pick<M.AddToDownloadListRequest, 'parentId' | 'query' | 'recursive'>,
  { useVersionNumber = true, signal, onProgress }: AddFilesOptions,
): Promise<number> {
  const { numberOfFilesAdded = 0 } = await ctx.http.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.download.AddToDownloadListRequest',
      ...source,
      useVersionNumber,
    },
    {},
    { signal, onProgress },
  );
  return numberOfFilesAdded;
}
