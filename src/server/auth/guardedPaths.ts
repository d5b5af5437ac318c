/**
 * The paths below `/auth/v1/` whose requests are made as a user. The others, such as login, ignore
 * the token of a request, even an invalid one.
 */
const userPaths = [
  '2fa',
  'authenticatedOn',
  'oauth2/alias',
  'oauth2/audit',
  'oauth2/client',
  'oauth2/consent',
  'oauth2/consentcheck',
  'oauth2/userinfo',
  'personalAccessToken',
  'secretKey',
  'sessionAccessToken',
  'termsOfUse2/requirements',
  'termsOfUse2/status',
  'user',
];

/** Those of them that also require the terms of service. */
const termsPaths = [
  'oauth2/alias',
  'oauth2/audit',
  'oauth2/client',
  'oauth2/consent',
  'oauth2/consentcheck',
  'oauth2/userinfo',
  'secretKey',
];

const authBase = '/auth/v1/';

/** Whether a request to a path is made as the user of its token. */
export function readsToken(pathname: string): boolean {
  return !pathname.startsWith(authBase) || isBelow(pathname, userPaths);
}

/** Whether the user of a request to a path must have agreed to the terms of service. */
export function requiresTerms(pathname: string): boolean {
  return !pathname.startsWith(authBase) || isBelow(pathname, termsPaths);
}

function isBelow(pathname: string, paths: readonly string[]): boolean {
  const path = pathname.slice(authBase.length);
  return paths.some((base) => path === base || path.startsWith(`${base}/`));
}
