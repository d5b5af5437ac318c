import type { Readable } from 'node:stream';
import type * as M from '../generated/models.js';
import type { Rest } from '../generated/rest.js';
import type { CallOptions, Services } from '../generated/services.js';
import { clientSettings, type SynapseOptions } from './auth/clientSettings.js';
import type { SynapseConfig } from './auth/config.js';
import { getUserProfile } from './auth/getUserProfile.js';
import { systemKeychain } from './auth/keychain.js';
import {
  login,
  logout,
  Session,
  type Login,
  type LoginContext,
  type LoginOptions,
  type Logout,
} from './auth/login.js';
import { Cache } from './cache/cache.js';
import type { Context } from './context.js';
import type { ActivityInput } from './provenance/activity.js';
import type { Annotations, AnnotationsInput } from './entities/annotationValues.js';
import {
  copyToStorageLocation,
  type CopyToStorageOptions,
} from './entities/copyToStorageLocation.js';
import { deleteEntity, type DeleteOptions } from './entities/deleteEntity.js';
import {
  getAnnotations,
  setAnnotations,
  type SetAnnotationsOptions,
} from './entities/entityAnnotations.js';
import type { Entity, Parent, Stored } from './entities/entityClasses.js';
import { findEntitiesByMd5, findEntityId } from './entities/findEntity.js';
import { getChildren, type ChildrenOptions } from './entities/getChildren.js';
import { downloadEntity, type DownloadOptions } from './entities/downloadEntity.js';
import type { EntityTarget } from './entities/findTarget.js';
import { getEntity, type GetOptions } from './entities/getEntity.js';
import { moveEntity } from './entities/moveEntity.js';
import {
  getAcl,
  getPermissions,
  setPermissions,
  type AclOptions,
  type EntityPermissions,
  type Principal,
  type SetPermissionsOptions,
} from './access/permissions.js';
import { deleteProvenance, getProvenance, setProvenance } from './provenance/provenance.js';
import { storeEntity } from './entities/storeEntity.js';
import type { StoreOptions } from './entities/storeOptions.js';
import { webAddress } from './entities/webAddress.js';
import { createHttp, type Http } from './api/createHttp.js';
import { getStsStorageToken, type StsTokenOptions } from './storages/s3/getStsStorageToken.js';
import type { StsFormat, StsOutputs } from './storages/s3/stsFormats.js';
import { StsTokens } from './storages/s3/stsTokens.js';
import type { VersionOptions } from './options.js';
import type { EntityRef } from './values/ids.js';
import { StorageWire } from './transfer/storageWire.js';

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
    const settings = clientSettings(options);
    const { config, log, portal, endpoint, endpoints } = settings;
    const { accessToken } = this.#session;
    const http = createHttp({ ...options, endpoint, endpoints, accessToken });
    const { services, rest, runJob, paginate } = http;
    this.services = services;
    this.rest = rest;
    this.runJob = runJob;
    this.paginate = paginate;
    this.call = (...request) => http.call(...request);
    this.config = config;
    this.cache = new Cache({ root: settings.cacheDir, isUsed: options.useCache ?? true });
    this.#http = http;
    this.#storage = new StorageWire(settings.storage);
    this.#profile = options.profile;
    this.#context = {
      http,
      services,
      log,
      portal,
      cache: this.cache,
      storage: this.#storage,
      stsTokens: new StsTokens(),
      storageSettings: config,
      isLoggedIn: () => accessToken() !== undefined,
      scopes: this.#session.scopes,
    };
    this.#loginContext = {
      services,
      config,
      log,
      environment: settings.environment,
      session: this.#session,
      keychain: options.keychain ?? systemKeychain,
      authEndpoint: endpoints.auth ?? endpoint,
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
    this.#context.stsTokens.clear();
    return login(this.#loginContext, this.#withProfile(options));
  }

  /** Forgets who is logged in, and the token in the keychain. The token itself stays valid. */
  logout(options: { profile?: string } = {}): Promise<Logout> {
    this.#context.stsTokens.clear();
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

  /**
   * Reads an entity with its annotations and, for a file, downloads the content: into the cache, or into `downloadLocation`.
   * A copy that is on this machine and has not been touched is not downloaded again.
   *
   * @param target - An id (`syn1`, `syn1.4` for a version), `{ name, parent }`, an object that has been stored, or the path of a
   * local file, whose content is looked up.
   * @returns A {@link Project}, {@link Folder}, {@link File} or {@link Link}, or the members of any other type.
   * @throws {@link ArgumentError} when the target is neither an id nor a local file.
   * @throws {@link NotFoundError} when there is no such entity.
   * @throws {@link AuthorizationError} when the caller may not read it, or not download it.
   * @throws {@link UnmetAccessRestrictionError} when the content asks for conditions that are not met yet.
   * @throws {@link Md5MismatchError} when the bytes are not the ones that Synapse promises.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/bundle2.html
   */
  get(target: EntityTarget, options: GetOptions = {}): Promise<Entity & Stored> {
    return getEntity(this.#context, target, options);
  }

  /**
   * Streams the content of a file, or a range of it, without keeping a copy. Destroying the stream ends the download.
   *
   * @param target - As for {@link get}.
   * @returns The bytes; the stream fails at its very end when they are not the ones that Synapse promises.
   * @throws {@link ArgumentError} when the target is not a file, or the range is none.
   * @throws {@link NotFoundError} when there is no such entity.
   * @throws {@link UnmetAccessRestrictionError} when the content asks for conditions that are not met yet.
   * @see https://rest-docs.synapse.org/rest/POST/fileHandle/batch.html
   */
  download(target: EntityTarget, options: DownloadOptions = {}): Promise<Readable> {
    return downloadEntity(this.#context, target, options);
  }

  /**
   * Copies the content of a file to another storage location, from store to store: no byte of it comes here. The entity stays as it
   * is; storing it with the new file handle (`dataFileHandleId`) moves it.
   *
   * @returns The id of the new file handle.
   * @throws {@link ArgumentError} when the target is not a file, or its content is in a storage that does not copy.
   * @throws {@link UploadError} when parts cannot be copied; copying the same again goes on from there.
   * @see https://rest-docs.synapse.org/rest/POST/file/multipart.html
   */
  copyToStorageLocation(target: EntityTarget, options: CopyToStorageOptions): Promise<string> {
    return copyToStorageLocation(this.#context, target, options);
  }

  /**
   * Stores an entity: makes it, or changes the one with its id, or the one of its name in its container. A file's content is
   * uploaded unless Synapse has it already; nothing is sent for what has not changed.
   *
   * @returns The object that was given, with what Synapse has now.
   * @throws {@link ArgumentError} for an entity that cannot be stored, before anything is sent.
   * @throws {@link FileSystemError} when the local file cannot be read.
   * @throws {@link ConflictError} when the name is taken and `createOrUpdate` is false.
   * @throws {@link PreconditionFailedError} when the entity was changed by somebody else since it was read.
   * @throws {@link UploadError} when the content could not be sent; storing it again goes on with what is missing.
   * @see https://rest-docs.synapse.org/rest/POST/entity.html
   */
  store<T extends Entity>(entity: T, options: StoreOptions = {}): Promise<T & Stored> {
    return storeEntity(this.#context, entity, options);
  }

  /**
   * Deletes an entity with all that is in it, which goes to the trash can; or, with a version (`syn1.4`), that version alone, which
   * is gone. An object stands for the whole entity, whatever its version.
   *
   * @throws {@link AuthorizationError} when the caller may not delete it.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id.html
   */
  delete(entity: EntityRef, options: DeleteOptions = {}): Promise<void> {
    return deleteEntity(this.#context, entity, options);
  }

  /**
   * Moves an entity into another container. It keeps its id, its versions and its annotations.
   *
   * @returns The entity.
   * @throws {@link ConflictError} when the container has an entity of that name.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id.html
   */
  move(entity: EntityRef, newParent: Parent, options: CallOptions = {}): Promise<Entity & Stored> {
    return moveEntity(this.#context, entity, newParent, options);
  }

  /**
   * Lists what is directly in a container, as far as the caller may see it.
   *
   * @param parent - A project or folder; without it, the projects that the caller may see.
   * @returns The children, page by page as they are asked for; leaving the loop early sends nothing more.
   * @throws {@link NotFoundError} when there is no such container.
   * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
   */
  getChildren(parent?: Parent, options: ChildrenOptions = {}): AsyncIterable<M.EntityHeader> {
    return getChildren(this.#context, parent, options);
  }

  /**
   * The id of the entity with a name in a container, or of a project.
   *
   * @param name - In full; upper and lower case differ.
   * @param parent - The container; without it, a project is looked for.
   * @returns `undefined` when there is none that the caller may see.
   * @see https://rest-docs.synapse.org/rest/POST/entity/child.html
   */
  findEntityId(
    name: string,
    parent?: Parent,
    options: CallOptions = {},
  ): Promise<string | undefined> {
    return findEntityId(this.#context, name, parent, options);
  }

  /**
   * The entities that have a file with an MD5, among those that the caller may see.
   *
   * @param md5 - Hexadecimal.
   * @see https://rest-docs.synapse.org/rest/GET/entity/md5/md5.html
   */
  findEntitiesByMd5(md5: string, options: CallOptions = {}): Promise<M.EntityHeader[]> {
    return findEntitiesByMd5(this.#context, md5, options);
  }

  /**
   * Reads the annotations of an entity.
   *
   * @returns Each key with a list of values of one type; whole numbers beyond 2^53 are `bigint`.
   * @throws {@link NotFoundError} when there is no such entity.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/annotations2.html
   */
  getAnnotations(entity: EntityRef, options: VersionOptions = {}): Promise<Annotations> {
    return getAnnotations(this.#context, entity, options);
  }

  /**
   * Sets annotations of an entity; those that are not given stay, and `null` takes one away. Nothing is sent when nothing changes.
   *
   * @returns All annotations of the entity.
   * @throws {@link ArgumentError} for a value that no annotation can have.
   * @throws {@link PreconditionFailedError} when somebody else changes the entity at the same time.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/annotations2.html
   */
  setAnnotations(
    entity: EntityRef,
    annotations: AnnotationsInput,
    options: SetAnnotationsOptions = {},
  ): Promise<Annotations> {
    return setAnnotations(this.#context, entity, annotations, options);
  }

  /**
   * Reads the activity that an entity was made by.
   *
   * @returns `undefined` when none was recorded.
   * @throws {@link NotFoundError} when there is no such entity.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/generatedBy.html
   */
  getProvenance(entity: EntityRef, options: VersionOptions = {}): Promise<M.Activity | undefined> {
    return getProvenance(this.#context, entity, options);
  }

  /**
   * Records the activity that the current version of an entity was made by. An activity with an id is changed, any other is made.
   *
   * @returns The activity.
   * @throws {@link ArgumentError} for a used item that is neither an entity nor a URL.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/generatedBy.html
   */
  setProvenance(
    entity: EntityRef,
    activity: ActivityInput | M.Activity,
    options: CallOptions = {},
  ): Promise<M.Activity> {
    return setProvenance(this.#context, entity, activity, options);
  }

  /**
   * Takes the activity away from the current version of an entity, and deletes it. Does nothing when there is none.
   *
   * @throws {@link AuthorizationError} when somebody else made the activity.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/generatedBy.html
   */
  deleteProvenance(entity: EntityRef, options: CallOptions = {}): Promise<void> {
    return deleteProvenance(this.#context, entity, options);
  }

  /**
   * What the caller may do with an entity.
   *
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/permissions.html
   */
  getPermissions(entity: EntityRef, options: CallOptions = {}): Promise<EntityPermissions> {
    return getPermissions(this.#context, entity, options);
  }

  /**
   * What a user or a team may do with an entity: by itself, through the teams of the user, as somebody who is logged in, and as
   * everybody may.
   *
   * @returns Access types; none when there is no access.
   * @throws {@link ArgumentError} when there is no such user or team.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/acl.html
   */
  getAcl(entity: EntityRef, options: AclOptions = {}): Promise<M.ACCESS_TYPE[]> {
    return getAcl(this.#context, entity, options);
  }

  /**
   * Grants a user or a team access to an entity and to what is in it.
   *
   * @param principal - Id or name.
   * @returns The access control list as it is now.
   * @throws {@link ArgumentError} when there is no such user or team.
   * @throws {@link AuthorizationError} when the caller may not change permissions.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/acl.html
   */
  setPermissions(
    entity: EntityRef,
    principal: Principal,
    options: SetPermissionsOptions = {},
  ): Promise<M.AccessControlList> {
    return setPermissions(this.#context, entity, principal, options);
  }

  /**
   * Temporary credentials for the bucket that the files of a folder are in, for use with other tools.
   *
   * @returns In the form `outputFormat`: as Synapse gives them (`json`), for `boto`, for the AWS configuration file
   * (`credential_process`), or as commands of a shell.
   * @throws {@link SynapseHttpError} when the storage location of the folder gives out none.
   * @throws {@link AuthorizationError} when the caller may not read, or write, all that is in there.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/sts.html
   */
  getStsStorageToken<F extends StsFormat = 'json'>(
    entity: EntityRef,
    options: StsTokenOptions<F>,
  ): Promise<StsOutputs[F]> {
    return getStsStorageToken(this.#context, entity, options);
  }

  /**
   * The address of an entity's page on the web site.
   *
   * @param subpageId - Of a page of the entity's wiki.
   */
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
