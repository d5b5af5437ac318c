import type { ApiAnswer, ApiRequest } from './askHttp.js';
import { askSocket } from './askSocket.js';
import { acceptedEncodings, bodyText } from './bodyText.js';
import { Connections, idleTimeout } from './connections.js';
import type { Environment } from './environment.js';
import { canFormat } from './http1/formatRequest.js';
import { UnsupportedAnswerError } from './http1/responseReader.js';
import { SocketPool } from './http1/socketPool.js';
import { onAbortOrAborted } from './onAbort.js';
import { plainAddress } from './plainAddress.js';
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

/** A server of the API. */
interface Server {
  /** With the port, unless it is that of the scheme. */
  host: string;
  /** False for a server behind a proxy, and for one whose responses need the parser of `node:http`. */
  usesSockets: boolean;
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
  const pool = new SocketPool(() => connections.secureContext(), idleTimeout);
  const servers = new Map<string, Server>();

  const serverOf = (origin: string): Server => {
    let server = servers.get(origin);
    if (server === undefined) {
      const url = new URL(origin);
      const usesSockets = useSockets && connections.proxyFor(url) === undefined;
      server = { host: url.host, usesSockets };
      servers.set(origin, server);
    }
    return server;
  };

  const ask = async (request: ApiRequest): Promise<ApiAnswer> => {
    const address = canSend(request) ? plainAddress(request.url) : undefined;
    const server = address && serverOf(address.origin);
    if (server?.usesSockets !== true || address === undefined) {
      const { askHttp } = await import('./askHttp.js');
      const agent = await connections.agentFor(new URL(request.url));
      return askHttp(request, { agent });
    }
    try {
      return await askSocket(request, { pool, host: server.host, ...address });
    } catch (error) {
      if (!(error instanceof UnsupportedAnswerError) || error.replay === undefined) throw error;
      server.usesSockets = false;
      const { replay } = error;
      const { askHttp } = await import('./askHttp.js');
      // The request may have had its effect, so it is not sent again.
      return askHttp(request, { createConnection: () => replay });
    }
  };

  return {
    fetch: async (url, init) => {
      throwIfAborted(init);
      const { status, headers, packed } = await ask(toApiRequest(url, init, longestBody));
      const text = (): Promise<string> =>
        bodyText(packed, headers.get('content-encoding'), longestBody);
      return { status, headers, text };
    },
    close: () => {
      pool.close();
      return connections.close();
    },
  };
}

function canSend({ method, headers }: ApiRequest): boolean {
  return socketMethods.has(method) && canFormat(headers);
}

function toApiRequest(url: string, init: WireRequest, longestBody: number): ApiRequest {
  const { method, body, light } = init;
  const headers: Record<string, string> = {
    ...(light?.headers ?? Object.fromEntries(init.headers)),
    'accept-encoding': acceptedEncodings,
  };
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
  // Without it, some servers wait for a body, or refuse the request.
  else if (method === 'POST' || method === 'PUT') headers['content-length'] = '0';
  const onAbort: ApiRequest['onAbort'] = (run) =>
    light === undefined ? onAbortOrAborted(init.signal, run) : light.scope.onAbort(run);
  return { method, url, headers, body, onAbort, longestBody };
}

function throwIfAborted(init: WireRequest): void {
  if (init.light === undefined) init.signal.throwIfAborted();
  else if (init.light.scope.reason !== undefined) throw init.light.scope.reason as Error;
}
