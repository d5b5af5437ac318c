import { resolve } from 'node:path';
import type * as M from '../generated/models.js';
import type { Rest } from '../generated/rest.js';
import type { CallOptions, Services } from '../generated/services.js';
import { readConfig, type SynapseConfig } from './auth/config.js';
import { getUserProfile } from './auth/getUserProfile.js';
import { systemKeychain, type Keychain } from './auth/keychain.js';
import {
  login,
  logout,
  Session,
  type Login,
  type LoginContext,
  type LoginOptions,
} from './auth/login.js';
import { Cache } from './cache/cache.js';
import type { Context } from './context.js';
import type { ActivityInput } from './entities/activity.js';
import type { Annotations, AnnotationsInput } from './entities/annotationValues.js';
import { deleteEntity, type DeleteOptions } from './entities/deleteEntity.js';
import {
  getAnnotations,
  setAnnotations,
  type EntityRef,
  type SetAnnotationsOptions,
  type VersionOptions,
} from './entities/entityAnnotations.js';
import type { Entity, Parent, Stored } from './entities/entityClasses.js';
import { findEntitiesByMd5, findEntityId } from './entities/findEntity.js';
import { getChildren, type ChildrenOptions } from './entities/getChildren.js';
import { getEntity, type EntityTarget, type GetOptions } from './entities/getEntity.js';
import { moveEntity } from './entities/moveEntity.js';
import {
  getAcl,
  getPermissions,
  setPermissions,
  type AclOptions,
  type EntityPermissions,
  type Principal,
  type SetPermissionsOptions,
} from './entities/permissions.js';
import { deleteProvenance, getProvenance, setProvenance } from './entities/provenance.js';
import { storeEntity } from './entities/storeEntity.js';
import type { StoreOptions } from './entities/storeOptions.js';
import { webAddress } from './entities/webAddress.js';
import { createHttp, type Http, type HttpOptions } from './http/createHttp.js';
import { defaultEndpoint, type ServiceEndpoints } from './http/endpoints.js';
import { StorageWire } from './transfer/storageWire.js';

/** Settings of a client. What is not given comes from the configuration file, else from the defaults. */
export interface SynapseOptions extends Omit<HttpOptions, 'accessToken' | 'clock' | 'endpoints'> {
  /**
   * The Synapse to talk to, such as a local one; goes before `endpoints` of the configuration file.
   * @default the environment variable `SYNAPSE_ENDPOINT`, else 'https://repo-prod.prod.sagebase.org'
   */
  endpoint?: string;
  /** Addresses of single services, each with its base path (`https://.../repo/v1`). */
  endpoints?: ServiceEndpoints & {
    /** The web site. @default 'https://www.synapse.org/' */
    portal?: string;
  };
  /** @default '~/.synapseConfig' */
  configPath?: string;
  /** Section of the configuration file that {@link Synapse.login} uses unless told otherwise. */
  profile?: string;
  /** Where downloaded files are kept. @default `location` in `[cache]` of the configuration file, else '~/.synapseCache' */
  cacheDir?: string;
  /**
   * Connections to file stores at a time.
   * @default `max_threads` in `[transfer]` of the configuration file, else 16
   */
  maxConnections?: number;
  /** Bytes a second for all transfers together. @default no limit */
  limitRate?: number;
  /** Told what a person should know and is not an error. @default to stderr */
  log?: ((message: string) => void) | undefined;
  /** Where tokens are remembered. @default the keychain of the operating system */
  keychain?: Keychain;
  /** Variables such as `SYNAPSE_AUTH_TOKEN`. @default process.env */
  environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * A client of Synapse. Without a login it sees what is public.
 *
 * @example
 * const syn = new Synapse();
 * await syn.login();
 * const file = await syn.store(new File({ path: 'data.csv', parent: 'syn123' }));
 */
export class Synapse {
  /** Every operation of the REST API as a method: `services.entity.getEntity({ id })`. */
  readonly services: Services;
  /** Every endpoint by method and path: `rest.GET('/repo/v1/entity/{id}', ...)`. */
  readonly rest: Rest;
  /** Runs an asynchronous job to its end. */
  readonly runJob: Http['runJob'];
  /** Goes through the items of an operation that answers in pages. */
  readonly paginate: Http['paginate'];
  /** Calls an operation by its id, such as `entity.getEntity`. */
  readonly call: Http['call'];
  /** The local copies of files, shared with the Python client. */
  readonly cache: Cache;
  /** The configuration file as it was when the client was made. */
  readonly config: SynapseConfig;
  readonly #http: Http;
  readonly #storage: StorageWire;
  readonly #session = new Session();
  readonly #context: Context;
  readonly #loginContext: LoginContext;
  readonly #profile: string | undefined;
  #closed: Promise<unknown> | undefined;

  /**
   * @throws {@link ConfigError} when the configuration file cannot be used.
   * @throws {@link ArgumentError} for an endpoint that is no address.
   */
  constructor(options: SynapseOptions = {}) {
    const environment = options.environment ?? process.env;
    const log = options.log ?? warn;
    this.config = readConfig(options.configPath);
    const endpoints = endpointsFor(options, this.config, environment);
    const http = createHttp({
      ...options,
      ...endpoints,
      accessToken: this.#session.accessToken,
    });
    const { services, rest, runJob, paginate } = http;
    this.services = services;
    this.rest = rest;
    this.runJob = runJob;
    this.paginate = paginate;
    this.call = (...request) => http.call(...request);
    const cacheDir = options.cacheDir ?? this.config.cacheLocation;
    this.cache = new Cache({ root: cacheDir && resolve(cacheDir) });
    this.#http = http;
    this.#storage = new StorageWire(storageOptions(options, this.config));
    this.#profile = options.profile;
    this.#context = {
      http,
      services,
      log,
      cache: this.cache,
      storage: this.#storage,
      portal: endpoints.portal,
      isLoggedIn: () => this.#session.accessToken() !== undefined,
    };
    this.#loginContext = {
      services,
      log,
      environment,
      session: this.#session,
      config: this.config,
      keychain: options.keychain ?? systemKeychain,
      authEndpoint: endpoints.endpoints.auth ?? endpoints.endpoint,
    };
  }

  /**
   * Logs in: with the token or the password given, else with the first token that is found in the profile of the
   * configuration file, `SYNAPSE_AUTH_TOKEN`, the AWS parameter store, and the keychain. Whoever was logged in
   * before is not any more, even when this fails.
   *
   * @throws {@link NoCredentialsError} when there is no token anywhere.
   * @throws {@link CredentialsError} for a profile that is not there, and for a token of somebody else or without the scope `view`.
   * @throws {@link AuthenticationError} when Synapse refuses the token or the password.
   */
  login(options: LoginOptions = {}): Promise<Login> {
    return login(this.#loginContext, this.#withProfile(options));
  }

  /** Forgets who is logged in, and the token in the keychain. The token itself stays valid. */
  logout(options: { profile?: string } = {}): Promise<void> {
    return logout(this.#loginContext, this.#withProfile(options));
  }

  /** Whether there is a login. */
  get isLoggedIn(): boolean {
    return this.#context.isLoggedIn();
  }

  /** The profile of a user, by id or user name. @param user - Default: the user who is logged in. */
  getUserProfile(user?: string | number, options: CallOptions = {}): Promise<M.UserProfile> {
    return getUserProfile(this.services, user, options);
  }

  /** {@inheritDoc getEntity} */
  get(target: EntityTarget, options: GetOptions = {}): Promise<Entity & Stored> {
    return getEntity(this.#context, target, options);
  }

  /** {@inheritDoc storeEntity} */
  store<T extends Entity>(entity: T, options: StoreOptions = {}): Promise<T & Stored> {
    return storeEntity(this.#context, entity, options);
  }

  /** {@inheritDoc deleteEntity} */
  delete(entity: EntityRef, options: DeleteOptions = {}): Promise<void> {
    return deleteEntity(this.#context, entity, options);
  }

  /** {@inheritDoc moveEntity} */
  move(entity: EntityRef, newParent: Parent, options: CallOptions = {}): Promise<Entity & Stored> {
    return moveEntity(this.#context, entity, newParent, options);
  }

  /** {@inheritDoc getChildren} */
  getChildren(parent?: Parent, options: ChildrenOptions = {}): AsyncIterable<M.EntityHeader> {
    return getChildren(this.#context, parent, options);
  }

  /** {@inheritDoc findEntityId} */
  findEntityId(
    name: string,
    parent?: Parent,
    options: CallOptions = {},
  ): Promise<string | undefined> {
    return findEntityId(this.#context, name, parent, options);
  }

  /** {@inheritDoc findEntitiesByMd5} */
  findEntitiesByMd5(md5: string, options: CallOptions = {}): Promise<M.EntityHeader[]> {
    return findEntitiesByMd5(this.#context, md5, options);
  }

  /** {@inheritDoc getAnnotations} */
  getAnnotations(entity: EntityRef, options: VersionOptions = {}): Promise<Annotations> {
    return getAnnotations(this.#context, entity, options);
  }

  /** {@inheritDoc setAnnotations} */
  setAnnotations(
    entity: EntityRef,
    annotations: AnnotationsInput,
    options: SetAnnotationsOptions = {},
  ): Promise<Annotations> {
    return setAnnotations(this.#context, entity, annotations, options);
  }

  /** {@inheritDoc getProvenance} */
  getProvenance(entity: EntityRef, options: VersionOptions = {}): Promise<M.Activity | undefined> {
    return getProvenance(this.#context, entity, options);
  }

  /** {@inheritDoc setProvenance} */
  setProvenance(
    entity: EntityRef,
    activity: ActivityInput | M.Activity,
    options: CallOptions = {},
  ): Promise<M.Activity> {
    return setProvenance(this.#context, entity, activity, options);
  }

  /** {@inheritDoc deleteProvenance} */
  deleteProvenance(entity: EntityRef, options: CallOptions = {}): Promise<void> {
    return deleteProvenance(this.#context, entity, options);
  }

  /** {@inheritDoc getPermissions} */
  getPermissions(entity: EntityRef, options: CallOptions = {}): Promise<EntityPermissions> {
    return getPermissions(this.#context, entity, options);
  }

  /** {@inheritDoc getAcl} */
  getAcl(entity: EntityRef, options: AclOptions = {}): Promise<M.ACCESS_TYPE[]> {
    return getAcl(this.#context, entity, options);
  }

  /** {@inheritDoc setPermissions} */
  setPermissions(
    entity: EntityRef,
    principal: Principal,
    options: SetPermissionsOptions = {},
  ): Promise<M.AccessControlList> {
    return setPermissions(this.#context, entity, principal, options);
  }

  /** {@inheritDoc webAddress} */
  onweb(entity: EntityRef, subpageId?: string): string {
    return webAddress(this.#context, entity, subpageId);
  }

  /** Lets go of open connections. The client cannot be used after that; closing it again does nothing. */
  async close(): Promise<void> {
    this.#closed ??= Promise.all([this.#storage.close(), this.#http.close()]);
    await this.#closed;
  }

  /** The same as {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #withProfile<T extends { profile?: string }>(options: T): T {
    return this.#profile === undefined ? options : { profile: this.#profile, ...options };
  }
}

function warn(message: string): void {
  console.warn(message);
}

interface Addresses {
  endpoint: string;
  endpoints: ServiceEndpoints;
  portal: string;
}

function endpointsFor(
  options: SynapseOptions,
  config: SynapseConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Addresses {
  const endpoint = options.endpoint ?? (environment['SYNAPSE_ENDPOINT'] || undefined);
  // One address for all goes before those of the file: they are of another Synapse.
  const configured = endpoint === undefined ? config.endpoints : {};
  const portal = options.endpoints?.portal ?? (configured.portal || 'https://www.synapse.org/');
  return {
    endpoint: endpoint ?? defaultEndpoint,
    endpoints: withoutEmpty({ ...configured, ...options.endpoints }),
    portal: portal.replace(/\/*$/, '/'),
  };
}

function withoutEmpty({ repo, auth, file }: ServiceEndpoints): ServiceEndpoints {
  return { ...(repo && { repo }), ...(auth && { auth }), ...(file && { file }) };
}

function storageOptions(
  { maxConnections, limitRate }: SynapseOptions,
  config: SynapseConfig,
): { maxConnections?: number; limitRate?: number } {
  const threads = config.transfer().maxThreads;
  // The bounds of the Python client.
  const configured = threads === undefined ? undefined : Math.min(Math.max(threads, 1), 128);
  const connections = maxConnections ?? configured;
  return {
    ...(connections !== undefined && { maxConnections: connections }),
    ...(limitRate !== undefined && { limitRate }),
  };
}
