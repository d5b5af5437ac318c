import type { TokenService } from './auth/tokenService.js';
import type { Conditions } from './conditions/conditions.js';
import type { Blobs } from './files/blobs.js';
import type { FileService } from './files/fileService.js';
import type { JobRunner } from './jobs/jobRunner.js';
import type { LocalSynapseOptions } from './options.js';
import type { Store } from './state/store.js';

/** Addresses that the server hands out. */
export interface Urls {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  base(): string;
}

/** What every domain folder of the server works with. */
export interface World {
  readonly options: LocalSynapseOptions;
  readonly store: Store;
  /** The bytes behind file handles. */
  readonly blobs: Blobs;
  /** File handles: who may read them, their URLs, and making new ones. */
  readonly files: FileService;
  readonly urls: Urls;
  readonly tokens: TokenService;
  readonly jobs: JobRunner;
  readonly conditions: Conditions;
  /** The server's clock. */
  now(): Date;
  /** The clock as the API writes dates: ISO 8601 in UTC with milliseconds. */
  timestamp(): string;
  /** A fresh random UUID, for etags and the like. */
  uuid(): string;
  /** A durable 32-byte key of its own for each purpose, e.g. to sign presigned URLs. */
  secret(purpose: string): Buffer;
  /**
   * The service that `make` makes: made at the first call, the same one at every later call. The
   * function is the key, so pass a function that a module declares once, never an inline one.
   */
  service<T>(make: (world: World) => T): T;
  /** Registers what a domain folder gives back when the server ends, after its jobs have ended. */
  onClose(release: () => Promise<void>): void;
  /** Every principal that a user acts as: self, teams, the built-in groups. */
  groupsOf(userId: number): ReadonlySet<number>;
}
