import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { requireFields } from '../kernel/requireFields.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden, notFound, type ServiceError } from '../kernel/serviceError.js';

/** A provider at which users of the service may log in. */
interface Provider {
  readonly authorizationUrl: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether its identifiers may be bound to an account. */
  readonly hasAlias: boolean;
}

const providers: Readonly<Partial<Record<M.OAuthProvider, Provider>>> = {
  GOOGLE_OAUTH_2_0: {
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    parameters: { prompt: 'select_account', scope: 'openid profile email' },
    hasAlias: false,
  },
  ORCID: {
    authorizationUrl: 'https://orcid.org/oauth/authorize',
    parameters: { scope: 'openid' },
    hasAlias: true,
  },
};

/** The id of this server at the providers, which they do not know. */
const clientId = 'embedded-synapse';

/**
 * Serves the login with the account of another provider. No provider is asked, so every code is
 * refused as the provider would refuse a wrong one.
 */
export function externalProviderRoutes(router: Router): void {
  router.post('/auth/v1/oauth2/authurl', ({ body }) => authorizationUrl(body));
  router.post('/auth/v1/oauth2/session2', ({ body }) => {
    throw refusedCode(body);
  });
  router.post('/auth/v1/oauth2/account2', ({ body }) => {
    throw refusedCode(body);
  });
  router.post('/auth/v1/oauth2/alias', ({ caller, body }) => {
    requireUser(caller);
    requireAlias(body.provider);
    throw refusedCode(body);
  });
  router.delete('/auth/v1/oauth2/alias', ({ caller, query }) => {
    requireUser(caller);
    requireAlias(query.provider);
    throw notFound(`The alias ${query.alias.slice(0, 200)} is not associated with the given user`);
  });
}

function providerOf(name: string | undefined): Provider {
  if (name === undefined) {
    throw badRequest('OAuthProvider cannot be null');
  }
  const provider = Object.entries(providers).find(([key]) => key === name)?.[1];
  if (provider === undefined) {
    throw badRequest(`Unknown provider: ${name.slice(0, 100)}`);
  }
  return provider;
}

function authorizationUrl({ provider, redirectUrl, state }: M.OAuthUrlRequest): M.OAuthUrlResponse {
  const { authorizationUrl: address, parameters } = providerOf(provider);
  if (redirectUrl === undefined) {
    throw badRequest('The redirectUrl is required.');
  }
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUrl,
    ...parameters,
    ...(state !== undefined && state !== '' && { state }),
  });
  return { authorizationUrl: `${address}?${query.toString()}` };
}

function requireUser({ isAnonymous }: Caller): void {
  if (isAnonymous) {
    throw forbidden('User ID is required.');
  }
}

function requireAlias(provider: string | undefined): void {
  if (!providerOf(provider).hasAlias) {
    throw badRequest('Retrieving alias is not supported in Synapse for the Google OAuth provider.');
  }
}

function refusedCode(request: M.OAuthValidationRequest): ServiceError {
  providerOf(request.provider);
  const titles = { authenticationCode: 'The authorizationCode', redirectUrl: 'The redirectUrl' };
  requireFields(request, ['authenticationCode', 'redirectUrl'], (name) => titles[name]);
  return forbidden('The provider did not issue this authentication code.');
}
