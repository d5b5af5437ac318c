/**
 * The paths below `/auth/v1/` whose requests are made as a user, and whether that user must have agreed to
 * the terms of service. The other requests, such as login, ignore the token, even an invalid one.
 */
const guarded: Readonly<Record<string, { readonly needsTerms: boolean }>> = {
  '2fa': { needsTerms: false },
  authenticatedOn: { needsTerms: false },
  'oauth2/alias': { needsTerms: true },
  'oauth2/audit': { needsTerms: true },
  'oauth2/client': { needsTerms: true },
  'oauth2/consent': { needsTerms: true },
  'oauth2/consentcheck': { needsTerms: true },
  'oauth2/userinfo': { needsTerms: true },
  personalAccessToken: { needsTerms: false },
  secretKey: { needsTerms: true },
  sessionAccessToken: { needsTerms: false },
  'termsOfUse2/requirements': { needsTerms: false },
  'termsOfUse2/status': { needsTerms: false },
  user: { needsTerms: false },
};
const userPaths = Object.keys(guarded);
const termsPaths = userPaths.filter((path) => guarded[path]?.needsTerms === true);

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
