import type { Services } from '../generated/services.js';
import type { Cache } from './cache/cache.js';
import type { Http } from './api/createHttp.js';
import type { StorageContext } from './storages/storageContext.js';

/** What the functions of a domain get of the client: the wires, the cache, and somebody to tell things to. */
export interface Context extends StorageContext {
  readonly http: Http;
  readonly services: Services;
  readonly cache: Cache;
  /** The web site, ending in `/`. */
  readonly portal: string;
  /** Whether there is a token; without one Synapse serves what is public. */
  readonly isLoggedIn: () => boolean;
  /** What the token allows; `undefined` without one, and when it does not say. */
  readonly scopes: () => readonly string[] | undefined;
  /** Says something that a person should know and that is not an error. */
  readonly log: (message: string) => void;
}
