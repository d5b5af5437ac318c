import type { IncomingHttpHeaders } from 'node:http';
import {
  NetworkError,
  redactText,
  redactUrl,
  SynapseHttpError,
  systemCode,
  TimeoutError,
} from '../errors.js';
import { findFault } from './faults.js';
import { ProxyError } from './proxyError.js';

/** What a failed request to a store means for the transfer. */
export type Verdict =
  /** A temporary failure: try again. */
  | 'retry'
  /** A setting is most likely wrong, such as the name of the host: try again a few times. */
  | 'doubtful'
  /** The presigned URL has expired: try again with a new one. */
  | 'refresh'
  /** The object has changed since the transfer started. */
  | 'changed'
  /** A permanent failure: a retry would not help. */
  | 'fatal';

/**
 * Classifies errors of {@link StorageWire} and its sinks.
 * @param hasAnswered - Whether the host of a URL has responded before.
 */
export function judgeStorageError(
  error: unknown,
  hasAnswered: (url: string) => boolean = () => false,
): Verdict {
  if (error instanceof SynapseHttpError) return judgeStatus(error.status);
  if (error instanceof TimeoutError) return 'retry';
  if (error instanceof NetworkError) return judgeNetwork(error, hasAnswered);
  return 'fatal';
}

function judgeNetwork(
  { cause, url }: NetworkError,
  hasAnswered: (url: string) => boolean,
): Verdict {
  // Without a known cause: the store sent something else than was requested, or the library of a protocol lost the connection.
  const { outlook, sent } = findFault(cause) ?? { outlook: 'temporary' };
  if (outlook === 'temporary') return 'retry';
  if (outlook === 'permanent') return 'fatal';
  return sent === 'no' && url !== undefined && hasAnswered(url) ? 'retry' : 'doubtful';
}

function judgeStatus(status: number): Verdict {
  // S3 answers 400 to a URL signed with credentials that have expired, and 403 to an expired URL.
  if (status === 400 || status === 401 || status === 403) return 'refresh';
  if (status === 412 || status === 416) return 'changed';
  // The store does not know the method or the protocol.
  if (status === 501 || status === 505) return 'fatal';
  return status === 408 || status === 429 || status >= 500 ? 'retry' : 'fatal';
}

/** Creates the error for an error response of a store, with the reason of the store. */
export function storageHttpError(
  method: string,
  url: string,
  answer: { status: number; headers: IncomingHttpHeaders; body: string },
): SynapseHttpError {
  const { status, headers, body } = answer;
  const code = element(body, 'Code');
  const words = [code, element(body, 'Message')].filter((part) => part !== undefined).join(': ');
  const reason = redactText(words === '' ? firstLine(body) : words);
  const host = URL.canParse(url) ? new URL(url).host : redactUrl(url);
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return new SynapseHttpError(
    `The file store ${host} answered ${method} with ${status}${reason === '' ? '' : ` (${reason})`}.`,
    {
      status,
      reason,
      method,
      url,
      body: redactText(body),
      errorCode: code,
      retryAfter: Number.isFinite(seconds) ? seconds * 1000 : undefined,
      code: 'STORAGE',
    },
  );
}

/** Creates the error for a failed or broken connection to a store. */
export function storageNetworkError(url: string, cause: unknown): NetworkError {
  const host = URL.canParse(url) ? new URL(url).host : redactUrl(url);
  const code = systemCode(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof ProxyError) {
    return new NetworkError(
      `The connection to the file store ${host} failed: the proxy ${cause.proxy} does not connect to it (${cause.code}). ` +
        'Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.',
      { cause, url },
    );
  }
  return new NetworkError(
    `The connection to the file store ${host} failed: ${redactText(code ?? message)}.`,
    { cause, url },
  );
}

function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined || text === '' ? undefined : text;
}

function firstLine(text: string): string {
  return /[<{]/.test(text.slice(0, 1)) ? '' : (text.split('\n', 1)[0] ?? '').slice(0, 200);
}
