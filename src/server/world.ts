import type { TokenService } from './auth/tokenService.js';
import type { Conditions } from './conditions/conditions.js';
import type { Blobs } from './files/blobs.js';
import type { FileService } from './files/fileService.js';
import type { JobRunner } from './jobs/jobRunner.js';
import type { LocalSynapseOptions } from './options.js';
import type { Store } from './state/store.js';

/** Addresses of the server. */
export interface Urls {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  base(): string;
}

/** The services and state that every domain of the server uses. */
export interface World {
  readonly options: LocalSynapseOptions;
  readonly store: Store;
  /** The content of files. */
  readonly blobs: Blobs;
  /** File handles: permissions, URLs and creation. */
  readonly files: FileService;
  readonly urls: Urls;
  readonly tokens: TokenService;
  readonly jobs: JobRunner;
  readonly conditions: Conditions;
  /** The server's clock. */
  now(): Date;
  /** The clock as the API writes dates: ISO 8601 in UTC with milliseconds. */
  timestamp(): string;
  /** A new random UUID, e.g. for etags. */
  uuid(): string;
  /** A durable 32-byte key for one purpose, e.g. for signing presigned URLs. */
  secret(purpose: string): Buffer;
  /**
   * The service that `make` makes: made at the first call, the same one at every later call. The
   * function is the key, so pass a function that a module declares once, never an inline one.
   */
  service<T>(make: (world: World) => T): T;
  /**
   * Registers a function that releases resources when the server closes, after its jobs have ended.
   */
  onClose(release: () => Promise<void>): void;
  /** The ids of all principals of a user: self, teams and built-in groups. */
  groupsOf(userId: number): ReadonlySet<number>;
}
