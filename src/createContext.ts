import { createHttp, type Http } from './api/createHttp.js';
import { clientSettings, type SynapseOptions } from './auth/clientSettings.js';
import { systemKeychain } from './auth/keychain.js';
import { Session, type LoginContext } from './auth/login.js';
import { Cache } from './cache/cache.js';
import type { Context } from './context.js';
import { createStorageState, forgetAfter, type StorageState } from './storages/storageState.js';
import { StorageWire } from './transfer/storageWire.js';

/** The parts of a client. */
export interface CreatedContext {
  context: Context & { readonly cache: Cache };
  loginContext: LoginContext;
  /** The REST API that users of the package call. Its answers are not checked. */
  http: Http;
  /** Closes all connections. */
  close: () => Promise<void>;
}

/**
 * Creates the parts of a client from its options. Sends no request.
 *
 * @throws {@link ConfigError} when the configuration file cannot be used.
 * @throws {@link ArgumentError} for an invalid endpoint.
 */
export function createContext(options: SynapseOptions): CreatedContext {
  const settings = clientSettings(options);
  const { config, log, portal, endpoint, endpoints, environment } = settings;
  const session = new Session();
  const { accessToken, scopes, userId } = session;
  const onWait = options.onWait ?? (({ message }) => log(message));
  const onCall = (operation: string): void => forgetAfter(state, operation);
  const http = createHttp({ ...options, endpoint, endpoints, accessToken, onWait, onCall });
  const { services } = http.checked;
  const storage = new StorageWire({ ...settings.storage, onRequest: options.onRequest });
  const state: StorageState = createStorageState(services.file, storage.clock);
  return {
    http,
    context: {
      http: http.checked,
      services,
      log,
      portal,
      cache: new Cache({ root: settings.cacheDir, isUsed: options.useCache ?? true, log }),
      storage,
      state,
      storageSettings: config,
      isLoggedIn: () => accessToken() !== undefined,
      scopes,
      userId,
    },
    loginContext: {
      services,
      config,
      log,
      environment,
      session,
      keychain: options.keychain ?? systemKeychain,
      authEndpoint: endpoints.auth ?? endpoint,
    },
    close: async () => {
      await Promise.all([storage.close(), http.close()]);
    },
  };
}
