import type { Services } from '../generated/services.js';
import type { Cache } from './cache/cache.js';
import type { Http } from './api/createHttp.js';
import type { StorageContext } from './storages/storageContext.js';

/** The parts of the client that domain functions use: the connections, the cache and the log. */
export interface Context extends StorageContext {
  /** Refuses answers that the API description does not allow, as `services` does. */
  readonly http: Pick<Http, 'paginate' | 'runJob'>;
  readonly services: Services;
  readonly cache: Cache;
  /** The address of the website, ending in `/`. */
  readonly portal: string;
  /** Whether the client has a token. Without one, Synapse serves public data only. */
  readonly isLoggedIn: () => boolean;
  /** The id of the user who is logged in. */
  readonly userId: () => string | undefined;
  /** The scopes of the token. `undefined` without a token, and when the token does not list them. */
  readonly scopes: () => readonly string[] | undefined;
  /** Logs a readable message that is not an error. */
  readonly log: (message: string) => void;
}
