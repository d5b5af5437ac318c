import type { Look, RecordRequest } from '../files/fileThread.js';
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
  /** Called when the content is complete, before it replaces what is at the destination. */
  beforePlacing: (() => Promise<void>) | undefined;
  verify: boolean;
  /** The expected MD5, in lower-case hexadecimal. */
  md5: string | undefined;
  /** The initial and the maximum number of concurrent parts. */
  connections: { start: number; maximum: number };
  /** What to record in the cache when the file is at its destination. */
  record: RecordRequest | undefined;
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
  /** What there is at the path, if it is known. */
  look?: Look | undefined;
  /** Whether it has been recorded in the cache. @default false */
  isRecorded?: boolean | undefined;
}
