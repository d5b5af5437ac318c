import type * as M from '../../generated/models.js';
import type { CallOptions, Services } from '../../generated/services.js';
import { SynapseHttpError } from '../errors.js';
import { CredentialsError } from './credentialsError.js';

/** A user name and password, and a callback for the one-time code if the account requires one. */
export interface PasswordLogin {
  /** User name or e-mail address. */
  username: string;
  password: string;
  /** Called when the account has two-factor authentication. Returns the code of the authenticator app. */
  otp?: () => string | Promise<string>;
}

/**
 * Exchanges a user name and password for an access token that lasts 24 hours.
 *
 * @throws {@link CredentialsError} when the account requires a one-time code and `otp` is missing.
 * @throws {@link AuthenticationError} when the password or the code is wrong.
 * @see https://rest-docs.synapse.org/rest/POST/login2.html
 */
export async function loginWithPassword(
  services: Services,
  { username, password, otp }: PasswordLogin,
  options: CallOptions,
): Promise<string> {
  const response = await firstFactor(services, { username, password, otp }, options);
  if (response.acceptsTermsOfUse === false) {
    throw new CredentialsError(
      `${username} has not accepted the terms of Synapse yet: sign in once at https://www.synapse.org.`,
    );
  }
  if (!response.accessToken)
    throw new CredentialsError('Synapse accepted the login but returned no token.');
  return response.accessToken;
}

async function firstFactor(
  services: Services,
  { username, password, otp }: PasswordLogin,
  options: CallOptions,
): Promise<M.LoginResponse> {
  try {
    return await services.authentication.login({ body: { username, password } }, options);
  } catch (error) {
    const challenge = challengeOf(error);
    if (challenge === undefined) throw error;
    if (otp === undefined) {
      throw new CredentialsError(
        `The account of ${username} uses two-factor authentication: a one-time code is needed, or a personal access token in place of the password.`,
        { cause: error },
      );
    }
    const body = { ...challenge, otpCode: await otp(), otpType: 'TOTP' as const };
    return services.twoFactorAuthentication.loginWithTwoFactorAuth({ body }, options);
  }
}

// 401 with errorCode TWO_FA_REQUIRED and a TwoFactorAuthErrorResponse as its body.
function challengeOf(error: unknown): { userId: number; twoFaToken: string } | undefined {
  if (!(error instanceof SynapseHttpError) || error.errorCode !== 'TWO_FA_REQUIRED')
    return undefined;
  const { userId, twoFaToken } = (error.body ?? {}) as M.TwoFactorAuthErrorResponse;
  return userId !== undefined && twoFaToken !== undefined ? { userId, twoFaToken } : undefined;
}
