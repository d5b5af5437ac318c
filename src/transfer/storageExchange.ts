import type http from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { NetworkError, TimeoutError } from '../errors.js';
import { onAbort } from '../net/onAbort.js';
import { StallWatch } from '../net/stallWatch.js';
import { storageNetworkError } from '../net/storageError.js';

/** After the last byte of a part, the store gets this many times the stall timeout to respond. */
const answerPatience = 4;

/** Milliseconds. A server that does not support `expect: 100-continue` does not respond to it. */
const continuePatience = 1000;

/** Maximum bytes that are read of a response that is text, such as the reason of a refusal. The rest is discarded. */
export const longestText = 64 * 1024;

/** One request to a file store. */
export interface StorageRequest {
  method: 'GET' | 'PUT';
  url: URL;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  stallTimeout: number;
  signal?: AbortSignal | undefined;
  /** The body. Each piece is sent before the next one is requested. */
  body?: AsyncIterable<Uint8Array> | undefined;
  onSent?: ((bytes: number) => void) | undefined;
  /** Called with the bytes of a piece before it is sent; a promise delays it. */
  pace?: ((bytes: number) => Promise<void> | undefined) | undefined;
}

/** A request over `node:http`: its agent, or a connection that has sent it already. */
export type ExchangeOptions = StorageRequest &
  ({ agent: http.Agent } | { createConnection: () => Duplex });

/**
 * Sends one request and passes the response to `answered`, regardless of its status.
 * @throws NetworkError when the connection fails; TimeoutError when it stalls; the errors of
 * `answered`; `signal.reason`
 */
export async function exchange<T>(
  options: ExchangeOptions,
  answered: (response: http.IncomingMessage, watch: StallWatch) => Promise<T>,
): Promise<T> {
  const { method, url, headers, signal } = options;
  const connection =
    'agent' in options ? { agent: options.agent } : { createConnection: options.createConnection };
  const { request: send } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  signal?.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const request = send(url, { method, headers, ...connection });
    const watch = new StallWatch(options.stallTimeout, () =>
      fail(
        new TimeoutError(`No bytes moved to or from ${url.host} for ${options.stallTimeout} ms.`),
      ),
    );
    const ignoreAbort = onAbort(signal, () => fail(signal?.reason as Error));
    const settle = (): void => {
      watch.stop();
      ignoreAbort();
    };
    const fail = (error: Error): void => {
      settle();
      request.destroy();
      reject(error);
    };
    const onError = (cause: unknown): void => fail(storageNetworkError(url.href, cause));
    let answer: http.IncomingMessage | undefined;
    request.on('error', (cause) => {
      // Bytes after the response make the connection unusable, but the response is valid.
      if (answer?.complete !== true) onError(cause);
    });
    request.on('response', (response) => {
      answer = response;
      response.on('error', onError);
      answered(response, watch).then((result) => {
        settle();
        // After a response before the end of the body, the connection cannot be reused.
        if (!request.writableFinished) request.destroy();
        resolve(result);
      }, fail);
    });
    pump(request, options, watch, () => answer !== undefined).catch(fail);
  });
}

async function pump(
  request: http.ClientRequest,
  options: StorageRequest,
  watch: StallWatch,
  isAnswered: () => boolean,
): Promise<void> {
  if (options.headers['expect'] !== undefined) await waitToSend(request);
  await writePieces(options, watch, {
    write: (piece, done) => request.write(piece, done),
    isClosed: () => request.destroyed || isAnswered(),
  });
  if (!isAnswered()) request.end();
}

/** A connection for the body of a request. */
interface BodyWriter {
  write: (piece: Uint8Array, done: (error?: Error | null) => void) => void;
  /** Whether the rest of the body is no longer of use. */
  isClosed: () => boolean;
}

/** Writes a body piece by piece. A piece is written before the next one is requested. */
export async function writePieces(
  { url, body, onSent, pace }: StorageRequest,
  watch: StallWatch | undefined,
  { write, isClosed }: BodyWriter,
): Promise<void> {
  if (body === undefined) return;
  for await (const piece of body) {
    const pause = pace?.(piece.length);
    if (pause !== undefined) await (watch?.holdFor(pause) ?? pause);
    if (isClosed()) return;
    await new Promise<void>((resolve, reject) => {
      write(piece, (error) => (error ? reject(storageNetworkError(url.href, error)) : resolve()));
    });
    watch?.moved(piece.length);
    onSent?.(piece.length);
  }
  watch?.allowLonger(answerPatience);
}

/** Waits for `100 Continue` or a final response. After a timeout, the body is sent anyway. */
function waitToSend(request: http.ClientRequest): Promise<void> {
  request.flushHeaders();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, continuePatience);
    const go = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once('continue', go);
    request.once('response', go);
    request.once('close', go);
  });
}

/** Passes on a body piece by piece. A promise from `take` delays the next piece. */
export function readBody(
  response: Readable,
  watch: StallWatch,
  take: (chunk: Buffer) => Promise<unknown> | undefined,
): Promise<void> {
  return new Promise((resolve, reject: (error: Error) => void) => {
    response.on('data', (chunk: Buffer) => {
      watch.moved(chunk.length);
      try {
        const hold = take(chunk);
        if (hold === undefined) return;
        response.pause();
        watch.holdFor(hold).then(() => response.resume(), reject);
      } catch (error) {
        reject(error as Error);
      }
    });
    response.on('end', resolve);
    response.on('error', reject);
    response.on('close', () => reject(new NetworkError('The connection ended early.')));
  });
}

/** Reads a short body, such as the reason for a refusal. The rest of a long body is discarded. */
export function readText(response: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (): void => resolve(Buffer.concat(chunks).toString('utf8'));
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length < longestText) return;
      finish();
      response.destroy();
    });
    response.on('end', finish);
    response.on('error', reject);
  });
}
