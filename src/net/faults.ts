import { requestLine } from './requestLine.js';

/**
 * Whether another attempt may help:
 *
 * | Outlook     | Meaning                                                                              | Attempts            |
 * | ----------- | ------------------------------------------------------------------------------------ | ------------------- |
 * | `temporary` | An established connection broke or stalled                                           | until the limits    |
 * | `doubtful`  | A setting is most likely wrong: no such host, nothing listens, the answer is no HTTP | a few, for seconds  |
 * | `permanent` | The same would happen again: untrusted certificate, TLS to a plain port, refusing proxy | one              |
 *
 * A failure to connect to a host that has responded before counts as `temporary`: its name and port are right.
 */
export type Outlook = 'temporary' | 'doubtful' | 'permanent';

/** A failure before a complete response. */
export interface Fault {
  kind: 'fault';
  /** The error code of the system, such as `ECONNRESET`. */
  code: string;
  /** Whether the server may have received the request. */
  sent: 'no' | 'maybe';
  outlook: Outlook;
  /** Host and port of the proxy that failed. */
  proxy?: string;
}

/** Errors by code. Those of TLS are in {@link isTlsCode}. */
const faultsByCode: ReadonlyMap<string, Pick<Fault, 'sent' | 'outlook'>> = new Map([
  // Before the connection is established: the request cannot have been applied.
  ...withOutlook({ sent: 'no', outlook: 'doubtful' }, [
    'EADDRNOTAVAIL',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'EHOSTDOWN',
    'EHOSTUNREACH',
    'ENETDOWN',
    'ENETUNREACH',
    'ENOTFOUND',
    'UND_ERR_CONNECT_TIMEOUT',
  ]),
  // A firewall of this machine forbids the connection, or the URL cannot be requested.
  ...withOutlook({ sent: 'no', outlook: 'permanent' }, [
    'EACCES',
    'EAFNOSUPPORT',
    'EPERM',
    'EPROTONOSUPPORT',
    'ERR_INVALID_PROTOCOL',
    'ERR_INVALID_URL',
    'ERR_SOCKET_BAD_PORT',
    'ERR_UNESCAPED_CHARACTERS',
  ]),
  // This process, or this machine, has too many open files or connections at the moment.
  ...withOutlook({ sent: 'no', outlook: 'temporary' }, ['EMFILE', 'ENFILE', 'ENOBUFS']),
  // An established connection: the request may have been sent.
  ...withOutlook({ sent: 'maybe', outlook: 'temporary' }, [
    'ECONNABORTED',
    'ECONNRESET',
    'EIO',
    'EPIPE',
    'ETIMEDOUT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_CLOSED',
    'UND_ERR_DESTROYED',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'UND_ERR_SOCKET',
  ]),
]);

type Row = readonly [code: string, fault: Pick<Fault, 'sent' | 'outlook'>];

function withOutlook(fault: Row[1], codes: readonly string[]): Row[] {
  return codes.map((code) => [code, fault]);
}

/** An attempt that was aborted after `attemptTimeout`. */
export const attemptTimedOut: Fault = {
  kind: 'fault',
  code: 'ATTEMPT_TIMEOUT',
  sent: 'maybe',
  outlook: 'temporary',
};

/** Classifies an error thrown by `fetch`. An unknown error is permanent. */
export function classifyFault(error: unknown): Fault {
  const known = findFault(error);
  if (known !== undefined) return known;
  const causes = [...causesOf(error)];
  const code = causes.map((cause) => cause.code).find((word) => typeof word === 'string');
  // A browser reports every network error as a TypeError without details.
  const isNetwork = code === undefined && causes[0]?.name === 'TypeError';
  return {
    kind: 'fault',
    code: code ?? 'FETCH_FAILED',
    sent: 'maybe',
    outlook: isNetwork ? 'temporary' : 'permanent',
  };
}

/** Classifies an error of a connection; `undefined` for an unknown error. */
export function findFault(error: unknown): Fault | undefined {
  for (const cause of causesOf(error)) {
    const known = knownFault(cause);
    if (known !== undefined) return known;
  }
  return undefined;
}

function knownFault(cause: Cause): Fault | undefined {
  const { code, syscall, proxy } = cause;
  if (typeof proxy === 'string' && typeof code === 'string') {
    const outlook = cause.isPermanent === true ? 'permanent' : 'doubtful';
    return { kind: 'fault', code, sent: 'no', outlook, proxy };
  }
  const refusal = undiciRefusal(cause);
  if (refusal !== undefined || typeof code !== 'string') return refusal;
  if (code === 'ETIMEDOUT' && syscall === 'connect') {
    return { kind: 'fault', code, sent: 'no', outlook: 'doubtful' };
  }
  // A server that does not use TLS closes the connection during the handshake.
  if (code === 'ECONNRESET' && /before secure TLS connection/.test(String(cause.message))) {
    return { kind: 'fault', code, sent: 'no', outlook: 'doubtful' };
  }
  // The parser of Node.js: what the server sent is not HTTP/1.1. A damaged byte on the way has the same effect.
  if (code.startsWith('HPE_')) return { kind: 'fault', code, sent: 'maybe', outlook: 'doubtful' };
  const known = faultsByCode.get(code);
  if (known !== undefined) return { kind: 'fault', code, ...known };
  return isTlsCode(code) ? { kind: 'fault', code, sent: 'no', outlook: 'permanent' } : undefined;
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
  const outlook = ['429', '502', '503', '504'].includes(status) ? 'doubtful' : 'permanent';
  return { kind: 'fault', code: `PROXY_${status}`, sent: 'no', outlook };
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
  const { code, sent, outlook, proxy } = fault;
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
  if (outlook !== 'temporary') {
    return `${host} sent no valid response to ${request.method} (${code}). Check the endpoint and the proxy settings.`;
  }
  const advice =
    request.idempotency === 'create'
      ? 'The request may have been applied: check before you repeat it.'
      : 'Try again later.';
  return `${host} did not answer ${requestLine(request.method, request.url)} (${code}). ${advice}`;
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
