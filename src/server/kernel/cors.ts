import type { IncomingHttpHeaders } from 'node:http';

/** What a page of another origin may send. */
const preflightHeaders = {
  'access-control-max-age': '600',
  'access-control-allow-headers':
    'Origin, X-Requested-With, Content-Type, Accept, sessionToken, Authorization',
  'access-control-allow-methods': 'POST, GET, PUT, DELETE',
};

/** Whether a browser asks what a page of another origin may send. */
export function isPreflight(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** The CORS headers of an answer of the API, which pages of any origin may use. */
export function apiCorsHeaders(
  method: string | undefined,
  headers: IncomingHttpHeaders,
): Record<string, string> {
  return {
    'access-control-allow-origin': '*',
    ...(isPreflight(method, headers) && preflightHeaders),
  };
}

/** The CORS headers of an answer of the storage, where requests have headers of their own. */
export function storageCorsHeaders(
  method: string | undefined,
  headers: IncomingHttpHeaders,
): Record<string, string> {
  if (headers.origin === undefined) {
    return {};
  }
  const asked = headers['access-control-request-headers'];
  return {
    'access-control-allow-origin': '*',
    'access-control-expose-headers':
      'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Location',
    ...(method === 'OPTIONS' && {
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
      'access-control-max-age': '600',
      ...(asked !== undefined && { 'access-control-allow-headers': asked }),
    }),
  };
}
