import { redactUrl } from '../errors.js';

/** A failure before a complete response. */
export interface Fault {
  kind: 'fault';
  /** The error code of the system, such as `ECONNRESET`. */
  code: string;
  /** Whether the server may have received the request. */
  sent: 'no' | 'maybe';
  /** Whether a retry would fail the same way. */
  permanent: boolean;
  /** Host and port of the proxy that failed. */
  proxy?: string;
}

/** Errors before the connection is established: the request cannot have been applied. */
const beforeSending: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Errors of an established connection: the request may have been sent. */
const afterSending: ReadonlySet<string> = new Set([
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
]);

/** An attempt that was aborted after `attemptTimeout`. */
export const attemptTimedOut: Fault = {
  kind: 'fault',
  code: 'ATTEMPT_TIMEOUT',
  sent: 'maybe',
  permanent: false,
};

/** Classifies an error thrown by `fetch`. */
export function classifyFault(error: unknown): Fault {
  const causes = [...causesOf(error)];
  for (const cause of causes) {
    const known = knownFault(cause);
    if (known !== undefined) return known;
  }
  const code = causes.map((cause) => cause.code).find((word) => typeof word === 'string');
  // A browser reports every network error as a TypeError without details.
  const isNetwork = code === undefined && causes[0]?.name === 'TypeError';
  return { kind: 'fault', code: code ?? 'FETCH_FAILED', sent: 'maybe', permanent: !isNetwork };
}

function knownFault(cause: Cause): Fault | undefined {
  const { code, syscall, proxy } = cause;
  if (typeof proxy === 'string' && typeof code === 'string') {
    return { kind: 'fault', code, sent: 'no', permanent: cause.isPermanent === true, proxy };
  }
  const refusal = undiciRefusal(cause);
  if (refusal !== undefined || typeof code !== 'string') return refusal;
  if (beforeSending.has(code) || (code === 'ETIMEDOUT' && syscall === 'connect')) {
    return { kind: 'fault', code, sent: 'no', permanent: false };
  }
  if (afterSending.has(code)) return { kind: 'fault', code, sent: 'maybe', permanent: false };
  return isTlsCode(code) ? { kind: 'fault', code, sent: 'no', permanent: true } : undefined;
}

/** The certificate is not trusted or is for another host, or the server does not use TLS. */
export function isTlsCode(code: string): boolean {
  return /CERT|^UNABLE_TO_|^ERR_TLS_|^ERR_SSL_|^EPROTO$|^UND_ERR_PRX_TLS$/.test(code);
}

/** The `fetch` of undici reports a refusal by a proxy as an abort, with the status in the message. */
function undiciRefusal({ message }: Cause): Fault | undefined {
  const status =
    typeof message === 'string' ? /^Proxy response \((\d+)\)/.exec(message)?.[1] : undefined;
  if (status === undefined) return undefined;
  const permanent = !['429', '502', '503', '504'].includes(status);
  return { kind: 'fault', code: `PROXY_${status}`, sent: 'no', permanent };
}

/** Checked by its properties: `instanceof` fails for an error of another realm. */
interface Cause {
  name?: unknown;
  code?: unknown;
  syscall?: unknown;
  message?: unknown;
  cause?: unknown;
  errors?: unknown;
  /** The properties of a ProxyError. */
  proxy?: unknown;
  isPermanent?: unknown;
}

/** An error and its causes. A host with several addresses fails with one error for each. */
function* causesOf(error: unknown, depth = 0): Generator<Cause> {
  if (typeof error !== 'object' || error === null || depth > 8) return;
  const cause: Cause = error;
  yield cause;
  if (Array.isArray(cause.errors)) {
    for (const one of cause.errors as unknown[]) yield* causesOf(one, depth + 1);
  }
  yield* causesOf(cause.cause, depth + 1);
}

/** The message for a failure, with what to do about it. */
export function describeFault(
  fault: Fault,
  request: { method: string; url: string; idempotency: string },
): string {
  const { code, sent, permanent, proxy } = fault;
  const host = hostOf(request.url);
  if (proxy !== undefined) return describeProxy(code, proxy, host);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `Cannot find the host ${host} (${code}). Check the endpoint and the network connection.`;
  }
  if (isTlsCode(code)) {
    return (
      `No trusted connection to ${host} (${code}). If a proxy intercepts TLS, set SSL_CERT_FILE to ` +
      `the file with its CA certificate; otherwise check the endpoint.`
    );
  }
  if (code.startsWith('PROXY_')) {
    return `The proxy does not connect to ${host} (${code.slice(6)}). Check HTTPS_PROXY, with its user and password, and NO_PROXY.`;
  }
  if (sent === 'no') {
    return `Cannot connect to ${host} (${code}). Check the endpoint and the network connection.`;
  }
  if (permanent) {
    return `${host} sent no valid response to ${request.method} (${code}). Check the endpoint and the proxy settings.`;
  }
  const advice =
    request.idempotency === 'create'
      ? 'The request may have been applied: check before you repeat it.'
      : 'Try again later.';
  return `${host} did not answer ${request.method} ${redactUrl(request.url)} (${code}). ${advice}`;
}

function describeProxy(code: string, proxy: string, host: string): string {
  const advice = 'Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.';
  if (isTlsCode(code)) return `No trusted connection to the proxy ${proxy} (${code}). ${advice}`;
  if (code.startsWith('PROXY_')) {
    const reason = code.slice('PROXY_'.length);
    return `The proxy does not connect to ${host} (${reason}). The proxy is ${proxy}: check its user and password. ${advice}`;
  }
  return `Cannot connect to the proxy ${proxy} (${code}) on the way to ${host}. ${advice}`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
