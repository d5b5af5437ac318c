import { createHash, timingSafeEqual } from 'node:crypto';

import { badCredentials } from '../auth/authErrors.js';
import { basicCredentials, type BasicCredentials } from '../auth/basicCredentials.js';
import { forbidden } from '../kernel/serviceError.js';
import type { Call, Endpoint } from '../kernel/router.js';
import type { World } from '../world.js';
import { clients, type ClientRecord } from './clientRecords.js';

/**
 * The client that makes a request, by its id and secret: in the header (HTTP Basic), or as
 * `client_id` and `client_secret` in a form body.
 *
 * @throws 401
 */
export function requireClientLogin(
  world: World,
  call: Pick<Call<Endpoint>, 'headers' | 'sent'>,
): ClientRecord {
  const { name, password } = basicCredentials(call.headers) ?? fromParameters(call);
  const record = clients(world).get(name);
  const given = createHash('sha256').update(password).digest();
  const expected = Buffer.from(record?.secretHash ?? '', 'hex');
  const matches = expected.length === given.length && timingSafeEqual(expected, given);
  if (record === undefined || !matches) {
    throw badCredentials(
      'OAuth Client ID and secret must be passed via Basic Authentication. Credentials are missing or invalid.',
    );
  }
  return record;
}

function fromParameters({ sent }: Pick<Call<Endpoint>, 'sent'>): BasicCredentials {
  const { query, form } = sent;
  const id = query.get('client_id') ?? form.get('client_id') ?? '';
  const secret = query.get('client_secret') ?? form.get('client_secret') ?? '';
  if (id === '' || secret.trim() === '') {
    throw badCredentials('Missing required credentials in the authorization header.');
  }
  if ([...query.values()].some((value) => value.includes(secret))) {
    throw badCredentials('Client credentials must not be passed as query parameters.');
  }
  return { name: id, password: secret };
}

/** @throws 403 for a client that is not verified */
export function requireVerified({ client }: ClientRecord): void {
  if (!client.verified) {
    throw forbidden(`The OAuth client (${client.client_id}) is not verified.`, {
      errorCode: 'OAUTH_CLIENT_NOT_VERIFIED',
    });
  }
}
