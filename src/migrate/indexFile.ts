import { runPool } from '../transfer/pool.js';
import { judgeHandle, type Judged } from './judgeHandle.js';
import type { IndexRun } from './indexRun.js';
import type { WorkItem } from './workItem.js';
import { readFileVersion, type FileVersion } from './readFileVersion.js';

/** Versions that are read at the same time. */
const versionsAtOnce = 4;

/** Reads the versions of a file that are to be migrated, and decides what becomes of each. */
export async function indexFile(
  { ctx, settings }: IndexRun,
  { id, parentId }: WorkItem,
  signal: AbortSignal,
): Promise<Judged[]> {
  const { fileVersionStrategy: strategy } = settings;
  const latest = await readFileVersion(ctx, { id }, { signal });
  const judge = ({ handle, versionNumber }: FileVersion): Judged => {
    const version = strategy === 'new' ? null : versionNumber;
    const item = { id, type: 'file', version, rowId: null, columnId: null, parentId } as const;
    return judgeHandle(handle, item, settings);
  };
  if (strategy !== 'all' || latest.versionNumber === 1) return [judge(latest)];
  const versions = new Map([[latest.versionNumber, latest]]);
  const others = olderVersions();
  await runPool(others, { limit: versionsAtOnce, signal }, async (version, own) => {
    versions.set(version, await readFileVersion(ctx, { id, version }, { signal: own }));
  });
  const ordered = [...versions].sort(([a], [b]) => a - b);
  return ordered.map(([, version]) => judge(version));

  async function* olderVersions(): AsyncGenerator<number> {
    const listed = ctx.http.paginate('entity.listEntityVersions', { id, limit: 50 }, { signal });
    for await (const { versionNumber } of listed) {
      if (versionNumber !== latest.versionNumber) yield versionNumber;
    }
  }
}
