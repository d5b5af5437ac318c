import type { Context } from '../../context.js';
import { AuthenticationError } from '../../errors.js';
import { runPool } from '../../transfer/pool.js';
import { isInShard, shardOf, type Shard } from '../shard.js';
import { readRemoteFile } from './remoteFile.js';
import type { TreeEntry, TreeFile } from './remoteTree.js';

/** Up to so many files, all are read for their sizes. Beyond, that would take longer than it saves. */
const mostToRead = 1_000;

const readAtOnce = 64;

/**
 * The entries of a tree for one shard. Files of other shards are marked; folders and everything else belong to all shards.
 *
 * All shards list everything, and agree on who takes what: by the sizes of all files where these are known, otherwise by the ids
 * alone. Then a shard reads only its own files.
 */
export async function* shardEntries(
  ctx: Context,
  entries: AsyncIterable<TreeEntry>,
  shard: Shard,
  signal: AbortSignal | undefined,
): AsyncGenerator<TreeEntry> {
  const all: TreeEntry[] = [];
  for await (const entry of entries) all.push(entry);
  const files = all.filter((entry) => entry.kind === 'file');
  if (files.length <= mostToRead) await readAll(ctx, files, signal);
  const sized = files.filter(({ known }) => known !== undefined);
  const isSized = files.length <= mostToRead || sized.length === files.length;
  const own = new Set<TreeFile>(
    isSized
      ? shardOf(sized.map(shardItem), shard).map(({ file }) => file)
      : files.filter((file) => isInShard(keyOf(file), shard)),
  );
  for (const entry of all) {
    if (entry.kind !== 'file' || own.has(entry)) yield entry;
    // What could not be read is reported by one shard.
    else if (isSized && entry.known === undefined) {
      if (isInShard(keyOf(entry), shard)) yield entry;
    } else yield { ...entry, isOther: true };
  }
}

function keyOf({ id, version = 0, path }: TreeFile): string {
  return `${id}.${version} ${path}`;
}

function shardItem(file: TreeFile) {
  return { key: keyOf(file), bytes: file.known?.handle.contentSize ?? 0, file };
}

async function readAll(
  ctx: Context,
  files: readonly TreeFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const unknown = files.filter(({ known }) => known === undefined);
  const limits = { limit: readAtOnce, signal };
  await runPool(unknown, limits, async (file, taskSignal) => {
    try {
      const remote = await readRemoteFile(ctx, file, { signal: taskSignal });
      if (typeof remote !== 'string') file.known = remote;
    } catch (error) {
      taskSignal.throwIfAborted();
      if (error instanceof AuthenticationError) throw error;
      // It is read again by the shard that reports it.
    }
  });
}
