import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { externalProviderRoutes } from './externalProviders.js';
import { legacyLoginRoutes } from './legacyLogin.js';
import { loginRoutes } from './login.js';
import { openIdRoutes } from './openId.js';
import { personalAccessTokenRoutes } from './personalAccessTokens.js';
import { termsRoutes } from './terms.js';
import { twoFactorRoutes } from './twoFactor.js';

/** Serves `/auth/v1`. */
export function authRoutes(router: Router, world: World): void {
  loginRoutes(router, world);
  externalProviderRoutes(router);
  legacyLoginRoutes(router, world);
  openIdRoutes(router, world);
  personalAccessTokenRoutes(router, world);
  termsRoutes(router, world);
  twoFactorRoutes(router, world);
}
