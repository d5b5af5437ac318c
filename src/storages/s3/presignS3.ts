import { createHash, createHmac } from 'node:crypto';
import { withoutTrailing } from '../../values/whitespace.js';

/** Access keys of AWS, or of an S3-compatible store. */
export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** The object to read. */
export interface S3Object {
  /** URL of the store, with its path if it has one. */
  endpoint: string;
  region: string;
  bucket: string;
  key: string;
}

/** Lifetime of a URL in seconds. */
const lifetime = 900;

/**
 * Creates a presigned URL that allows reading an object for 15 minutes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignS3(object: S3Object, credentials: S3Credentials, now = new Date()): string {
  const { endpoint, region, bucket, key } = object;
  const { origin, host, pathname } = new URL(endpoint);
  const base = withoutTrailing(pathname, '/');
  const path = `${base}/${[bucket, ...key.split('/')].map(encode).join('/')}`;
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  // In signing order.
  const query = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', String(lifetime)],
    ...(credentials.sessionToken ? [['X-Amz-Security-Token', credentials.sessionToken]] : []),
    ['X-Amz-SignedHeaders', 'host'],
  ]
    .map(([name = '', value = '']) => `${name}=${encode(value)}`)
    .join('&');
  const request = ['GET', path, query, `host:${host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const hash = createHash('sha256').update(request).digest('hex');
  const text = ['AWS4-HMAC-SHA256', time, scope, hash].join('\n');
  const signingKey = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  return `${origin}${path}?${query}&X-Amz-Signature=${hmac(signingKey, text).toString('hex')}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Encodes everything except unreserved characters, as signatures require. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
