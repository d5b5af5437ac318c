import type { OperationRow } from '../../../generated/operations.js';
import type { Scope } from './caller.js';

/** Scopes a personal access token may ask for, and those a session has. */
export const allScopes: readonly Scope[] = [
  'openid',
  'email',
  'profile',
  'view',
  'download',
  'modify',
  'authorize',
  'offline_access',
];

/** The exceptions from the general rule of {@link requiredScopes}. */
const exceptions: Readonly<Record<string, readonly Scope[]>> = {
  'POST /auth/v1/login2': [],
  'POST /auth/v1/2fa/token': [],
  'POST /auth/v1/2fa/disable': [],
  'POST /auth/v1/2fa/reset': [],
  'GET /auth/v1/anonymousToken': [],
  'GET /auth/v1/authenticatedOn': [],
  'GET /auth/v1/.well-known/openid-configuration': [],
  'GET /auth/v1/oauth2/jwks': [],
  'POST /auth/v1/oauth2/authurl': [],
  'POST /auth/v1/oauth2/session2': [],
  'POST /auth/v1/oauth2/alias': [],
  'POST /auth/v1/oauth2/account2': [],
  'POST /auth/v1/oauth2/token': [],
  'POST /auth/v1/oauth2/revoke': [],
  'POST /auth/v1/oauth2/introspect': [],
  'POST /auth/v1/oauth2/consent': ['authorize'],
  'GET /auth/v1/oauth2/userinfo': ['openid'],
  'POST /auth/v1/oauth2/userinfo': ['openid'],
  'GET /auth/v1/termsOfUse2/info': [],
  'GET /auth/v1/termsOfUse2/status': [],
  'POST /auth/v1/termsOfUse2': ['modify'],
  'POST /auth/v1/user/password/reset': ['modify'],
  'POST /auth/v1/user/changePassword': ['modify'],
  'POST /auth/v1/personalAccessToken': ['authorize'],
  'DELETE /auth/v1/personalAccessToken/{id}': ['modify', 'authorize'],
  'DELETE /auth/v1/oauth2/alias': ['modify', 'authorize'],
  'POST /file/v1/fileHandle/batch': ['view', 'download'],
  'POST /file/v1/file/bulk/async/start': ['download'],
  'POST /file/v1/file/multipart/{uploadId}/presigned/url/batch': ['view', 'modify'],
  'GET /repo/v1/entity/{id}/sts': ['view', 'modify', 'download'],
  'POST /repo/v1/entity/{id}/table/query/async/start': ['view', 'download'],
  'POST /repo/v1/entity/{id}/table/query/nextPage/async/start': ['view', 'download'],
  'POST /repo/v1/entity/{id}/table/download/csv/async/start': ['view', 'download'],
  'POST /repo/v1/entity/{id}/table/download/pfb/async/start': ['view', 'download'],
  'POST /repo/v1/column/view/scope/async/start': ['view'],
  'POST /repo/v1/table/upload/csv/preview/async/start': ['view'],
  'POST /repo/v1/schema/type/validation/async/start': ['view'],
  'POST /repo/v1/grid/download/csv/async/start': ['view', 'download'],
};

/** Names of operations that only read, although they are sent as POST. */
const readingNames = /\.(?:check|describe|get|has|list|search|suggest|validate)[A-Z]/;

/** The scopes that a token needs for an operation. */
export function requiredScopes(operation: string, row: OperationRow): readonly Scope[] {
  const [method, path, , , parse] = row;
  const exception = exceptions[`${method} ${path}`];
  if (exception !== undefined) {
    return exception;
  }
  if (parse === 'redirect') {
    return ['download'];
  }
  if (method === 'GET' || (method === 'POST' && readingNames.test(operation))) {
    return ['view'];
  }
  return method === 'DELETE' ? ['modify'] : ['view', 'modify'];
}
