import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { Collision } from '../transfer/collision.js';
import { File, type Entity, type EntityClass, type Stored } from './entityClasses.js';
import { fetchFile, type BulkDownload } from './fetchFile.js';
import { readBundle, resolveTarget, type EntityTarget, type FindOptions } from './findTarget.js';
import { requireDownload } from './requireDownload.js';
import { entityOfBundle, recordCopy, rememberLocal } from './storedState.js';
import { shortName } from '../values/shortName.js';

/** Options for getting an entity. */
export interface GetOptions extends FindOptions {
  /** @default true */
  downloadFile?: boolean;
  /** The folder for the file. `~` and `$NAME` are expanded. @default the cache */
  downloadLocation?: string;
  /**
   * What to do when `downloadLocation` has a different file of that name.
   * @default 'keep.both'
   */
  ifCollision?: Collision;
  /** Whether to read the activity that generated the entity: its `activity`. @default false */
  includeActivity?: boolean;
  /** Whether to compare the MD5 of the download with the one in Synapse. @default true */
  verify?: boolean;
}

/** Options with which the content of a file is always on this machine afterwards. */
type WithPath = GetOptions & {
  downloadFile?: true;
  ifCollision?: Exclude<Collision, 'keep.local'>;
};

/**
 * What `get` returns for a class: an object of the class. A {@link File} has a `path`, unless the options can leave it out.
 */
export type Got<Type extends EntityClass, Options extends GetOptions = GetOptions> = Stored &
  InstanceType<Type> &
  (Type extends typeof File ? (Options extends WithPath ? { path: string } : unknown) : unknown);

/** The arguments of `get`, with or without a class. */
export type GetArguments = TypedArguments | [target: EntityTarget, options?: GetOptions];

type TypedArguments = [type: EntityClass, target: EntityTarget, options?: GetOptions];

/** The target and the options of {@link getEntity} from the arguments of `get`. */
export function readGetArguments(
  given: GetArguments,
): [target: EntityTarget, options: GetOptions & { type?: EntityClass }] {
  if (isTyped(given)) return [given[1], { ...given[2], type: given[0] }];
  const [target, options = {}] = given;
  return [target, options];
}

function isTyped(given: GetArguments): given is TypedArguments {
  return typeof given[0] === 'function';
}

/**
 * Reads an entity with its annotations and, for a file, downloads the content.
 *
 * @param options.type - The class that the entity must have.
 * @throws {@link ArgumentError} when the target is neither an id nor a local file, or the entity is of another type.
 * @throws {@link NotFoundError} when the entity does not exist.
 * @throws {@link UnmetAccessRestrictionError} when the content has access requirements that the caller does not meet.
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/bundle2.html
 */
export async function getEntity(
  ctx: Context,
  target: EntityTarget,
  { type, ...options }: GetOptions & BulkDownload & { type?: EntityClass } = {},
): Promise<Entity & Stored> {
  const found = await resolveTarget(ctx, target, options);
  const bundle = await readBundle(ctx, found, options);
  const entity = entityOfBundle(bundle);
  if (type !== undefined && !(entity instanceof type)) throw wrongType(entity, type);
  if (!(entity instanceof File)) return entity;
  if (found.path !== undefined) {
    await rememberLocal(entity, found.path);
    const { id, contentMd5 } = entity.fileHandle ?? {};
    if (id) await recordCopy(ctx, id, found.path, contentMd5?.toLowerCase());
  } else if (options.downloadFile !== false) {
    requireDownload(ctx, entity, bundle.restrictionInformation);
    const copy = await fetchFile(ctx, entity, options);
    if (copy !== undefined) await rememberLocal(entity, copy.path, copy.local);
  }
  return entity;
}

function wrongType({ id, name, concreteType }: Entity & Stored, type: EntityClass): ArgumentError {
  const actual = shortName(concreteType).replace(/Entity$/, '');
  const hint = actual === 'Link' ? ' Use followLink to get its target.' : '';
  return new ArgumentError(`${id} (${name}) is a ${actual}, not a ${type.name}.${hint}`);
}
