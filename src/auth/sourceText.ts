import type { Credentials } from './credentials.js';

/** A readable description of the source of a token. */
export function sourceText(
  { source, profile = 'default' }: Pick<Credentials, 'source' | 'profile'>,
  configPath: string,
): string {
  switch (source) {
    case 'config':
      return `profile ${profile} in ${configPath}`;
    case 'keychain':
      return `the keychain, profile ${profile}`;
    case 'environment':
      return 'SYNAPSE_AUTH_TOKEN';
    case 'parameterStore':
      return 'the AWS parameter store (SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME)';
    case 'password':
      return 'a login with a password';
    case 'argument':
      return 'this call';
  }
}
