import type * as M from '../../../generated/models.js';
import type { FileHandleBatch } from './fileHandleBatch.js';
import { fileHandleBatchSize } from './fileHandleBatchSize.js';
import { Gate } from '../../transfer/gate.js';

/**
 * Limits the number of concurrent downloads of a bulk. A download that starts also requests the URLs of
 * waiting downloads, so that many small files share a call.
 */
export class DownloadQueue {
  readonly #gate: Gate;
  readonly #unasked = new Set<M.FileHandleAssociation>();

  constructor(concurrency: number) {
    this.#gate = new Gate(concurrency);
  }

  /**
   * Waits until a download may start.
   * @returns a function to call when the download ends
   */
  async enter(
    fileHandles: FileHandleBatch,
    association: M.FileHandleAssociation,
    signal: AbortSignal | undefined,
  ): Promise<() => void> {
    this.#unasked.add(association);
    try {
      const leave = await this.#gate.enter(signal);
      if (this.#unasked.has(association)) this.#askTogether(fileHandles, signal);
      return leave;
    } finally {
      this.#unasked.delete(association);
    }
  }

  #askTogether(fileHandles: FileHandleBatch, signal: AbortSignal | undefined): void {
    const together = [...this.#unasked].slice(0, fileHandleBatchSize);
    for (const association of together) this.#unasked.delete(association);
    fileHandles.fetchAhead(together, signal);
  }
}
