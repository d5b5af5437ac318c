import type { CallOptions } from '../generated/services.js';

/** Options of all operations that can take long. */
export interface CommonOptions {
  /** Stops the operation, which then rejects with `signal.reason` unchanged. */
  signal?: AbortSignal;
  /** Called synchronously for every step. It is not throttled: a view should limit how often it redraws. */
  onProgress?: (progress: Progress) => void;
}

/**
 * One progress event.
 *
 * For each `path`, the numbers never decrease, and the last event is exactly one of `done`, `error` and `skipped`.
 */
export interface Progress {
  kind: 'upload' | 'download' | 'hash' | 'sync' | 'copy' | 'job';
  /** The local file; for a copy, the path in Synapse; for a job, the type of its request (`QueryBundleRequest`). */
  path: string;
  /** Bytes transferred so far; for a job, the progress count of the server. */
  transferredBytes: number;
  /** Total bytes; for a job, the total of the server. Absent while it is unknown. */
  totalBytes?: number;
  /** `waiting`, with the total bytes, for files of a bulk transfer that have not started. */
  state: 'waiting' | 'start' | 'progress' | 'retry' | 'done' | 'error' | 'skipped';
  /** A readable description of the step, if there is one. */
  message?: string;
}

/** Which version is read. */
export interface VersionOptions extends CallOptions {
  /** @default the version in the id, else the current version */
  version?: number;
}

/** Picks the call options from a larger options object. */
export function callOptions({ signal, timeout, headers }: CallOptions): CallOptions {
  return {
    ...(signal && { signal }),
    ...(timeout !== undefined && { timeout }),
    ...(headers && { headers }),
  };
}
