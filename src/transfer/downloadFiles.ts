import type * as M from '../../generated/models.js';
import { DownloadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { DownloadedFile } from './download.js';
import { downloadFile, type DownloadOptions } from './downloadFile.js';
import { fileHandleBatch } from './fileHandleBatch.js';
import type { TransferContext } from './transferContext.js';
import { prepareFolder } from '../files/placeFile.js';
import { openTransferScope } from './transferScope.js';

/** Files whose URLs are asked for together. */
const groupSize = 100;

/** One of many files to download. */
export type DownloadItem = Omit<DownloadOptions, keyof CommonOptions> & {
  fileHandle: M.FileHandleAssociation;
};

/** What became of one of many files. */
export type DownloadResult<T> =
  | { item: T; file: DownloadedFile; error?: undefined }
  | { item: T; file?: undefined; error: unknown };

/**
 * Downloads many files, several at a time, with as few calls of Synapse as possible. A file that
 * fails does not stop the others.
 *
 * Yields each file as it is through, not in the order of `items`. Leaving the loop early stops the
 * downloads that are under way.
 * @param options.concurrency files at a time; the connections of the client bound them too. @default 16
 */
export async function* downloadFiles<T extends DownloadItem>(
  context: TransferContext,
  items: Iterable<T> | AsyncIterable<T>,
  options: CommonOptions & { concurrency?: number | undefined } = {},
): AsyncGenerator<DownloadResult<T>, void, undefined> {
  const { concurrency = 16, onProgress } = options;
  const scope = openTransferScope(options.signal);
  const { signal } = scope;
  const batch = fileHandleBatch(context.services.file);
  const common: CommonOptions = onProgress === undefined ? { signal } : { signal, onProgress };
  const active = new Set<Promise<void>>();
  const results: DownloadResult<T>[] = [];
  const makeFolder = onceForEach(prepareFolder);
  const start = (item: T): void => {
    const task = downloadFile(context, { makeFolder, ...item, ...common })
      .then(
        (file) => results.push({ item, file }),
        (error: unknown) => results.push({ item, error }),
      )
      .then(() => void active.delete(task));
    active.add(task);
  };
  const source = groups(items);
  const queue: T[] = [];
  const state: { isEnd: boolean; upcoming: Promise<void> | undefined } = {
    isEnd: false,
    upcoming: undefined,
  };
  const takeGroup = async (): Promise<void> => {
    const group = await source.next();
    state.upcoming = undefined;
    if (group.done === true) {
      state.isEnd = true;
      return;
    }
    queue.push(...group.value);
    batch.fetchAhead(
      group.value.map(({ fileHandle }) => fileHandle),
      signal,
    );
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      for (const item of queue.splice(0, concurrency - active.size)) start(item);
      if (queue.length === 0 && !state.isEnd) state.upcoming ??= takeGroup();
      const { upcoming } = state;
      if (upcoming === undefined && active.size === 0) break;
      await Promise.race(upcoming === undefined ? active : [upcoming, ...active]);
      yield* results.splice(0);
    }
    yield* results;
  } finally {
    scope.abort(new DownloadError('The downloads were stopped.'));
    await Promise.all(active);
    scope.end();
    await state.upcoming?.catch(() => undefined);
    await source.return();
  }
}

/** What was done for a folder is not done again for the next file in it. */
function onceForEach(make: (folder: string) => Promise<void>): (folder: string) => Promise<void> {
  const made = new Map<string, Promise<void>>();
  return (folder) => {
    const result = made.get(folder) ?? make(folder);
    made.set(folder, result);
    return result;
  };
}

/** Takes together what is there; does not wait to fill a group while there is something to do. */
async function* groups<T>(
  items: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<T[], void, undefined> {
  const iterator = toAsync(items);
  let pending: Promise<IteratorResult<T, void>> | undefined;
  try {
    for (;;) {
      const group: T[] = [];
      while (group.length < groupSize) {
        pending ??= iterator.next();
        const idle = new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
        const result = await (group.length === 0 ? pending : Promise.race([pending, idle]));
        if (result === undefined) break;
        pending = undefined;
        if (result.done === true) {
          if (group.length > 0) yield group;
          return;
        }
        group.push(result.value);
      }
      yield group;
    }
  } finally {
    await pending?.catch(() => undefined);
    await iterator.return();
  }
}

async function* toAsync<T>(
  items: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  yield* items;
}
