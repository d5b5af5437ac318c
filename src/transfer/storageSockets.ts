import { basicAuthorization } from '../net/credentials.js';
import { formatRequest } from '../net/http1/formatRequest.js';
import {
  ConnectionError,
  type ResponseSink,
  type SocketAnswer,
  type SocketRequest,
} from '../net/http1/responseReader.js';
import type { SocketPool } from '../net/http1/socketPool.js';
import { onAbortOrAborted } from '../net/onAbort.js';
import { storageNetworkError } from '../net/storageError.js';
import { longestText, writePieces, type StorageRequest } from './storageExchange.js';

/**
 * Sends a GET over a socket. The sink receives a successful response.
 * @throws UnsupportedAnswerError when the request must be sent again over `node:http`; the other errors of `exchange`, and
 * those of the sink
 */
export function readOverSocket(
  pool: SocketPool,
  request: StorageRequest,
  sink: ResponseSink,
): Promise<SocketAnswer> {
  const head = headOf(request);
  const write: SocketRequest['write'] = (socket) => void socket.write(head, 'latin1');
  return mapFailure(request.url, pool.read({ ...limitsOf(request), write, sink }));
}

/**
 * Sends a PUT over a socket.
 * @throws UnsupportedAnswerError when `node:http` has to read the response; the other errors of `exchange`
 */
export function writeOverSocket(pool: SocketPool, request: StorageRequest): Promise<SocketAnswer> {
  const head = headOf(request);
  const write: SocketRequest['write'] = async (socket, watch) => {
    // The head and the first piece are sent together.
    socket.cork();
    socket.write(head, 'latin1');
    await writePieces(request, watch, {
      write: (piece, done) => {
        socket.write(piece, done);
        socket.uncork();
      },
      isClosed: () => socket.destroyed,
    });
    socket.uncork();
  };
  return mapFailure(request.url, pool.send({ ...limitsOf(request), write }));
}

/** @throws ArgumentError when the user or the password in the URL cannot be decoded */
function headOf({ method, url, headers }: StorageRequest): string {
  const authorization = basicAuthorization(url);
  return formatRequest({
    method,
    host: url.host,
    path: url.pathname + url.search,
    headers: authorization === undefined ? headers : { authorization, ...headers },
  });
}

function limitsOf({ url, signal, stallTimeout }: StorageRequest): Omit<SocketRequest, 'write'> {
  return {
    origin: url.origin,
    stallTimeout,
    longestBody: longestText,
    onAbort: (run) => onAbortOrAborted(signal, run),
  };
}

async function mapFailure(url: URL, answer: Promise<SocketAnswer>): Promise<SocketAnswer> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof ConnectionError ? storageNetworkError(url.href, error.cause) : error;
  }
}
