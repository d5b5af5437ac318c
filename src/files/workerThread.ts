import type { Worker } from 'node:worker_threads';

/**
 * A thread that works for transfers. Its program is a string of JavaScript, because the path of a file would differ
 * between the sources, the build and a bundle.
 */
export class WorkerThread {
  readonly #worker: Worker;
  #isStopped = false;

  constructor(program: string, data: unknown) {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    this.#worker = new Worker(program, {
      eval: true,
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  send(message: unknown, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** @param isBusy whether the thread keeps the process alive */
  keepAlive(isBusy: boolean): void {
    if (isBusy) this.#worker.ref();
    else this.#worker.unref();
  }

  /** @param onEnd called when the thread fails, or ends before it was stopped */
  listen(onMessage: (message: unknown) => void, onEnd: (error: Error) => void): void {
    this.#worker.on('message', onMessage);
    this.#worker.on('error', onEnd);
    this.#worker.on('exit', () => {
      if (!this.#isStopped) onEnd(new Error('A thread that works on the file ended.'));
    });
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.#worker.terminate();
  }
}
