import type { AttemptSettings } from './attemptTransfer.js';
import type { StoredObject } from './storedObject.js';
import type { TransferProgress } from './transferProgress.js';

/** One download, once it is known what to expect. */
export interface Download {
  storage: AttemptSettings;
  object: StoredObject;
  destination: string;
  overwrite: boolean;
  elsewhere: (() => Promise<string>) | undefined;
  verify: boolean;
  /** What the MD5 must be, in lower-case hexadecimal. */
  md5: string | undefined;
  /** Parts at a time: how many at first, and at most. */
  connections: { start: number; maximum: number };
  /** Bytes to fetch with one request, where the caller says. */
  partSize: number | undefined;
  signal: AbortSignal | undefined;
  progress: TransferProgress;
}

/** A file that was downloaded. */
export interface DownloadedFile {
  /** The destination, or where it was put elsewhere; for an external file on this machine (`file://`) where that is. */
  path: string;
  bytes: number;
  /** Of the bytes, in lower-case hexadecimal; absent with `verify: false`. */
  md5?: string | undefined;
}
