import { ServiceError } from '../kernel/serviceError.js';

const challenge = { 'www-authenticate': 'Bearer realm="Synapse Repository Services"' };

/** 401 for a token that this server did not issue. */
export function invalidToken(): ServiceError {
  return new ServiceError(401, 'Invalid access token', {
    body: { reason: 'Invalid access token' },
    headers: challenge,
  });
}

/** 401 for HTTP Basic credentials that are missing or wrong. */
export function invalidCredentials(reason = 'Invalid credentials.'): ServiceError {
  return new ServiceError(401, reason, { headers: challenge });
}

/** 401 with an OAuth body for an expired or revoked token. */
export function deadToken(description: string): ServiceError {
  return oauthError(401, 'invalid_token', description);
}

/** 403 with an OAuth body for a token without the required scopes. */
export function insufficientScope(missing: readonly string[]): ServiceError {
  return oauthError(
    403,
    'insufficient_scope',
    `Request lacks scope(s) required by this service: ${missing.join(', ')}`,
  );
}

function oauthError(status: number, error: string, description: string): ServiceError {
  return new ServiceError(status, description, {
    body: { error, error_description: description, reason: description },
    headers: status === 401 ? challenge : {},
  });
}
