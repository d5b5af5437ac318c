import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { getClient } from './clientRecords.js';

/** The descriptions of scopes for the consent page. */
const scopeTexts: Readonly<Record<string, string>> = {
  view: 'View the content which you can view',
  download: 'Download content which you can download',
  modify: 'Modify, create or delete content on your behalf',
  authorize: 'Authorize other access to your account',
  offline_access: 'Access while you are not logged in',
  email: 'See your email address',
  profile: 'See your user profile',
};

/**
 * Describes an authorization request for the consent page.
 *
 * @throws 400 for a missing, unknown or unregistered property, 404
 */
export function describeRequest(
  world: World,
  { clientId, redirectUri, responseType, scope }: M.OIDCAuthorizationRequest,
): M.OIDCAuthorizationRequestDescription {
  if (clientId === undefined) {
    throw badRequest('The clientId is required.');
  }
  const { client } = getClient(world, clientId);
  if (responseType === undefined) {
    throw badRequest('The responseType is required.');
  }
  if (redirectUri === undefined || !client.redirect_uris.includes(redirectUri)) {
    throw badRequest('The redirectUri is not one of those that the client has registered.');
  }
  const scopes = (scope ?? '').split(' ').filter((one) => one !== '' && one !== 'openid');
  return {
    clientId,
    redirect_uri: redirectUri,
    scope: scopes.map((one) => {
      const text = scopeTexts[one];
      if (text === undefined) {
        throw badRequest(`Unrecognized scope: ${one.slice(0, 100)}`);
      }
      return text;
    }),
  };
}
