import type * as M from '../../generated/models.js';
import type { Services } from '../../generated/services.js';
import { ArgumentError, AuthenticationError } from '../errors.js';
import type { SynapseConfig } from './config.js';
import {
  findCredentials,
  type Credentials,
  type CredentialSource,
  type CredentialsRequest,
} from './credentials.js';
import { CredentialsError } from './credentialsError.js';
import { keychainAccount, keychainProblem, type Keychain } from './keychain.js';
import { parameterStoreToken } from './parameterStore.js';
import { loginWithPassword } from './passwordLogin.js';
import { sourceText } from './sourceText.js';
import { readClaims, requireViewScope, type TokenClaims } from './token.js';
import { userNameOf } from '../values/userName.js';

/** Credentials. Without any, the first token found is used. */
export interface LoginOptions extends CredentialsRequest {
  /** A personal access token. */
  authToken?: string;
  /** User name or e-mail address; with a token, the token must be of this user. */
  username?: string;
  /** Logs in with the user name and this password; the login ends after 24 hours. */
  password?: string;
  /** Returns a one-time code, if the account requires one. */
  otp?: () => string | Promise<string>;
  /**
   * Section of the configuration file, or name in the keychain.
   * @default the environment variable `SYNAPSE_PROFILE`, else 'default'
   */
  profile?: string;
  /**
   * Whether to save the token in the keychain of the operating system for later logins.
   * @default false
   */
  rememberMe?: boolean;
  signal?: AbortSignal;
}

/** A successful login. */
export interface Login extends TokenClaims {
  /** The numeric id of the user, as a string. */
  userId: string;
  userName: string;
  displayName?: string;
  /** The source of the token. */
  source: CredentialSource;
  profile?: string;
  /** Whether the token is in the keychain now. */
  remembered: boolean;
}

/** Holds the token of a client. The client stores it nowhere else. */
export class Session {
  #token: string | undefined;
  #scopes: readonly string[] | undefined;
  #userId: string | undefined;

  /** For the `Authorization` header; `undefined` for anonymous calls. */
  readonly accessToken = (): string | undefined => this.#token;

  /** The scopes that the token lists. */
  readonly scopes = (): readonly string[] | undefined => this.#scopes;

  /** The id of the user, once the server has accepted the token. */
  readonly userId = (): string | undefined => this.#userId;

  open(token: string): void {
    this.#token = token;
    this.#scopes = readClaims(token).scopes;
    this.#userId = undefined;
  }

  identify(userId: string | undefined): void {
    this.#userId = userId;
  }

  close(): void {
    this.#token = undefined;
    this.#scopes = undefined;
    this.#userId = undefined;
  }
}

/** The parts of the client that a login uses. */
export interface LoginContext {
  services: Services;
  session: Session;
  config: SynapseConfig;
  environment: Readonly<Record<string, string | undefined>>;
  keychain: Keychain;
  /** Identifies the Synapse server of a token in the keychain. */
  authEndpoint: string;
  log: (message: string) => void;
}

/** Logs a client in. The previous login ends, even when this one fails. */
export async function login(context: LoginContext, options: LoginOptions = {}): Promise<Login> {
  const { session, services } = context;
  const call = { signal: options.signal };
  session.close();
  const credentials = await obtainCredentials(context, options);
  requireViewScope(credentials.token);
  session.open(credentials.token);
  let user: M.UserProfile;
  try {
    user = await services.userProfile.getMyUserProfile(call);
    requireUser(user, credentials.username);
    session.identify(user.ownerId);
  } catch (error) {
    session.close();
    const isFound = !['argument', 'password'].includes(credentials.source);
    if (isFound && error instanceof AuthenticationError) {
      error.message += ` The token comes from ${sourceText(credentials, context.config.path)}.`;
    }
    throw error;
  }
  // Tokens from other sources have no profile, unless they are saved under one.
  const profile = credentials.profile ?? (options.rememberMe ? options.profile : undefined);
  return {
    ...readClaims(credentials.token),
    userId: user.ownerId ?? '',
    userName: userNameOf(user),
    ...(user.displayName && { displayName: user.displayName }),
    source: credentials.source,
    ...(profile !== undefined && { profile }),
    remembered:
      credentials.source === 'keychain' ||
      (options.rememberMe === true && (await remember(context, credentials, profile))),
  };
}

/** The effect of a logout on the keychain. */
export interface Logout {
  /** `unavailable`: the keychain is locked or missing; a token in it was not removed. */
  keychain: 'removed' | 'empty' | 'unavailable';
  profile: string;
  /** Why the keychain could not be used. */
  reason?: string;
}

/** Removes the token from the client and the keychain. No request is sent: a personal access token stays valid. */
export async function logout(
  context: LoginContext,
  options: { profile?: string } = {},
): Promise<Logout> {
  context.session.close();
  const profile = options.profile ?? profileOf(context);
  try {
    const account = keychainAccount(profile, context.authEndpoint);
    const wasThere = await context.keychain.delete(account);
    return { keychain: wasThere ? 'removed' : 'empty', profile };
  } catch (error) {
    return { keychain: 'unavailable', profile, reason: keychainProblem(error) };
  }
}

function profileOf({ environment }: LoginContext): string {
  return environment['SYNAPSE_PROFILE'] || 'default';
}

async function obtainCredentials(
  context: LoginContext,
  options: LoginOptions,
): Promise<Credentials> {
  const { username, password, otp, signal } = options;
  if (password !== undefined) {
    if (!username) throw new ArgumentError('A password needs a user name: pass username as well.');
    const token = await loginWithPassword(
      context.services,
      { username, password, otp },
      { signal },
    );
    return { token, source: 'password', username };
  }
  const { environment, log } = context;
  return findCredentials(options, {
    config: context.config,
    environment,
    log,
    parameterStore: () =>
      parameterStoreToken(environment['SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME'], log),
    keychain: (profile) => context.keychain.get(keychainAccount(profile, context.authEndpoint)),
  });
}

function requireUser(user: M.UserProfile, wanted: string | undefined): void {
  if (!wanted || user.userName === wanted || user.emails?.includes(wanted)) return;
  throw new CredentialsError(
    `The access token belongs to ${userNameOf(user)}, not to ${wanted}: leave out the user name, or use a token of ${wanted}.`,
  );
}

async function remember(
  context: LoginContext,
  { token }: Credentials,
  profile = profileOf(context),
): Promise<boolean> {
  try {
    await context.keychain.set(keychainAccount(profile, context.authEndpoint), token);
    return true;
  } catch (error) {
    context.log(
      `The login is not saved, because the keychain cannot be used (${keychainProblem(error)}). ` +
        'Use `synapse config` to keep the token in ~/.synapseConfig, or set SYNAPSE_AUTH_TOKEN.',
    );
    return false;
  }
}
