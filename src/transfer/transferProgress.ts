import type { CommonOptions, Progress } from '../options.js';

/** Reports the progress of one transfer. The numbers never decrease, and the last event is the result. */
export class TransferProgress {
  readonly #kind: Progress['kind'];
  readonly #path: string;
  readonly #report: CommonOptions['onProgress'];
  #moved = 0;
  #reported = 0;
  #total: number | undefined;

  constructor(kind: Progress['kind'], path: string, options: CommonOptions) {
    this.#kind = kind;
    this.#path = path;
    this.#report = options.onProgress;
  }

  /** @param alreadyThere bytes of an earlier attempt */
  start(total: number | undefined, alreadyThere = 0): void {
    this.#total = total;
    this.#moved = alreadyThere;
    this.#reported = alreadyThere;
    this.#emit('start');
  }

  /** Counts transferred bytes; negative when they have to be transferred again. */
  add(bytes: number): void {
    this.#moved += bytes;
    if (this.#moved <= this.#reported) return;
    this.#reported = this.#moved;
    this.#emit('progress');
  }

  retry(error: unknown): void {
    this.#emit('retry', error instanceof Error ? error.message : String(error));
  }

  /** @param path the actual path, which may differ from the intended one */
  done(path = this.#path): void {
    if (this.#total !== undefined) this.#reported = this.#total;
    this.#emit('done', path === this.#path ? undefined : `it is at ${path}`);
  }

  failed(error: unknown): void {
    this.#emit('error', error instanceof Error ? error.message : String(error));
  }

  #emit(state: Progress['state'], message?: string): void {
    this.#report?.({
      kind: this.#kind,
      path: this.#path,
      transferredBytes: this.#reported,
      totalBytes: this.#total,
      state,
      message,
    });
  }
}
