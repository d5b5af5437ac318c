import type { Collection } from '../state/store.js';
import type { World } from '../world.js';
import { isCloudHandle, type CloudHandle, type HandleRecord } from './handleRecords.js';
import { makePreview } from './makePreview.js';
import { previewKindOf, type PreviewKind } from './previewKinds.js';
import { ServiceError } from '../kernel/serviceError.js';
import { StorageError } from './storageError.js';

/** A file that waits for its preview. */
interface WaitingFile {
  readonly id: string;
}

interface Waiter {
  readonly done: Promise<void>;
  readonly resolve: () => void;
}

/**
 * Makes the previews of files in the background, one after the other. The files that wait survive a
 * restart of the server.
 */
export class PreviewQueue {
  readonly #world: World;
  readonly #waiting: Collection<WaitingFile>;
  /** Ids in the order in which the previews are made. */
  readonly #ids = new Set<string>();
  /** Ids whose previews a request waits for. */
  readonly #urgent = new Set<string>();
  readonly #waiters = new Map<string, Waiter>();
  /** Files whose content turned out to have no preview. */
  readonly #without = new Set<string>();
  readonly #closing = new AbortController();
  #working: Promise<void> | undefined;
  #hasWarned = false;

  constructor(world: World) {
    this.#world = world;
    this.#waiting = world.store.collection<WaitingFile>('waitingPreviews');
    world.onClose(() => this.#close());
  }

  /** Continues with the files that waited when the server stopped. */
  resume(): void {
    for (const { id } of this.#waiting.values()) this.#ids.add(id);
    this.#begin();
  }

  /** Adds a file that was created, or that lost its preview; one without a preview has no effect. */
  add(handle: HandleRecord): void {
    if (kindFor(handle) === undefined) return;
    this.#without.delete(handle.id);
    this.#waiting.put(handle.id, { id: handle.id });
    this.#ids.add(handle.id);
    this.#begin();
  }

  /** Resolves when the preview of a file is made, or when it turns out that there is none. */
  async settle(handle: HandleRecord): Promise<void> {
    const { id } = handle;
    const hasNone = kindFor(handle) === undefined || this.#without.has(id);
    if (hasNone || !this.#canWrite() || this.#closing.signal.aborted) return;
    this.#urgent.add(id);
    let waiter = this.#waiters.get(id);
    if (waiter === undefined) {
      waiter = makeWaiter();
      this.#waiters.set(id, waiter);
    }
    this.#begin();
    await waiter.done;
  }

  #canWrite(): boolean {
    const { diskFull, readOnly } = this.#world.conditions;
    return !diskFull && !readOnly;
  }

  /** Works after the current request, whose changes may still be undone. */
  #begin(): void {
    if (this.#closing.signal.aborted || this.#working !== undefined) return;
    this.#working = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#work())
      .finally(() => {
        this.#working = undefined;
        // A file may have been added after the last look.
        if (this.#ids.size + this.#urgent.size > 0 && this.#canWrite()) this.#begin();
      });
  }

  async #work(): Promise<void> {
    while (this.#canWrite() && !this.#closing.signal.aborted) {
      const [id] = this.#urgent.size > 0 ? this.#urgent : this.#ids;
      if (id === undefined) return;
      this.#urgent.delete(id);
      this.#ids.delete(id);
      if (await this.#make(id)) this.#release(id);
      else this.#ids.add(id);
    }
    // A server that cannot write makes no previews: requests that wait for one go on.
    for (const id of this.#waiters.keys()) this.#release(id);
  }

  #release(id: string): void {
    this.#waiters.get(id)?.resolve();
    this.#waiters.delete(id);
  }

  /** @returns whether the file need not wait any longer */
  async #make(id: string): Promise<boolean> {
    const { files, store } = this.#world;
    const handle = files.find(id);
    const kind = handle === undefined ? undefined : kindFor(handle);
    try {
      if (handle !== undefined && isCloudHandle(handle) && kind !== undefined) {
        const { signal } = this.#closing;
        await makePreview({ world: this.#world, handle, signal }, kind);
        if (signal.aborted) return false;
      }
    } catch (error) {
      if (error instanceof ServiceError && error.status === 503) return false;
      this.#report(error);
    }
    const after = files.find(id);
    if (after !== undefined && kindFor(after) !== undefined) this.#without.add(id);
    if (this.#waiting.has(id)) store.transaction(() => this.#waiting.delete(id));
    return true;
  }

  /** Content that is gone is no defect. What else goes wrong is told once. */
  #report(error: unknown): void {
    if (error instanceof ServiceError || error instanceof StorageError || this.#hasWarned) return;
    this.#hasWarned = true;
    const { onWarning = (message: string) => process.emitWarning(message) } = this.#world.options;
    onWarning(`The embedded Synapse cannot make a preview. ${String(error)}`);
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#working;
    for (const id of this.#waiters.keys()) this.#release(id);
  }
}

/** The kind of the preview that a handle lacks. */
function kindFor(handle: HandleRecord): PreviewKind | undefined {
  return isCloudHandle(handle) && lacksPreview(handle) ? previewKindOf(handle) : undefined;
}

function lacksPreview({ isPreview, previewId, status }: HandleRecord<CloudHandle>): boolean {
  return isPreview !== true && previewId === undefined && status === 'AVAILABLE';
}

function makeWaiter(): Waiter {
  let resolve: () => void = () => undefined;
  const done = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { done, resolve };
}
