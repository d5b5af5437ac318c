import type { Readable } from 'node:stream';
import type * as M from '../generated/models.js';
import type { Rest } from '../generated/rest.js';
import type { CallOptions, Services } from '../generated/services.js';
import type { Http } from './api/createHttp.js';
import type { SynapseOptions } from './auth/clientSettings.js';
import type { SynapseConfig } from './auth/config.js';
import {
  login,
  logout,
  type Login,
  type LoginContext,
  type LoginOptions,
  type Logout,
} from './auth/login.js';
import type { Cache } from './cache/cache.js';
import type { Context } from './context.js';
import type {
  ApplyCopyOptions,
  CopyOptions,
  CopyPlanData,
  CopyReport,
  PlanCopyOptions,
} from './copy/copyData.js';
import type { ChangeMetadataOptions } from './copy/changeMetadata.js';
import type { CopyPlan } from './copy/copyPlan.js';
import { createContext } from './createContext.js';
import type { Annotations, AnnotationsInput } from './entities/annotationValues.js';
import type { DeleteOptions } from './entities/deleteEntity.js';
import type { DownloadEntityOptions } from './entities/downloadEntity.js';
import type { SetAnnotationsOptions } from './entities/entityAnnotations.js';
import type { Entity, EntityClass, File, Parent, Stored } from './entities/entityClasses.js';
import type { EntityTarget } from './entities/findTarget.js';
import { getChildren, type ChildrenOptions } from './entities/getChildren.js';
import type { GetArguments, GetOptions, Got } from './entities/getEntity.js';
import type { StoreOptions } from './entities/storeOptions.js';
import { webAddress } from './entities/webAddress.js';
import type { CommonOptions, VersionOptions } from './options.js';
import { Shortcuts } from './shortcuts.js';
import type { EntityDiff } from './sync/diff/entityDiff.js';
import type { EntityRef } from './values/ids.js';

/**
 * A client of Synapse. The most common operations are methods; the others are grouped by domain, such as
 * {@link Synapse.access} and {@link Synapse.sync}. Without a login, the client can read public data.
 *
 * @example
 * const syn = new Synapse();
 * await syn.login();
 * const file = await syn.store(new File({ path: 'data.csv', parent: 'syn123' }));
 */
export class Synapse extends Shortcuts {
  /** Every operation of the REST API as a method: `services.entity.getEntity({ id })`. */
  readonly services: Services;
  /** Every endpoint by method and path: `rest.GET('/repo/v1/entity/{id}', ...)`. */
  readonly rest: Rest;
  /** Runs an asynchronous job and waits for its result. */
  readonly runJob: Http['runJob'];
  /** Iterates over the items of an operation that returns pages. */
  readonly paginate: Http['paginate'];
  /** Calls an operation by its id, such as `entity.getEntity`. */
  readonly call: Http['call'];
  /** The local copies of files, shared with the Python client. */
  readonly cache: Cache;
  /** The configuration file as it was when the client was created. */
  readonly config: SynapseConfig;
  readonly #ctx: Context;
  readonly #login: LoginContext;
  readonly #profile: string | undefined;
  readonly #close: () => Promise<void>;
  #closed: Promise<void> | undefined;

  /**
   * @throws {@link ConfigError} when the configuration file cannot be used.
   * @throws {@link ArgumentError} for an invalid endpoint.
   */
  constructor(options: SynapseOptions = {}) {
    const { context, loginContext, http, close } = createContext(options);
    super(context);
    const { services, rest, runJob, paginate } = http;
    this.services = services;
    this.rest = rest;
    this.runJob = runJob;
    this.paginate = paginate;
    this.call = (...request) => http.call(...request);
    this.cache = context.cache;
    this.config = loginContext.config;
    this.#ctx = context;
    this.#login = loginContext;
    this.#profile = options.profile;
    this.#close = close;
  }

  /**
   * Logs in with the given token or password. Without one, uses the first token found in the profile of the configuration
   * file, `SYNAPSE_AUTH_TOKEN`, the AWS parameter store, and the keychain. Ends the previous login, even on failure.
   *
   * @throws {@link NoCredentialsError} when no token is found.
   * @throws {@link CredentialsError} for an unknown profile, and for a token of another user or without the scope `view`.
   * @throws {@link AuthenticationError} when Synapse refuses the token or the password.
   */
  login(options: LoginOptions = {}): Promise<Login> {
    this.#ctx.state.stsTokens.clear();
    return login(this.#login, this.#withProfile(options));
  }

  /** Ends the login and deletes the token from the keychain. The token itself stays valid. */
  logout(options: { profile?: string } = {}): Promise<Logout> {
    this.#ctx.state.stsTokens.clear();
    return logout(this.#login, this.#withProfile(options));
  }

  /** Whether the client has a token. */
  get isLoggedIn(): boolean {
    return this.#ctx.isLoggedIn();
  }

  /**
   * Reads an entity with its annotations and, for a file, downloads the content into the cache or into `downloadLocation`.
   * An unmodified local copy is used instead of another download.
   *
   * @example
   * const file = await syn.get(File, 'syn123', { downloadLocation: 'data' });
   * console.log(file.path, file.versionNumber);
   *
   * @param type - The class of the entity: {@link Project}, {@link Folder}, {@link File}, {@link Link}, {@link Table},
   * {@link EntityView}, {@link Dataset} and so on. The result has this type.
   * @param target - An id (`syn1`, or `syn1.4` for a version), a path (`syn://Project/file`), `{ name, parent }`, a stored object, or the path of a local
   * file, whose content is looked up.
   * @returns An object of the class. A file has a `path`, unless the options prevent it (`downloadFile: false`, or `keep.local`).
   * @throws {@link ArgumentError} when the target is neither an id nor a local file, or the entity is of another type.
   * @throws {@link NotFoundError} when the entity does not exist.
   * @throws {@link AuthorizationError} when the caller may not read it, or not download it.
   * @throws {@link UnmetAccessRestrictionError} when the content has access requirements that the caller does not meet.
   * @throws {@link Md5MismatchError} when the downloaded bytes do not match the MD5 that Synapse has.
   * @see https://rest-docs.synapse.org/rest/POST/entity/id/bundle2.html
   */
  get<Type extends EntityClass, Options extends GetOptions = object>(
    type: Type,
    target: EntityTarget,
    options?: Options,
  ): Promise<Got<Type, Options>>;
  /**
   * Reads an entity of any type.
   *
   * @example
   * const entity = await syn.get('syn123');
   * if (entity instanceof File) console.log(entity.path);
   *
   * @returns An object of the class of the entity; a type without a class has the members of the API. Narrow it with
   * `instanceof`, or with `concreteType`.
   */
  get(target: EntityTarget, options?: GetOptions): Promise<Entity & Stored>;
  async get(...given: GetArguments): Promise<Entity & Stored> {
    const { getEntity, readGetArguments } = await import('./entities/getEntity.js');
    return getEntity(this.#ctx, ...readGetArguments(given));
  }

  /**
   * Streams the content of a file, or a range of it, without keeping a copy. Destroy the stream to stop the download.
   *
   * @param target - As for {@link get}.
   * @returns The bytes. The stream fails at its end when they do not match the MD5 that Synapse has.
   * @throws {@link ArgumentError} when the target is not a file, or the range is invalid.
   * @throws {@link NotFoundError} when the entity does not exist.
   * @throws {@link UnmetAccessRestrictionError} when the content has access requirements that the caller does not meet.
   * @see https://rest-docs.synapse.org/rest/POST/fileHandle/batch.html
   */
  async download(target: EntityTarget, options: DownloadEntityOptions = {}): Promise<Readable> {
    const { downloadEntity } = await import('./entities/downloadEntity.js');
    return downloadEntity(this.#ctx, target, options);
  }

  /**
   * Stores an entity: updates the one with its id, or the one with its name in its container, or creates it. The content
   * of a file is uploaded unless Synapse already has it. Nothing is sent when nothing has changed.
   *
   * @returns The given object, with what Synapse has now.
   * @throws {@link ArgumentError} for an entity that cannot be stored, before anything is sent.
   * @throws {@link FileSystemError} when the local file cannot be read.
   * @throws {@link ConflictError} when the name is taken and `createOrUpdate` is false.
   * @throws {@link PreconditionFailedError} when another user changed the entity since it was read.
   * @throws {@link UploadError} when the content could not be uploaded. Store it again to resume.
   * @see https://rest-docs.synapse.org/rest/POST/entity.html
   */
  async store<T extends Entity>(entity: T, options: StoreOptions = {}): Promise<T & Stored> {
    const { storeEntity } = await import('./entities/storeEntity.js');
    return storeEntity(this.#ctx, entity, options);
  }

  /**
   * Moves an entity and everything in it to the trash can. With a version (`syn1.4`), deletes that version permanently. An
   * object means the whole entity, regardless of its version.
   *
   * @throws {@link NotFoundError} when there is no such entity or version, or the entity is already in the trash can.
   * @throws {@link ArgumentError} for the only version of an entity.
   * @throws {@link AuthorizationError} when the caller may not delete it.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/id.html
   */
  async delete(entity: EntityRef, options: DeleteOptions = {}): Promise<void> {
    const { deleteEntity } = await import('./entities/deleteEntity.js');
    return deleteEntity(this.#ctx, entity, options);
  }

  /**
   * Moves an entity to another container. It keeps its id, versions and annotations.
   *
   * @returns The moved entity.
   * @throws {@link ConflictError} when the container already has an entity with that name.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id.html
   */
  async move(
    entity: EntityRef,
    newParent: Parent,
    options: CallOptions = {},
  ): Promise<Entity & Stored> {
    const { moveEntity } = await import('./entities/moveEntity.js');
    return moveEntity(this.#ctx, entity, newParent, options);
  }

  /**
   * Copies an entity, and everything in it, into a project or folder: a plan that is applied at once. Content stays where it is:
   * nothing comes through this machine. Names, annotations, tables with their rows, links and wikis are copied, and refer to the
   * copies where they referred to the originals.
   *
   * @example
   * const { mapping, failures } = await syn.copy('syn123', { to: 'syn456' });
   * console.log(mapping['syn123'], failures.length);
   *
   * @returns The ids of the copies, what was left out and why, and what failed. Everything else is copied.
   * @throws {@link ConflictError} when a name is taken in the destination, before anything is copied.
   * @throws {@link ArgumentError} for a destination that is no project or folder, or is in what is copied.
   * @see https://rest-docs.synapse.org/rest/POST/filehandles/copy.html
   */
  async copy(entity: EntityRef, options: CopyOptions): Promise<CopyReport> {
    const { copyEntity } = await import('./copy/copyEntity.js');
    return copyEntity(this.#ctx, entity, options);
  }

  /**
   * Plans a copy: what is copied and how, what is left out and why. Changes nothing.
   *
   * @throws {@link ArgumentError} for a destination that is no project or folder, or is in what is copied.
   */
  async planCopy(entity: EntityRef, options: PlanCopyOptions): Promise<CopyPlan> {
    const { planCopy } = await import('./copy/planCopy.js');
    return planCopy(this.#ctx, entity, options);
  }

  /** Applies a plan of a copy, also one that was kept as JSON. What has changed since it was made fails, and the rest is copied. */
  async applyCopy(
    plan: CopyPlan | CopyPlanData,
    options: ApplyCopyOptions = {},
  ): Promise<CopyReport> {
    const { applyCopy } = await import('./copy/applyCopy.js');
    return applyCopy(this.#ctx, 'data' in plan ? plan.data : plan, options);
  }

  /**
   * Changes the name of a file, the name that it has when it is downloaded, and its media type. Nothing is uploaded: the content
   * gets a copy of its file handle.
   *
   * @returns The file.
   * @throws {@link ArgumentError} when the entity is no file.
   * @throws {@link AuthorizationError} when the caller may not download or change it.
   * @see https://rest-docs.synapse.org/rest/POST/filehandles/copy.html
   */
  async changeMetadata(entity: EntityRef, options: ChangeMetadataOptions): Promise<File & Stored> {
    const { changeMetadata } = await import('./copy/changeMetadata.js');
    return changeMetadata(this.#ctx, entity, options);
  }

  /**
   * Compares two versions of an entity, or two entities: content, name and other properties, annotations with their types, columns.
   *
   * @example
   * const { isSame, annotations } = await syn.diff('syn123.1', 'syn123.2');
   *
   * @throws {@link NotFoundError} when one of them does not exist.
   */
  async diff(from: EntityRef, to: EntityRef, options: CommonOptions = {}): Promise<EntityDiff> {
    const { diffEntities } = await import('./sync/diff/diffEntities.js');
    return diffEntities(this.#ctx, from, to, options);
  }

  /**
   * Lists the direct children of a container that the caller may read.
   *
   * @param parent - A project or folder. Default: the projects that the caller may read.
   * @returns The children. Pages are requested as they are needed.
   * @throws {@link NotFoundError} when the container does not exist.
   * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
   */
  getChildren(parent?: Parent, options: ChildrenOptions = {}): AsyncIterable<M.EntityHeader> {
    return getChildren(this.#ctx, parent, options);
  }

  /**
   * Finds the id of an entity by its name.
   *
   * @param name - The full name, case-sensitive.
   * @param parent - The container of the entity. Default: looks for a project.
   * @returns `undefined` when there is no such entity that the caller may read.
   * @see https://rest-docs.synapse.org/rest/POST/entity/child.html
   */
  async findEntityId(
    name: string,
    parent?: Parent,
    options: CallOptions = {},
  ): Promise<string | undefined> {
    const { findEntityId } = await import('./entities/findEntity.js');
    return findEntityId(this.#ctx, name, parent, options);
  }

  /**
   * Finds the id of an entity by its path: `syn://Project/folder/file`, or from an id on, `syn://syn123/file`. `@3` at the end is a
   * version, and a slash at the end stands for a project or folder.
   *
   * @example
   * const parent = await syn.findByPath('syn://Mouse study/raw/');
   * await syn.store(new File({ path: 'data.csv', parent }));
   *
   * @returns The id that all methods take: `syn123`, or `syn123.3` for a path with a version.
   * @throws {@link NotFoundError} that says which name is missing, and where.
   * @throws {@link ArgumentError} for an invalid path.
   * @see https://rest-docs.synapse.org/rest/POST/entity/child.html
   */
  async findByPath(path: string, options: CallOptions = {}): Promise<string> {
    const { resolvePath } = await import('./entities/resolvePath.js');
    return resolvePath(this.#ctx, path, options);
  }

  /** {@link findByPath} for several paths, in their order. What they have in common is looked up once. */
  async findByPaths(paths: readonly string[], options: CallOptions = {}): Promise<string[]> {
    const { resolvePaths } = await import('./entities/resolvePath.js');
    return resolvePaths(this.#ctx, paths, options);
  }

  /**
   * Reads the annotations of an entity.
   *
   * @returns Each key with a list of values of one type. Integers beyond 2^53 are `bigint`.
   * @throws {@link NotFoundError} when the entity does not exist.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/annotations2.html
   */
  async getAnnotations(entity: EntityRef, options: VersionOptions = {}): Promise<Annotations> {
    const { getAnnotations } = await import('./entities/entityAnnotations.js');
    return getAnnotations(this.#ctx, entity, options);
  }

  /**
   * Sets annotations of an entity. Keys that are not given stay; `null` removes a key. Nothing is sent when nothing changes.
   *
   * @returns All annotations of the entity.
   * @throws {@link ArgumentError} for a value that an annotation cannot hold.
   * @throws {@link PreconditionFailedError} when another user changes the entity at the same time.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/annotations2.html
   */
  async setAnnotations(
    entity: EntityRef,
    annotations: AnnotationsInput,
    options: SetAnnotationsOptions = {},
  ): Promise<Annotations> {
    const { setAnnotations } = await import('./entities/entityAnnotations.js');
    return setAnnotations(this.#ctx, entity, annotations, options);
  }

  /**
   * Builds the address of an entity's page on the website.
   *
   * @param subpageId - The id of a page of the entity's wiki.
   */
  onweb(entity: EntityRef, subpageId?: string): string {
    return webAddress(this.#ctx, entity, subpageId);
  }

  /** Closes all open connections. The client cannot be used afterwards. Closing again does nothing. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  /** Same as {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #withProfile<T extends { profile?: string }>(options: T): T {
    return { ...options, profile: options.profile ?? this.#profile };
  }
}
