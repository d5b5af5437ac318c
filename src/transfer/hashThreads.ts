import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Threads that hash, over all transfers of this process. */
const maximumThreads = Math.max(2, Math.min(8, availableParallelism()));

let taken = 0;

/** Whether as many more threads may be started. */
export function hasFreeThreads(count: number): boolean {
  return taken + count <= maximumThreads;
}

/**
 * A thread that hashes. Its program is JavaScript in a string because a thread needs a file to
 * run, and the path of one differs between the sources, the build and whatever bundles us.
 */
export class HashThread {
  readonly #worker: Worker;
  #isStopped = false;

  constructor(program: string, data: unknown) {
    taken += 1;
    this.#worker = new Worker(program, {
      eval: true,
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
  }

  send(message: unknown): void {
    this.#worker.postMessage(message);
  }

  /** @param onEnd called when the thread fails, or ends before it was stopped */
  listen(onMessage: (message: unknown) => void, onEnd: (error: Error) => void): void {
    this.#worker.on('message', onMessage);
    this.#worker.on('error', onEnd);
    this.#worker.on('exit', () => {
      if (!this.#isStopped) onEnd(new Error('The thread that hashes the file ended.'));
    });
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    taken -= 1;
    await this.#worker.terminate();
  }
}
