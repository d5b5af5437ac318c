import type { Context } from '../context.js';
import { SynapseHttpError } from '../errors.js';
import { synapseStorage } from '../storages/synapse/synapseStorage.js';
import type { IndexRow } from './indexRows.js';
import type { MigrationIndex, PendingEntity } from './migrationIndex.js';

/**
 * The copies of file handles in the destination. Each file handle is copied once, for however many files have it.
 *
 * A copy is requested through the first entity with the file handle, which is the same in each run: Synapse then recognizes the
 * request, continues the copy of a process that was killed, and returns the one that is complete.
 */
export class CopyOnce {
  readonly #ctx: Context;
  readonly #index: MigrationIndex;
  readonly #storageLocationId: string;
  readonly #running = new Map<string, Promise<string>>();

  constructor(ctx: Context, index: MigrationIndex, storageLocationId: string) {
    this.#ctx = ctx;
    this.#index = index;
    this.#storageLocationId = storageLocationId;
  }

  /** The copy of the file handle of a file, if there is one. */
  known({ toFileHandleId, fromFileHandleId }: IndexRow): string | undefined {
    return toFileHandleId ?? this.#index.copyOf(fromFileHandleId ?? '');
  }

  /**
   * Copies the file handle of a file, unless that has been done.
   *
   * @returns the id of the copy
   */
  async of(row: IndexRow, signal: AbortSignal): Promise<string> {
    const known = this.known(row);
    if (known !== undefined) return known;
    const from = row.fromFileHandleId ?? '';
    let running = this.#running.get(from);
    if (running === undefined) {
      running = this.#copy(row, signal).finally(() => this.#running.delete(from));
      this.#running.set(from, running);
    }
    return running;
  }

  async #copy(row: IndexRow, signal: AbortSignal): Promise<string> {
    const own: PendingEntity = { id: row.id, type: row.type === 'table' ? 'table' : 'file' };
    const from = row.fromFileHandleId ?? '';
    const first = this.#index.firstWith(from) ?? own;
    const copy = await this.#copyThrough(first, row, signal).catch((error: unknown) => {
      // The first entity may have been deleted, or have access restrictions that this one has not.
      if (first.id === own.id || !isRefusal(error)) throw error;
      return this.#copyThrough(own, row, signal);
    });
    this.#index.recordCopy(from, copy);
    return copy;
  }

  #copyThrough({ id, type }: PendingEntity, row: IndexRow, signal: AbortSignal): Promise<string> {
    return synapseStorage.copy(this.#ctx, {
      source: {
        fileHandleId: row.fromFileHandleId ?? '',
        associateObjectId: id,
        associateObjectType: type === 'table' ? 'TableEntity' : 'FileEntity',
      },
      size: row.size ?? 0,
      storageLocationId: this.#storageLocationId,
      signal,
    });
  }
}

/** Whether Synapse does not let the caller have a file through an entity. */
export function isRefusal(error: unknown): boolean {
  return error instanceof SynapseHttpError && [403, 404].includes(error.status);
}
