import { createNodeFetch } from '../net/nodeFetch.js';
import { checkAnswer } from './checkAnswer.js';
import { createHttpCore } from './httpCore.js';
import type { Http, HttpOptions } from './httpCore.js';

export type { Http, HttpOptions } from './httpCore.js';

/**
 * Creates the API client for Node.js: like {@link createHttpCore}, but with the proxy and the certificates that the
 * environment names, unless `fetch` is given.
 */
export function createHttp(options: HttpOptions = {}): Http {
  if (options.fetch !== undefined) return createHttpCore(options, { check: checkAnswer });
  const wire = createNodeFetch();
  const http = createHttpCore(options, { fetch: wire.fetch, check: checkAnswer });
  return {
    ...http,
    close: async () => {
      await http.close();
      await wire.close();
    },
  };
}
