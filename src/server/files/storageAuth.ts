import type { World } from '../world.js';
import {
  amzTime,
  canonicalRequest,
  parseAmzTime,
  sameSignature,
  scopeText,
  sha256Hex,
  signingKey,
  signRequest,
  storageRegion,
  unsignedPayload,
  type Credentials,
  type Scope,
  type SignedRequest,
} from './sigV4.js';
import { openSession, serverCredentials, type SessionGrant } from './storageKeys.js';
import { accessDenied, StorageError } from './storageError.js';

/** Maximum clock difference in milliseconds. */
const maxSkew = 15 * 60_000;
/** Maximum lifetime of a presigned URL in seconds. */
const maxExpires = 604_800;

/** A request to the storage before authentication. */
export interface StorageRequest {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Query parameters, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The permissions of a request to the storage. */
export interface Access {
  /** Absent for the server's own key, which permits everything. */
  readonly session?: SessionGrant;
  /** Set for a body that is signed in chunks. */
  readonly signer: { key: Buffer; time: string; scope: Scope; signature: string };
  readonly payloadHash: string;
}

interface Claim {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: string[];
  readonly signature: string;
  readonly time: string;
  readonly token: string | undefined;
  readonly payloadHash: string;
}

/**
 * Authenticates a request by the query of a presigned URL or by an `Authorization` header.
 *
 * @throws {@link StorageError} with the codes and messages of S3
 */
export function authenticate(
  world: Pick<World, 'now' | 'secret' | 'urls'>,
  request: StorageRequest,
): Access {
  const presigned = request.parameters.has('X-Amz-Algorithm');
  if (!presigned && request.headers.authorization === undefined) throw accessDenied();
  const claim = presigned ? readQueryClaim(request) : readHeaderClaim(request);
  const { credentials, session } = findCredentials(world, claim);
  const signer = {
    key: signingKey(credentials.secretAccessKey, claim.scope),
    time: claim.time,
    scope: claim.scope,
    signature: claim.signature,
  };
  // The expiry is checked first, as in S3: it tells a client that it only needs a new URL.
  if (presigned) checkLife(request, { time: claim.time, now: world.now() });
  else checkSkew(claim.time, world.now());
  const { method, path, query, headers } = request;
  const { signedHeaders, payloadHash } = claim;
  checkSignature(
    { method, path, query, headers, signedHeaders, payloadHash },
    { signer, accessKeyId: claim.accessKeyId, world },
  );
  checkSignedHeaders(request, claim.signedHeaders);
  if (session && session.expiresAt <= world.now().getTime()) {
    throw new StorageError(400, 'The provided token has expired.', { code: 'ExpiredToken' });
  }
  return { signer, payloadHash: claim.payloadHash, ...(session && { session }) };
}

function readQueryClaim({ parameters }: StorageRequest): Claim {
  const read = (name: string): string => {
    const value = parameters.get(name);
    if (value === undefined) {
      throw malformedQuery(
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, ' +
          'X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      );
    }
    return value;
  };
  if (read('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') {
    throw malformedQuery('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const expires = read('X-Amz-Expires');
  if (!/^\d+$/.test(expires)) throw malformedQuery('X-Amz-Expires should be a number');
  if (Number(expires) > maxExpires) {
    throw malformedQuery(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must ' +
        `be less than ${maxExpires} seconds`,
    );
  }
  const time = read('X-Amz-Date');
  if (!parseAmzTime(time)) {
    throw malformedQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  return {
    ...readCredential(read('X-Amz-Credential'), { time, fail: malformedQuery }),
    signedHeaders: read('X-Amz-SignedHeaders').split(';'),
    signature: read('X-Amz-Signature'),
    time,
    token: parameters.get('X-Amz-Security-Token'),
    payloadHash: unsignedPayload,
  };
}

function readHeaderClaim({ headers }: StorageRequest): Claim {
  const fail = (message: string) =>
    new StorageError(400, message, { code: 'AuthorizationHeaderMalformed' });
  const match = /^AWS4-HMAC-SHA256\s(.*)$/.exec(headers.authorization ?? '');
  if (!match) {
    throw new StorageError(
      400,
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      { code: 'InvalidRequest' },
    );
  }
  const fields = new Map(
    (match[1] ?? '').split(',').map((text) => {
      const field = text.trim();
      const at = field.indexOf('=');
      return [field.slice(0, at), field.slice(at + 1)];
    }),
  );
  const credential = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    throw fail(
      'The authorization header requires three components: Credential, SignedHeaders, and Signature.',
    );
  }
  const date = headers['x-amz-date'] ?? headers.date ?? '';
  const parsed = parseAmzTime(date) ?? new Date(date);
  if (Number.isNaN(parsed.getTime())) {
    throw accessDenied('AWS authentication requires a valid Date or x-amz-date header');
  }
  const payloadHash = headers['x-amz-content-sha256'];
  if (payloadHash === undefined) {
    throw new StorageError(400, 'Missing required header for this request: x-amz-content-sha256', {
      code: 'InvalidRequest',
    });
  }
  const time = amzTime(parsed);
  return {
    ...readCredential(credential, { time, fail }),
    signedHeaders: signedHeaders.split(';'),
    signature,
    time,
    token: headers['x-amz-security-token'],
    payloadHash,
  };
}

function readCredential(
  text: string,
  options: { time: string; fail: (message: string) => StorageError },
): { accessKeyId: string; scope: Scope } {
  const [accessKeyId, day, region, service, end, ...rest] = text.split('/');
  if (!accessKeyId || !day || !region || end !== 'aws4_request' || rest.length > 0) {
    throw options.fail(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting ' +
        '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  if (service !== 's3') throw options.fail(`Incorrect service "${service ?? ''}"; expecting "s3".`);
  if (region !== storageRegion) {
    throw options.fail(`The region '${region}' is wrong; expecting '${storageRegion}'.`);
  }
  if (day !== options.time.slice(0, 8)) {
    throw options.fail(
      `Invalid credential date "${day}". This date is not the same as X-Amz-Date.`,
    );
  }
  return { accessKeyId, scope: { day, region, service } };
}

function findCredentials(
  world: Pick<World, 'secret'>,
  claim: Claim,
): { credentials: Credentials; session?: SessionGrant } {
  const own = serverCredentials(world);
  if (claim.token === undefined && claim.accessKeyId === own.accessKeyId) {
    return { credentials: own };
  }
  const opened = claim.token === undefined ? undefined : openSession(world, claim.token);
  if (claim.token !== undefined && !opened) {
    throw new StorageError(400, 'The provided token is malformed or otherwise invalid.', {
      code: 'InvalidToken',
    });
  }
  if (opened?.credentials.accessKeyId !== claim.accessKeyId) {
    throw new StorageError(
      403,
      'The AWS Access Key Id you provided does not exist in our records.',
      { code: 'InvalidAccessKeyId', fields: { AWSAccessKeyId: claim.accessKeyId } },
    );
  }
  return { credentials: opened.credentials, session: opened.grant };
}

function checkLife(request: StorageRequest, times: { time: string; now: Date }): void {
  const start = parseAmzTime(times.time)?.getTime() ?? 0;
  const seconds = Number(request.parameters.get('X-Amz-Expires'));
  const now = times.now.getTime();
  if (start > now + maxSkew) throw accessDenied('Request is not valid yet');
  if (now >= start + seconds * 1000) {
    throw accessDenied('Request has expired', {
      'X-Amz-Expires': seconds,
      Expires: new Date(start + seconds * 1000).toISOString(),
      ServerTime: times.now.toISOString(),
    });
  }
}

function checkSkew(time: string, now: Date): void {
  const sent = parseAmzTime(time)?.getTime() ?? 0;
  if (Math.abs(sent - now.getTime()) <= maxSkew) return;
  throw new StorageError(
    403,
    'The difference between the request time and the current time is too large.',
    {
      code: 'RequestTimeTooSkewed',
      fields: {
        RequestTime: time,
        ServerTime: now.toISOString(),
        MaxAllowedSkewMilliseconds: maxSkew,
      },
    },
  );
}

function checkSignature(
  request: SignedRequest,
  claim: { signer: Access['signer']; accessKeyId: string; world: Pick<World, 'urls'> },
): void {
  const { signer } = claim;
  for (const candidate of permittedForms(request, claim.world)) {
    if (sameSignature(signRequest(candidate, signer), signer.signature)) return;
  }
  const canonical = canonicalRequest(request);
  throw new StorageError(
    403,
    'The request signature we calculated does not match the signature you provided. Check your key ' +
      'and signing method.',
    {
      code: 'SignatureDoesNotMatch',
      fields: {
        AWSAccessKeyId: claim.accessKeyId,
        StringToSign: [
          'AWS4-HMAC-SHA256',
          signer.time,
          scopeText(signer.scope),
          sha256Hex(canonical),
        ].join('\n'),
        SignatureProvided: signer.signature,
        CanonicalRequest: canonical,
      },
    },
  );
}

/** The requests of which one must have been signed. */
function* permittedForms(
  request: SignedRequest,
  world: Pick<World, 'urls'>,
): Iterable<SignedRequest> {
  yield request;
  // A proxy in front of the server may send another host than the signed one.
  const { host } = new URL(world.urls.base());
  const proxied = { ...request, headers: { ...request.headers, host } };
  yield proxied;
  // A URL for GET also permits HEAD, as on the content delivery network of the service.
  if (request.method === 'HEAD') {
    yield { ...request, method: 'GET' };
    yield { ...proxied, method: 'GET' };
  }
}

/** Refuses unsigned `x-amz-…` headers, which could turn a permitted request into another one. */
function checkSignedHeaders(request: StorageRequest, signed: readonly string[]): void {
  const missing = Object.keys(request.headers).filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !signed.includes(name),
  );
  if (missing.length === 0) return;
  throw accessDenied('There were headers present in the request which were not signed', {
    HeadersNotSigned: missing.join(', '),
  });
}

function malformedQuery(message: string): StorageError {
  return new StorageError(400, message, { code: 'AuthorizationQueryParametersError' });
}
