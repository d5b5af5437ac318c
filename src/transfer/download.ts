import type { AttemptSettings } from './attemptTransfer.js';
import type { StoredObject } from './storedObject.js';
import type { TransferProgress } from './transferProgress.js';

/** A download with its expected properties. */
export interface Download {
  storage: AttemptSettings;
  object: StoredObject;
  destination: string;
  overwrite: boolean;
  elsewhere: (() => Promise<string>) | undefined;
  verify: boolean;
  /** The expected MD5, in lower-case hexadecimal. */
  md5: string | undefined;
  /** The initial and the maximum number of concurrent parts. */
  connections: { start: number; maximum: number };
  /** Bytes per request, if the caller sets them. */
  partSize: number | undefined;
  signal: AbortSignal | undefined;
  progress: TransferProgress;
}

/** A downloaded file. */
export interface DownloadedFile {
  /** The actual path, which may differ from the destination. For an external file on this machine (`file://`), its path. */
  path: string;
  bytes: number;
  /** The MD5 of the bytes, in lower-case hexadecimal; absent with `verify: false`. */
  md5?: string | undefined;
}
