import { ServiceError, unauthorized } from '../kernel/serviceError.js';

const challenge = { 'www-authenticate': 'Bearer realm="Synapse Repository Services"' };

/** The codes of OAuth errors, as the service sends them. */
type OAuthErrorCode =
  | 'insufficient_scope'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_token'
  | 'login_required'
  | 'unsupported_response_type'
  | 'unsupported_token_type';

/** 401 for a token that this server did not issue, or that its client or owner cannot use. */
export function invalidToken(): ServiceError {
  return new ServiceError(401, 'Invalid access token', {
    body: { reason: 'Invalid access token' },
    headers: challenge,
  });
}

/** 401 for credentials of HTTP Basic, of an OAuth client or of a signature that are missing or wrong. */
export function badCredentials(reason = 'Invalid credentials.'): ServiceError {
  return unauthorized(reason, { headers: challenge });
}

/** 401 with an OAuth body for an expired or revoked token. */
export function deadToken(description: string): ServiceError {
  return oauthError(401, 'invalid_token', description);
}

/** 401 with an OAuth body for what only a user who is logged in may do. */
export function loginRequired(description: string): ServiceError {
  return oauthError(401, 'login_required', description);
}

/** 403 with an OAuth body for a token without the required scopes. */
export function insufficientScope(missing: readonly string[]): ServiceError {
  return oauthError(
    403,
    'insufficient_scope',
    `Request lacks scope(s) required by this service: ${[...missing].sort().join(', ')}`,
  );
}

/** 400 with an OAuth body. */
export function badOAuthRequest(error: OAuthErrorCode, description?: string): ServiceError {
  return oauthError(400, error, description);
}

function oauthError(status: number, error: OAuthErrorCode, description?: string): ServiceError {
  const reason = description === undefined ? error : `${error}. ${description}`;
  return new ServiceError(status, reason, {
    body: { error, ...(description !== undefined && { error_description: description }), reason },
    headers: status === 401 ? challenge : {},
  });
}
