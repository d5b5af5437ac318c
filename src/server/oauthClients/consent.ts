import type * as M from '../../../generated/models.js';
import { badOAuthRequest } from '../auth/authErrors.js';
import type { Scope } from '../kernel/caller.js';
import { allScopes } from '../kernel/scopes.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { claimTexts } from './claims.js';
import { requireVerified } from './clientLogin.js';
import { clients, isUri, type ClientRecord } from './clientRecords.js';
import { normalizeClaims } from './requestedClaims.js';

/** The descriptions of scopes for the consent page. `openid` alone permits nothing. */
const scopeTexts: Readonly<Partial<Record<Scope, string>>> = {
  email: 'To see your email address',
  profile: 'To see your user profile',
  view: 'To view the content which you can view',
  modify: 'To modify the content which you can modify (create, change, delete)',
  download: 'To download the content which you can download',
  authorize: 'To authorize others to access to resources you control',
  offline_access:
    'To access the resources authorized here when you are not logged in, until you revoke access from this application.',
};

/** An authorization request that its client may make. */
export interface CheckedRequest {
  readonly record: ClientRecord;
  readonly redirectUri: string;
  readonly scopes: readonly Scope[];
  /** What the consent page says that the client asks for. */
  readonly texts: string[];
}

/**
 * Checks an authorization request.
 *
 * @throws 400 for a missing, unknown or unregistered property, 403 for a client that is not verified
 */
export function checkRequest(
  world: World,
  { clientId = '', redirectUri = '', responseType, scope, claims }: M.OIDCAuthorizationRequest,
): CheckedRequest {
  if (clientId === '') {
    throw badRequest('Client ID is required and must not be the empty string.');
  }
  const record = clients(world).get(clientId);
  if (record === undefined) {
    const shown = clientId.slice(0, 100);
    throw badOAuthRequest('invalid_client', `Invalid OAuth Client ID: ${shown}`);
  }
  requireVerified(record);
  checkRedirect(record, redirectUri);
  if (responseType === undefined) {
    throw badOAuthRequest('invalid_request', 'Missing response_type.');
  }
  const scopes = readScopes(scope);
  return { record, redirectUri, scopes, texts: textsOf(scopes, claims) };
}

function checkRedirect({ client }: ClientRecord, redirectUri: string): void {
  const shown = redirectUri.slice(0, 200);
  if (!isUri(redirectUri)) {
    throw badOAuthRequest('invalid_redirect_uri', `Redirect URI is not a valid url: ${shown}`);
  }
  if (!client.redirect_uris.includes(redirectUri)) {
    throw badOAuthRequest(
      'invalid_redirect_uri',
      `Redirect URI ${shown} is not registered for ${client.client_name}`,
    );
  }
}

/** Reads a list of scopes, which are separated by spaces and may be form-encoded. @throws 400 */
export function readScopes(text = ''): Scope[] {
  const decoded = formDecoded(text).trimEnd();
  return decoded === '' ? [] : decoded.split(/\s/).map(scopeOf);
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function scopeOf(name: string): Scope {
  const scope = allScopes.find((one) => one === name);
  if (scope === undefined) {
    throw badOAuthRequest('invalid_scope', `Unrecognized scope: ${name.slice(0, 100)}`);
  }
  return scope;
}

function textsOf(scopes: readonly Scope[], claims: M.OIDCClaimsRequest | undefined): string[] {
  const texts = scopes.flatMap((scope) => scopeTexts[scope] ?? []);
  const { userinfo, id_token } = normalizeClaims(claims);
  const asked = scopes.includes('openid') ? [...claimTexts(userinfo), ...claimTexts(id_token)] : [];
  return [...new Set([...texts, ...asked])].sort();
}

/** Describes an authorization request for the consent page. */
export function describeRequest(
  world: World,
  request: M.OIDCAuthorizationRequest,
): M.OIDCAuthorizationRequestDescription {
  const { record, redirectUri, texts } = checkRequest(world, request);
  return { clientId: record.client.client_id, redirect_uri: redirectUri, scope: texts };
}
