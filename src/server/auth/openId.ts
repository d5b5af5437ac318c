import type { Router } from '../kernel/router.js';
import { allScopes } from '../kernel/scopes.js';
import { claimNames } from '../oauthClients/requestedClaims.js';
import type { World } from '../world.js';

/** Serves the public keys and metadata that other software needs to verify tokens. */
export function openIdRoutes(router: Router, world: World): void {
  router.get('/auth/v1/oauth2/jwks', () => ({ keys: [world.tokens.publicJwk()] }));

  router.get('/auth/v1/.well-known/openid-configuration', () => {
    const auth = `${world.urls.base()}/auth/v1`;
    return {
      issuer: auth,
      authorization_endpoint: `${auth}/oauth2/consent`,
      token_endpoint: `${auth}/oauth2/token`,
      revocation_endpoint: `${auth}/oauth2/revoke`,
      userinfo_endpoint: `${auth}/oauth2/userinfo`,
      introspection_endpoint: `${auth}/oauth2/introspect`,
      jwks_uri: `${auth}/oauth2/jwks`,
      registration_endpoint: `${auth}/oauth2/client`,
      scopes_supported: [...allScopes],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      userinfo_signing_alg_values_supported: ['RS256'],
      request_object_signing_alg_values_supported: [],
      claims_supported: [...claimNames],
      service_documentation: 'https://help.synapse.org/docs/',
      claims_parameter_supported: true,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    };
  });
}
