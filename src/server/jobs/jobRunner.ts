import type { Jobs } from '../../../generated/jobs.js';
import type { Caller } from '../kernel/caller.js';

/** What a job handler gets besides the request. */
export interface JobContext {
  /** Absent where the work is done without a job, e.g. by a synchronous endpoint. */
  readonly jobId?: string;
  readonly caller: Caller;
  /** Path parameters of the start endpoint; empty when started by `POST /asynchronous/job`. */
  readonly path: Readonly<Record<string, string>>;
  /** Reports how far the job is. */
  readonly progress: (current: number, total: number, message?: string) => void;
  /** Aborted when the server closes or the job is cancelled. */
  readonly signal: AbortSignal;
}

/**
 * Does the work of one kind of job. Its synchronous part runs inside a store transaction; after
 * an `await`, open another one. What it throws becomes the failure of the job.
 */
export type JobHandler<K extends keyof Jobs> = (
  request: Jobs[K]['request'],
  context: JobContext,
) => Jobs[K]['response'] | Promise<Jobs[K]['response']>;

/** How a kind of job is kept. */
export interface JobOptions {
  /**
   * The job changes nothing: its result is kept in memory alone, not in the journal, and is gone
   * when the server is killed.
   * @default false
   */
  readonly readOnly?: boolean;
}

/** Where the domain folders register their asynchronous jobs. */
export interface JobRunner {
  define<K extends keyof Jobs>(concreteType: K, handler: JobHandler<K>, options?: JobOptions): void;
}
