import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { fileMd5 } from '../files/fileMd5.js';
import { containerOf } from '../values/ids.js';
import type { Parent } from './entityClasses.js';
import { trimName } from './entityName.js';

/**
 * Finds the id of an entity by its name in a container, or of a project by its name.
 *
 * @param name - The full name, case-sensitive. Synapse stores names without spaces at their ends, so those do not count.
 * @param parent - The container; without it, projects are searched.
 * @returns `undefined` when there is no such entity that the caller may read.
 * @see https://rest-docs.synapse.org/rest/POST/entity/child.html
 */
export async function findEntityId(
  ctx: Context,
  name: string,
  parent?: Parent,
  options: CallOptions = {},
): Promise<string | undefined> {
  const parentId = parent === undefined ? undefined : containerOf(parent);
  const body = { entityName: trimName(name), parentId };
  try {
    return (await ctx.services.entity.getEntityChildId({ body }, options)).id;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/**
 * Finds the entities that have a file with an MD5 and that the caller may read.
 *
 * @param md5 - Hexadecimal.
 * @see https://rest-docs.synapse.org/rest/GET/entity/md5/md5.html
 */
export async function findEntitiesByMd5(
  ctx: Context,
  md5: string,
  options: CallOptions = {},
): Promise<M.EntityHeader[]> {
  const { results } = await ctx.services.entity.listEntitiesByMd5({ md5 }, options);
  return results;
}

/** Options of {@link findLocalFile}. */
export interface LocalFileOptions extends CallOptions {
  /** Only entities in this container, at any depth. */
  limitSearch?: Parent;
}

/**
 * Finds the entity version that has the content of a local file.
 *
 * @throws {@link NotFoundError} when Synapse has no such file.
 * @throws {@link FileSystemError} when the local file cannot be read.
 */
export async function findLocalFile(
  ctx: Context,
  path: string,
  { limitSearch, ...options }: LocalFileOptions = {},
): Promise<M.EntityHeader> {
  const container = limitSearch === undefined ? undefined : containerOf(limitSearch);
  const md5 = await fileMd5(path, options.signal);
  let found = await findEntitiesByMd5(ctx, md5, options);
  if (container !== undefined) found = await within(ctx, found, container, options);
  const [first, ...others] = found;
  if (first === undefined) {
    const where = container === undefined ? '' : ` within ${container}`;
    const reason = `Synapse has no file with the content of ${path} (MD5 ${md5})${where}.`;
    const url = `/repo/v1/entity/md5/${md5}`;
    throw new NotFoundError(reason, { status: 404, reason, method: 'GET', url });
  }
  if (others.length > 0) {
    const ids = others.map(({ id }) => id).join(', ');
    ctx.log(`${path} is in Synapse more than once: using ${first.id}, also found ${ids}.`);
  }
  return first;
}

async function within(
  ctx: Context,
  headers: M.EntityHeader[],
  container: string,
  options: CallOptions,
): Promise<M.EntityHeader[]> {
  const paths = await Promise.all(
    headers.map(({ id }) => ctx.services.entity.getEntityPath({ id }, options)),
  );
  return headers.filter((_, i) => paths[i]?.path.some(({ id }) => id === container));
}
