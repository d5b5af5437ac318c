import type { CallOptions } from '../generated/services.js';

/** What every operation that takes time accepts. */
export interface CommonOptions {
  /** Stops the operation; it then rejects with `signal.reason`, untouched. */
  signal?: AbortSignal;
  /** Called synchronously as the work moves on. Never throttled: a view draws as often as it likes. */
  onProgress?: (progress: Progress) => void;
}

/**
 * One step of a piece of work.
 *
 * For one `path`, numbers never fall, and exactly one `done`, `error` or `skipped` comes last.
 */
export interface Progress {
  kind: 'upload' | 'download' | 'hash' | 'sync' | 'job';
  /** The local file; for a job, the type of its request (`QueryBundleRequest`). */
  path: string;
  /** Bytes moved so far; for a job, the server's own progress count. */
  transferredBytes: number;
  /** Bytes in all; for a job, the server's own total. Absent while it is not known. */
  totalBytes?: number;
  /** `waiting`, with the bytes in all, for files of a bulk whose turn has not come. */
  state: 'waiting' | 'start' | 'progress' | 'retry' | 'done' | 'error' | 'skipped';
  /** What is going on, in words, where there is something to say. */
  message?: string;
}

/** Which version is read. */
export interface VersionOptions extends CallOptions {
  /** @default the version in the id, else the current version */
  version?: number;
}

/** The members of a larger options object that a call takes. */
export function callOptions({ signal, timeout, headers }: CallOptions): CallOptions {
  return {
    ...(signal && { signal }),
    ...(timeout !== undefined && { timeout }),
    ...(headers && { headers }),
  };
}
