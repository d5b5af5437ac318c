import type { ClientSettings, SynapseOptions } from '../../auth/clientSettings.js';
import { findCredentials, type Credentials } from '../../auth/credentials.js';
import { keychainAccount, systemKeychain } from '../../auth/keychain.js';
import { parameterStoreToken } from '../../auth/parameterStore.js';
import type { Environment } from '../../net/environment.js';
import { givenLogin, type PasswordFlags } from '../givenLogin.js';

/** The settings that a login would have. */
export interface CredentialsQuestion {
  client: SynapseOptions;
  settings: ClientSettings;
  environment: Environment;
  login: PasswordFlags;
}

/** Finds the token as a login does, without sending it to Synapse. */
export async function readCredentials({
  client,
  settings,
  environment,
  login,
}: CredentialsQuestion): Promise<Credentials | Error> {
  try {
    const { password, ...given } = givenLogin(login);
    if (password !== undefined) return { token: password, source: 'password', ...given };
    return await findCredentials(
      { ...given, profile: client.profile },
      {
        config: settings.config,
        environment,
        log: () => undefined,
        parameterStore: () =>
          parameterStoreToken(environment['SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME'], () => undefined),
        keychain: (profile) =>
          systemKeychain.get(
            keychainAccount(profile, settings.endpoints.auth ?? settings.endpoint),
          ),
      },
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
