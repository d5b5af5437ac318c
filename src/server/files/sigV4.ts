import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** Region of every bucket of this server; part of what is signed. */
export const storageRegion = 'us-east-1';
/** The value in place of the hash of an unsigned body. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD';
const algorithm = 'AWS4-HMAC-SHA256';

/** An access key pair, with the session token when the pair is a temporary one. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The parts of a request that are signed. */
export interface SignedRequest {
  readonly method: string;
  /** Path as sent, percent-encoded. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Names in lower case, sorted. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

/** Day, region and service that a signing key is valid for. */
export interface Scope {
  /** `YYYYMMDD`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

const onlyUnreserved = /^[\w.~-]*$/;

/**
 * Percent-encodes everything except unreserved characters, as Signature Version 4 requires. An
 * unpaired surrogate, which cannot be encoded, becomes the replacement character.
 */
export function uriEncode(text: string): string {
  if (onlyUnreserved.test(text)) return text;
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-encodes an object key as a path, except for its slashes. */
export function encodeKey(key: string): string {
  return key.split('/').map(uriEncode).join('/');
}

/**
 * Decodes percent-encoding. Malformed text is returned as it is, so that the signature check of
 * such a URL fails instead of the server.
 */
export function decodeText(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names and values of a query in order, decoded; a name without a value has the empty value. */
export function parseQuery(query: string): [name: string, value: string][] {
  if (query === '') return [];
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decodeText(name.replaceAll('+', ' ')), decodeText(value.replaceAll('+', ' '))];
    });
}

function canonicalQuery(query: string): string {
  return parseQuery(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** The canonical request of Signature Version 4, in the form S3 uses (path encoded once). */
export function canonicalRequest(request: SignedRequest): string {
  const headers = request.signedHeaders.map((name) => {
    const value = request.headers[name] ?? '';
    return `${name}:${value.trim().replace(/ {2,}/g, ' ')}\n`;
  });
  return [
    request.method,
    encodeKey(decodeText(request.path)),
    canonicalQuery(request.query),
    headers.join(''),
    request.signedHeaders.join(';'),
    request.payloadHash,
  ].join('\n');
}

/** SHA-256 as hexadecimal text. */
export function sha256Hex(content: string | Buffer): string {
  return hash('sha256', content);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Scope as it is written into credentials and into the text that is signed. */
export function scopeText(scope: Scope): string {
  return `${scope.day}/${scope.region}/${scope.service}/aws4_request`;
}

/** The latest result of {@link signingKey}: nearly all requests of a day use the same key. */
let latestKey: { readonly of: string; readonly key: Buffer } | undefined;

/** Key that signs for one day, region and service. */
export function signingKey(secretAccessKey: string, scope: Scope): Buffer {
  const of = `${scopeText(scope)}/${secretAccessKey}`;
  if (latestKey?.of !== of) {
    const day = hmac(`AWS4${secretAccessKey}`, scope.day);
    const key = hmac(hmac(hmac(day, scope.region), scope.service), 'aws4_request');
    latestKey = { of, key };
  }
  return latestKey.key;
}

/** Signature of a request in hexadecimal. `time` is `YYYYMMDDTHHMMSSZ`. */
export function signRequest(
  request: SignedRequest,
  options: { key: Buffer; time: string; scope: Scope },
): string {
  const digest = sha256Hex(canonicalRequest(request));
  const text = [algorithm, options.time, scopeText(options.scope), digest].join('\n');
  return hmac(options.key, text).toString('hex');
}

/** Signature of one chunk of a body in `aws-chunked` form, which builds on the signature before it. */
export function signChunk(
  chunk: { previous: string; hash: string },
  options: { key: Buffer; time: string; scope: Scope },
): string {
  const text = [
    `${algorithm}-PAYLOAD`,
    options.time,
    scopeText(options.scope),
    chunk.previous,
    sha256Hex(''),
    chunk.hash,
  ].join('\n');
  return hmac(options.key, text).toString('hex');
}

/** Compares two signatures in constant time. */
export function sameSignature(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A time as Signature Version 4 writes it: `YYYYMMDDTHHMMSSZ`. */
export function amzTime(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

/** Reads `YYYYMMDDTHHMMSSZ`; `undefined` when the text is of another form. */
export function parseAmzTime(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`,
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The signer of URLs, their start time and their lifetime. */
export interface PresignerOptions {
  /** Scheme, host and port, without a trailing slash. A path is added by a proxy and not signed. */
  readonly origin: string;
  readonly credentials: Credentials;
  readonly now: Date;
  /** Lifetime of the URLs in seconds. */
  readonly expiresIn: number;
}

/** The request that a presigned URL permits. */
export interface PresignRequest {
  readonly method: string;
  /** Percent-encoded path, as the server receives it. */
  readonly path: string;
  /** Query parameters besides those of the signature. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Headers that the request must carry with these values, besides `host`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Returns a function that creates presigned URLs as S3 does (`X-Amz-…` query, Signature Version 4).
 * The common part is computed once, because one upload may need 10,000 URLs.
 */
export function createPresigner(options: PresignerOptions): (request: PresignRequest) => string {
  const { origin, credentials } = options;
  const { host } = new URL(origin);
  const time = amzTime(options.now);
  const scope: Scope = { day: time.slice(0, 8), region: storageRegion, service: 's3' };
  const key = signingKey(credentials.secretAccessKey, scope);
  return ({ method, path, query = {}, headers: given = {} }) => {
    const headers: Record<string, string> = { host };
    for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
    const signedHeaders = Object.keys(headers).sort();
    const parameters: Record<string, string | undefined> = {
      ...query,
      'X-Amz-Algorithm': algorithm,
      'X-Amz-Credential': `${credentials.accessKeyId}/${scopeText(scope)}`,
      'X-Amz-Date': time,
      'X-Amz-Expires': String(options.expiresIn),
      'X-Amz-SignedHeaders': signedHeaders.join(';'),
      'X-Amz-Security-Token': credentials.sessionToken,
    };
    const text = Object.entries(parameters)
      .flatMap(([name, value]) =>
        value === undefined ? [] : [`${uriEncode(name)}=${uriEncode(value)}`],
      )
      .join('&');
    const signature = signRequest(
      { method, path, query: text, headers, signedHeaders, payloadHash: unsignedPayload },
      { key, time, scope },
    );
    return `${origin}${path}?${text}&X-Amz-Signature=${signature}`;
  };
}
