import { NoCredentialsError } from '../errors.js';
import type { SynapseConfig } from './config.js';
import { CredentialsError } from './credentialsError.js';
import { keychainProblem } from './keychain.js';

/** Where a token came from. */
export type CredentialSource =
  'argument' | 'password' | 'config' | 'environment' | 'parameterStore' | 'keychain';

/** A token and its source, not yet checked by Synapse. */
export interface Credentials {
  token: string;
  source: CredentialSource;
  /** The profile of the configuration file or of the keychain. */
  profile?: string;
  /** The user that the token must belong to. */
  username?: string;
}

/** The credentials passed to the login. */
export interface CredentialsRequest {
  authToken?: string;
  username?: string;
  profile?: string;
}

/** Sources of tokens in order: each is used only when the sources before it have no token. */
export interface CredentialSources {
  config: SynapseConfig;
  environment: Readonly<Record<string, string | undefined>>;
  parameterStore: () => Promise<string | undefined>;
  /** The saved token of a profile; rejects when the keychain cannot be used. */
  keychain: (profile: string) => Promise<string | undefined>;
  log: (message: string) => void;
}

/**
 * Finds the token to log in with: the argument, the profile in the configuration file, the environment
 * variable `SYNAPSE_AUTH_TOKEN`, the AWS parameter store, the keychain. The first token found is used, even if it is
 * invalid, as in the Python client.
 *
 * @throws {@link NoCredentialsError} when no source has a token.
 * @throws {@link CredentialsError} when a named source does not exist or has an empty token.
 */
export async function findCredentials(
  request: CredentialsRequest,
  sources: CredentialSources,
): Promise<Credentials> {
  const { environment } = sources;
  const user = request.username ? { username: request.username } : {};
  if (request.authToken !== undefined) {
    return { token: notEmpty(request.authToken, 'authToken'), source: 'argument', ...user };
  }
  const profile = request.profile || environment['SYNAPSE_PROFILE'] || 'default';
  const configured = await fromConfig(profile, request, sources);
  if (configured !== undefined) return configured;

  const variable = environment['SYNAPSE_AUTH_TOKEN'];
  if (variable !== undefined) {
    return { token: notEmpty(variable, 'SYNAPSE_AUTH_TOKEN'), source: 'environment', ...user };
  }
  const parameter = await sources.parameterStore();
  if (parameter) return { token: parameter.trim(), source: 'parameterStore', ...user };
  const { token, problem } = await remembered(profile, sources);
  if (token) return { token, source: 'keychain', profile, ...user };
  throw nothingFound(sources.config, { profile, username: request.username, problem });
}

async function fromConfig(
  profile: string,
  { username }: CredentialsRequest,
  sources: CredentialSources,
): Promise<Credentials | undefined> {
  const { config } = sources;
  if (profile !== 'default' && !config.hasProfile(profile)) {
    const { token } = await remembered(profile, sources);
    if (token) return { token, source: 'keychain', profile, username };
    throw new CredentialsError(
      `Profile ${JSON.stringify(profile)} is not in ${config.path}` +
        (config.profiles.length > 0 ? `, which has: ${config.profiles.join(', ')}.` : '.'),
    );
  }
  const login = config.login(profile);
  if (login?.authToken === undefined) return undefined;
  if (username && login.username !== username) {
    const owner = login.username ?? 'an unnamed user';
    sources.log(
      `${config.path} is not used: its profile ${login.profile} belongs to ${owner}, not to ${username}.`,
    );
    return undefined;
  }
  const wanted = username ?? login.username;
  return {
    token: notEmpty(login.authToken, `authtoken of profile ${login.profile} in ${config.path}`),
    source: 'config',
    profile: login.profile,
    ...(wanted && { username: wanted }),
  };
}

/** An unavailable keychain is treated as empty. It is reported only when no other source has a token. */
async function remembered(
  profile: string,
  { keychain }: CredentialSources,
): Promise<{ token?: string | undefined; problem?: string }> {
  try {
    return { token: await keychain(profile) };
  } catch (error) {
    return { problem: keychainProblem(error) };
  }
}

function notEmpty(token: string, where: string): string {
  // Pasted tokens often end in a line break, which a header cannot contain.
  const trimmed = token.trim();
  if (trimmed === '') {
    throw new CredentialsError(`The access token is empty: ${where} has no value.`);
  }
  return trimmed;
}

function nothingFound(
  config: SynapseConfig,
  search: { profile: string; username: string | undefined; problem: string | undefined },
): NoCredentialsError {
  const { profile, username, problem } = search;
  const who = username ? ` for ${username}` : '';
  const keychain = problem === undefined ? 'has none' : `cannot be used (${problem})`;
  return new NoCredentialsError(
    `No credentials found${who}: no profile ${profile} with an authtoken in ${config.path}, ` +
      `SYNAPSE_AUTH_TOKEN is not set, and the keychain ${keychain}. ` +
      'Call `syn.login()` with a personal access token, set SYNAPSE_AUTH_TOKEN to one, or save one with `synapse login --remember-me` or `synapse config`.',
  );
}
