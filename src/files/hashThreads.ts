import { availableParallelism } from 'node:os';
import { WorkerThread } from './workerThread.js';

/** The most hashing threads that this process starts. */
const maximumThreads = Math.max(2, Math.min(8, availableParallelism()));

let taken = 0;

/** Whether as many more threads may be started. */
export function hasFreeThreads(count: number): boolean {
  return taken + count <= maximumThreads;
}

/** A thread that hashes one file. It counts towards the limit. */
export class HashThread extends WorkerThread {
  constructor(program: string, data: unknown) {
    super(program, data);
    taken += 1;
  }

  override async stop(): Promise<void> {
    if (!this.isStopped) taken -= 1;
    await super.stop();
  }
}
