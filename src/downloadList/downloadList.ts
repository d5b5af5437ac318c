import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** The download list of the caller: `syn.downloadList`. */
export class DownloadList {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Removes all files from the list.
   *
   * @throws {@link AuthorizationError} when the caller is not logged in.
   * @see https://rest-docs.synapse.org/rest/DELETE/download/list.html
   */
  async clear(options: CallOptions = {}): Promise<void> {
    await this.#ctx.services.downloadList.clearDownloadList(options);
  }
}
