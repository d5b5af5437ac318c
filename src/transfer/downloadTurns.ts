import type * as M from '../../generated/models.js';
import { fileHandleBatch } from './fileHandleBatch.js';
import { Gate } from './gate.js';
import type { TransferService } from './transferContext.js';

/** URLs to ask for together: as many as `POST /file/v1/fileHandle/batch` takes. */
const mostTogether = 100;

/**
 * Lets a bounded number of downloads that belong together run at a time. Whose turn it is asks for its URL and for those of
 * all that wait, so that many small files share a call.
 */
export class DownloadTurns {
  readonly #gate: Gate;
  readonly #unasked = new Set<M.FileHandleAssociation>();

  constructor(concurrency: number) {
    this.#gate = new Gate(concurrency);
  }

  /**
   * Waits for the turn of a download.
   * @returns ends the turn
   */
  async enter(
    files: TransferService,
    association: M.FileHandleAssociation,
    signal: AbortSignal | undefined,
  ): Promise<() => void> {
    this.#unasked.add(association);
    try {
      const leave = await this.#gate.enter(signal);
      if (this.#unasked.has(association)) this.#askTogether(files, signal);
      return leave;
    } finally {
      this.#unasked.delete(association);
    }
  }

  #askTogether(files: TransferService, signal: AbortSignal | undefined): void {
    const together = [...this.#unasked].slice(0, mostTogether);
    for (const association of together) this.#unasked.delete(association);
    fileHandleBatch(files).fetchAhead(together, signal);
  }
}
