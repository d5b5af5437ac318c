import { createEnvironmentFetch } from '../net/environmentFetch.js';
import { createHttpCore } from './httpCore.js';
import type { Http, HttpOptions } from './httpCore.js';

export type { Http, HttpOptions } from './httpCore.js';

/**
 * The API wire for Node: as {@link createHttpCore}, through the proxy and with the certificates that the environment names
 * unless `fetch` is given.
 */
export function createHttp(options: HttpOptions = {}): Http {
  if (options.fetch !== undefined) return createHttpCore(options);
  const environment = createEnvironmentFetch();
  const http = createHttpCore({ ...options, fetch: environment.fetch });
  return {
    ...http,
    close: async () => {
      await http.close();
      await environment.close();
    },
  };
}
