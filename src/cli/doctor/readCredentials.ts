import { findCredentials, type Credentials } from '../../auth/credentials.js';
import { keychainAccount, systemKeychain } from '../../auth/keychain.js';
import { parameterStoreToken } from '../../auth/parameterStore.js';
import { givenLogin } from '../givenLogin.js';
import type { Subject } from './subject.js';

/** Finds the token as a login does, without sending it to Synapse. */
export async function readCredentials(subject: Subject): Promise<Credentials | Error> {
  const { environment, settings, client, login } = subject;
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
