import { ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { badCredentials } from './authErrors.js';
import type { BasicCredentials } from './basicCredentials.js';
import { logIn } from './login.js';
import type { TokenBearer } from './tokenService.js';

/**
 * The user of HTTP Basic credentials: with an access token as the password, whose scopes apply, or
 * with the password of the user.
 *
 * @throws 401 for wrong credentials
 */
export async function basicLogin(
  world: World,
  { name, password }: BasicCredentials,
): Promise<TokenBearer> {
  try {
    return await world.tokens.check(password);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
  try {
    const { accessToken } = await logIn(world, { username: name, password });
    return await world.tokens.check(accessToken);
  } catch (error) {
    if (error instanceof ServiceError) throw badCredentials();
    throw error;
  }
}
