import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { forbidden, unauthorized } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { clients, type ClientRecord } from './clientRecords.js';

/** The client that makes a request, by its id and secret (HTTP Basic). @throws 401, 403 until verified */
export function requireClientLogin(world: World, headers: IncomingHttpHeaders): ClientRecord {
  const encoded = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  const record = clients(world).get(decoded(credentials.slice(0, Math.max(colon, 0))));
  const given = createHash('sha256')
    .update(decoded(credentials.slice(colon + 1)))
    .digest();
  const expected = Buffer.from(record?.secretHash ?? '', 'hex');
  const matches = expected.length === given.length && timingSafeEqual(expected, given);
  if (record === undefined || !matches) {
    const reason = 'OAuth Client ID and secret must be passed via Basic Authentication.';
    throw unauthorized(reason, { body: { error: 'invalid_client', reason } });
  }
  requireVerified(record);
  return record;
}

/** @throws 403 for a client that is not verified */
export function requireVerified({ client }: ClientRecord): void {
  if (!client.verified) {
    throw forbidden('The OAuth client is not verified.', {
      errorCode: 'OAUTH_CLIENT_NOT_VERIFIED',
    });
  }
}

/** Ids and secrets are form-encoded before they are joined (RFC 6749, 2.3.1). */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
