import type { Jobs } from '../../../generated/jobs.js';
import type { Caller } from '../kernel/caller.js';

/** The context of a job handler. */
export interface JobContext {
  /** Absent when a synchronous endpoint calls the handler. */
  readonly jobId?: string;
  readonly caller: Caller;
  /** Path parameters of the start endpoint; empty when started by `POST /asynchronous/job`. */
  readonly path: Readonly<Record<string, string>>;
  /** Reports the progress of the job. */
  readonly progress: (current: number, total: number, message?: string) => void;
  /** Aborted when the server closes or the job is cancelled. */
  readonly signal: AbortSignal;
}

/**
 * Handles one type of job. Its synchronous part runs inside a store transaction; after an `await`,
 * open another one. An error that it throws becomes the failure of the job.
 */
export type JobHandler<K extends keyof Jobs> = (
  request: Jobs[K]['request'],
  context: JobContext,
) => Jobs[K]['response'] | Promise<Jobs[K]['response']>;

/** Options of a type of job. */
export interface JobOptions<R = never> {
  /**
   * The job changes nothing. Its result is kept in memory only, not in the journal, and is lost
   * when the server is killed.
   * @default false
   */
  readonly readOnly?: boolean;
  /**
   * The key of a request. A start whose key is that of a job of the same user that is complete gets
   * that job. `undefined` starts a new one. Errors that it throws refuse the start.
   */
  readonly resultKey?: (request: R) => string | undefined;
}

/** Registers the handlers of asynchronous jobs. */
export interface JobRunner {
  define<K extends keyof Jobs>(
    concreteType: K,
    handler: JobHandler<K>,
    options?: JobOptions<Jobs[K]['request']>,
  ): void;
}
