import { acceptedEncodings, bodyText } from './bodyText.js';
import { Connections, idleTimeout } from './connections.js';
import type { Environment } from './environment.js';
import { askHttp, type ApiAnswer, type ApiRequest } from './httpAnswer.js';
import { canFormat } from './http1/formatRequest.js';
import { UnsupportedAnswerError } from './http1/responseReader.js';
import { SocketPool } from './http1/socketPool.js';
import { onAbort } from './onAbort.js';
import { askSocket } from './socketAnswer.js';
import type { WireFetch, WireRequest } from './wireFetch.js';

const defaultLongestBody = 64 * 1024 * 1024;

/** The methods of the API. A response to another method, such as HEAD, may need other rules. */
const socketMethods = new Set(['GET', 'POST', 'PUT', 'DELETE']);

export interface NodeFetchOptions {
  /** Maximum bytes of a response, both compressed and decompressed. No response of the API is longer. @default 64 MiB */
  longestBody?: number;
  /** Names the proxies and the certificates, see docs/proxies.md. @default process.env */
  env?: Environment;
  /** Whether to use the HTTP/1.1 client of this package where possible. @default true @internal */
  useSockets?: boolean;
}

/** A {@link WireFetch} and its connections. */
export interface NodeFetch {
  fetch: WireFetch;
  /** Closes the connections. */
  close(): Promise<void>;
}

/**
 * Sends requests over persistent connections, with the proxy and the certificates that the environment names. Behaves like the
 * `fetch` of Node.js for API calls, with a fraction of its CPU time.
 *
 * The HTTP/1.1 client of this package sends them (http1/README.md). `node:http` does it through a proxy, for unusual requests,
 * and for servers whose responses need its parser.
 */
export function createNodeFetch({
  longestBody = defaultLongestBody,
  env = process.env,
  useSockets = true,
}: NodeFetchOptions = {}): NodeFetch {
  const connections = new Connections(env);
  const sockets = new SocketPool(() => connections.secureContext(), idleTimeout);
  /** Servers whose responses need the parser of `node:http`. */
  const unsupported = new Set<string>();

  const canUseSockets = ({ url, method, headers }: ApiRequest): boolean =>
    useSockets &&
    /^https?:$/.test(url.protocol) &&
    socketMethods.has(method) &&
    canFormat(headers) &&
    !unsupported.has(url.origin) &&
    connections.proxyFor(url) === undefined;

  const ask = async (request: ApiRequest): Promise<ApiAnswer> => {
    if (!canUseSockets(request)) {
      return askHttp(request, { agent: await connections.agentFor(request.url), longestBody });
    }
    try {
      return await askSocket(sockets, request, longestBody);
    } catch (error) {
      if (!(error instanceof UnsupportedAnswerError) || error.replay === undefined) throw error;
      unsupported.add(request.url.origin);
      const { replay } = error;
      // The request may have had its effect, so it is not sent again.
      return askHttp(request, { createConnection: () => replay, longestBody });
    }
  };

  return {
    fetch: async (address, init) => {
      throwIfAborted(init);
      const { status, headers, packed } = await ask(toApiRequest(address, init));
      const text = (): Promise<string> =>
        bodyText(packed, headers.get('content-encoding'), longestBody);
      return { status, headers, text };
    },
    close: () => {
      sockets.close();
      return connections.close();
    },
  };
}

function toApiRequest(address: string, init: WireRequest): ApiRequest {
  const { method, body, light } = init;
  const headers: Record<string, string> = {
    ...(light?.headers ?? Object.fromEntries(init.headers)),
    'accept-encoding': acceptedEncodings,
  };
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
  // Without it, some servers wait for a body, or refuse the request.
  else if (method === 'POST' || method === 'PUT') headers['content-length'] = '0';
  return { method, url: new URL(address), headers, body, onAbort: (run) => whenAborted(init, run) };
}

function throwIfAborted(init: WireRequest): void {
  if (init.light === undefined) init.signal.throwIfAborted();
  else if (init.light.scope.reason !== undefined) throw init.light.scope.reason as Error;
}

/** Calls `run` when the request is aborted, or at once if it is. @returns a function that cancels this */
function whenAborted(init: WireRequest, run: (reason: unknown) => void): () => void {
  if (init.light !== undefined) return init.light.scope.onAbort(run);
  const { signal } = init;
  if (signal.aborted) run(signal.reason);
  return onAbort(signal, () => run(signal.reason));
}
