import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import type { StoredBundle } from '../entities/entityBundle.js';
import { AuthenticationError, SynapseError, type Failure } from '../errors.js';
import type { Progress } from '../options.js';
import { runPool } from '../transfer/pool.js';
import type { ApplyCopyOptions, CopyItem, CopyPlanData, CopyReport } from './copyData.js';
import type { Copied } from './mapReferences.js';
import { keepState, readEntity, stateOf, type ItemState } from './sources.js';

/** Entities that are written at the same time, by default. */
const writesAtOnce = 16;

/** A plan that is being applied: what has been copied so far, and what has failed. */
export class CopyRun {
  readonly ctx: Context;
  readonly plan: CopyPlanData;
  readonly signal: AbortSignal | undefined;
  readonly concurrency: number;
  readonly copies = new Map<string, Copied>();
  readonly #onProgress: ApplyCopyOptions['onProgress'];
  readonly #failures: Failure[] = [];
  readonly #done = new Set<CopyItem>();
  readonly #items: ReadonlyMap<string, CopyItem>;

  constructor(ctx: Context, plan: CopyPlanData, options: ApplyCopyOptions) {
    this.ctx = ctx;
    this.plan = plan;
    this.signal = options.signal;
    this.concurrency = options.concurrency ?? writesAtOnce;
    this.#onProgress = options.onProgress;
    this.#items = new Map(plan.items.map((item) => [item.id, item]));
    for (const item of plan.items) this.#begin(item);
  }

  /** What is there already can be referred to from the start. */
  #begin(item: CopyItem): void {
    if (item.action === 'leaveOut') this.#tell(item, 'skipped', item.reason);
    if (item.action !== 'skip') return;
    const { to = '', version: original, toVersion: copy } = item;
    const hasVersion = original !== undefined && copy !== undefined;
    this.copies.set(item.id, { id: to, version: hasVersion ? { original, copy } : undefined });
    this.#tell(item, 'skipped', item.reason);
  }

  /** The items of a kind that have to be written. */
  pending(isOfKind: (item: CopyItem) => boolean): CopyItem[] {
    return this.plan.items.filter(
      (item) =>
        ['create', 'updateContent', 'updateMetadata'].includes(item.action) && isOfKind(item),
    );
  }

  /** Writes items at the same time. The failure of one does not stop the others. */
  async each(
    items: Iterable<CopyItem>,
    write: (item: CopyItem, state: ItemState, signal: AbortSignal) => Promise<Copied>,
    limit = this.concurrency,
  ): Promise<void> {
    await runPool(items, { limit, signal: this.signal }, async (item, signal) => {
      this.#tell(item, 'start');
      try {
        this.copies.set(item.id, await write(item, await this.stateFor(item, signal), signal));
        this.#done.add(item);
        this.#tell(item, 'done');
      } catch (error) {
        this.fail(item, error, signal);
      }
    });
  }

  /** Reports the failure of an item, unless everything else would fail as well. */
  fail(item: CopyItem, error: unknown, signal: AbortSignal | undefined = this.signal): void {
    signal?.throwIfAborted();
    if (!(error instanceof SynapseError) || error instanceof AuthenticationError) throw error;
    this.#failures.push({ path: `${item.id} (${item.path})`, error });
    // The end of an item is told once; its wiki or its rows can fail after it.
    if (!this.#done.has(item)) this.#tell(item, 'error', error.message);
  }

  /** What is known of an item. A plan from JSON only knows the etags: everything is read again, and must not have changed. */
  async stateFor(item: CopyItem, signal: AbortSignal | undefined): Promise<ItemState> {
    const known = stateOf(item);
    if (known !== undefined) return known;
    const { ctx, plan } = this;
    const { id, version, etag, to, toEtag } = item;
    const more = { includeActivity: plan.setProvenance === 'existing' };
    const source = await readEntity(ctx, { id, version }, { signal }, more);
    requireUnchanged(source, etag);
    const existing = to === undefined ? undefined : await readEntity(ctx, { id: to }, { signal });
    if (existing !== undefined) requireUnchanged(existing, toEtag);
    const state = { source, existing };
    keepState(item, state);
    return state;
  }

  /**
   * The container that an item is copied into.
   *
   * @throws SynapseError when that was not copied
   */
  containerFor({ parentId }: CopyItem): string {
    if (parentId === undefined) return this.plan.destinationId;
    const copy = this.copies.get(parentId);
    if (copy !== undefined) return copy.id;
    throw new SynapseError(`The folder ${parentId} that it is in could not be copied.`, {
      code: 'COPY',
    });
  }

  /** Whether an entity is to be copied, and has not been. */
  isMissing(id: string): boolean {
    const item = this.#items.get(id);
    return item !== undefined && item.action !== 'leaveOut' && !this.copies.has(id);
  }

  get report(): CopyReport {
    const { items } = this.plan;
    const copied = items.flatMap(({ id }) => {
      const copy = this.copies.get(id);
      return copy === undefined ? [] : [[id, copy.id]];
    });
    return {
      mapping: Object.fromEntries(copied) as Record<string, string>,
      done: items
        .filter((item) => this.#done.has(item))
        .map((item) => ({ ...item, to: this.copies.get(item.id)?.id })),
      skipped: items.filter(({ action }) => action === 'skip'),
      leftOut: items.filter(({ action }) => action === 'leaveOut'),
      failures: this.#failures,
    };
  }

  #tell(item: CopyItem, state: Progress['state'], message?: string): void {
    this.#onProgress?.({ kind: 'copy', path: item.path, transferredBytes: 0, state, message });
  }
}

function requireUnchanged({ entity }: StoredBundle, etag: string | undefined): void {
  if (entity.etag === etag) return;
  throw new SynapseError(
    `${entity.id ?? ''} (${nameOf(entity)}) has changed since the copy was planned: plan it again.`,
    { code: 'COPY' },
  );
}

function nameOf({ name }: M.Entity): string {
  return name ?? '';
}
