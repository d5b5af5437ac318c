import type * as M from '../../generated/models.js';
import { SynapseError } from '../errors.js';
import { copyFileHandles, type CopiedFileHandle } from '../fileHandles/copyFileHandles.js';
import { storeActivity } from '../provenance/storeActivity.js';
import { runPool } from '../transfer/pool.js';
import { copiedMembers } from './copiedKinds.js';
import type { CopyItem } from './copyData.js';
import type { CopyRun } from './copyRun.js';
import { handleOf, type ItemState } from './sources.js';
import { writeCopy } from './writeCopy.js';

/** File handles in one request. */
const batchSize = 100;

/** Copies the files of a plan: file handles first, in batches, then an entity for each. */
export async function copyFiles(run: CopyRun): Promise<void> {
  const files = run.pending(({ type }) => type === 'file');
  const copied = files.filter(
    ({ how, action }) => how === 'copiedHandle' && action !== 'updateMetadata',
  );
  const others = new Set(copied);
  await run.each(
    files.filter((item) => !others.has(item)),
    (item, state, signal) => writeFile(run, item, state, undefined, signal),
  );
  for (let start = 0; start < copied.length; start += batchSize) {
    await copyBatch(run, copied.slice(start, start + batchSize));
  }
}

async function copyBatch(run: CopyRun, items: readonly CopyItem[]): Promise<void> {
  const handles = await copyHandles(run, items);
  await run.each(
    items.filter((item) => handles.has(item)),
    (item, state, signal) => writeFile(run, item, state, handles.get(item), signal),
  );
}

async function copyHandles(
  run: CopyRun,
  items: readonly CopyItem[],
): Promise<Map<CopyItem, CopiedFileHandle>> {
  const { ctx, signal, concurrency } = run;
  const handleIds = new Map<CopyItem, string>();
  await runPool(items, { limit: concurrency, signal }, async (item, own) => {
    try {
      run.containerFor(item);
      handleIds.set(item, requireHandle((await run.stateFor(item, own)).source.entity));
    } catch (error) {
      run.fail(item, error, own);
    }
  });
  const wanted = [...handleIds].map(([{ id }, fileHandleId]) => ({
    fileHandleId,
    associateObjectId: id,
    associateObjectType: 'FileEntity' as const,
  }));
  const results = wanted.length === 0 ? [] : await copyFileHandles(ctx, wanted, { signal });
  const copies = new Map<CopyItem, CopiedFileHandle>();
  for (const [index, item] of [...handleIds.keys()].entries()) {
    const copy = results[index];
    if (copy !== undefined) copies.set(item, copy);
  }
  return copies;
}

function requireHandle(entity: M.Entity): string {
  const id = 'dataFileHandleId' in entity ? entity.dataFileHandleId : undefined;
  if (id !== undefined) return id;
  throw new SynapseError(`${entity.id ?? ''} has no file handle.`, { code: 'NOT_FOUND' });
}

async function writeFile(
  run: CopyRun,
  item: CopyItem,
  state: ItemState,
  copy: CopiedFileHandle | undefined,
  signal: AbortSignal,
): Promise<{ id: string; version?: { original: number; copy: number } }> {
  if (copy?.error !== undefined) throw copy.error;
  const isContent = item.action !== 'updateMetadata';
  const dataFileHandleId = copy?.fileHandle.id ?? handleOf(state.source)?.id;
  const members = {
    ...copiedMembers(state.source.entity),
    ...(isContent && { dataFileHandleId }),
  };
  const generatedBy = isContent ? await activityFor(run, item, state, signal) : undefined;
  const written = await writeCopy(run, item, state, { members, generatedBy }, signal);
  const { id = '' } = written;
  const number = 'versionNumber' in written ? written.versionNumber : undefined;
  if (item.version === undefined || number === undefined) return { id };
  return { id, version: { original: item.version, copy: number } };
}

/** The activity that generated the copy. */
async function activityFor(
  run: CopyRun,
  { id, version: targetVersion }: CopyItem,
  { source }: ItemState,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { setProvenance } = run.plan;
  if (setProvenance === 'existing') return source.activity?.id;
  if (setProvenance === 'none') return undefined;
  const used = { target: id, targetVersion };
  return storeActivity(run.ctx, { name: 'Copied file', used }, { signal });
}
