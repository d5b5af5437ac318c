import { describe, expect } from '@jest/globals';
import type * as M from '../../generated/models.js';
import type { Services } from '../../generated/services.js';
import { parseConfig } from '../../src/auth/config.js';
import { CredentialsError } from '../../src/auth/credentialsError.js';
import { findCredentials } from '../../src/auth/credentials.js';
import { login, Session, type Login, type LoginContext } from '../../src/auth/login.js';
import { ConfigError, NoCredentialsError, SynapseError } from '../../src/errors.js';
import { outcomeOf, readVectors, testEach } from './readVectors.js';

interface Input {
  fn?: undefined;
  loginArgs: { username?: string; authToken?: string; profile?: string };
  env: Record<string, string>;
  configText: string;
  profilesByToken: Record<string, M.UserProfile>;
  ssm: string | null;
}
interface Value {
  token: string;
  username: string;
  profile: string | null;
}

const errorClasses: Record<string, unknown> = {
  SynapseNoCredentialsError: expect.any(NoCredentialsError),
  SynapseAuthenticationError: expect.any(SynapseError),
  ValueError: expect.any(ConfigError),
};

/** The part of the client that a login uses, with a user profile service that knows the recorded tokens. */
function contextFor({ configText, env, profilesByToken }: Input): LoginContext {
  const session = new Session();
  const userProfile = {
    getMyUserProfile: () => {
      const user = profilesByToken[session.accessToken() ?? ''];
      return user ? Promise.resolve(user) : Promise.reject(new CredentialsError('refused'));
    },
  };
  const noKeychain = () => Promise.reject(new Error('no keychain'));
  return {
    services: { userProfile } as unknown as Services,
    session,
    config: parseConfig(configText, '~/.synapseConfig'),
    environment: env,
    keychain: { get: noKeychain, set: noKeychain, delete: noKeychain },
    authEndpoint: 'https://auth.example.org/auth/v1',
    log: () => undefined,
  };
}

/** A login; where the AWS parameter store holds the token, the policy alone, as the store is far away. */
async function run(input: Input): Promise<Value> {
  const context = contextFor(input);
  const found = await loginOrPolicy(input, context);
  return {
    token: context.session.accessToken() ?? '',
    username: found.userName,
    profile: found.profile ?? null,
  };
}

async function loginOrPolicy(input: Input, context: LoginContext): Promise<Login> {
  const { ssm, loginArgs, env } = input;
  if (ssm === null) return login(context, loginArgs);
  const { token, source, profile, username } = await findCredentials(loginArgs, {
    config: context.config,
    environment: env,
    parameterStore: () => Promise.resolve(ssm),
    keychain: () => Promise.resolve(undefined),
    log: () => undefined,
  });
  const user = username === undefined ? {} : { username };
  const found = await login(context, { authToken: token, ...user });
  return { ...found, source, ...(profile !== undefined && { profile }) };
}

describe('where credentials come from', () => {
  testEach(readVectors<Input, Value>('credentials'), async ({ input, expected }) => {
    const got = await outcomeOf(() => run(input));
    if (expected.error) expect(got.error).toEqual(errorClasses[expected.error.type]);
    // The recorded words of welcome are those of the Python client alone.
    else expect(got.value).toEqual({ ...expected.value, welcome: undefined });
  });
});
