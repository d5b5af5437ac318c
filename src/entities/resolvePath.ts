import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { withMessage } from '../api/withMessage.js';
import type { Context } from '../context.js';
import { ArgumentError, AuthorizationError, NotFoundError, SynapseHttpError } from '../errors.js';
import { runPool } from '../transfer/pool.js';
import { nearestName } from '../values/nearestName.js';
import { quoted } from '../values/quoted.js';
import { shortName } from '../values/shortName.js';
import { parseSynapsePath, type SynapsePath } from '../values/synapsePath.js';
import { findEntityId } from './findEntity.js';
import { getChildren } from './getChildren.js';
import { isContainer } from './isContainer.js';

/** Paths that are looked up at the same time. */
const concurrency = 8;

/** Names that a wrong one is compared with. */
const mostNames = 1000;

/**
 * Finds the entity of a path such as `syn://Project/folder/file@3`: one request for each name.
 *
 * @returns The id, with the version if the path has one: `syn123`, or `syn123.3`.
 * @throws {@link NotFoundError} that says which name is missing, and where.
 * @throws {@link ArgumentError} for an invalid path, and when a path that ends in a slash is not that of a project or folder.
 * @see https://rest-docs.synapse.org/rest/POST/entity/child.html
 */
export async function resolvePath(
  ctx: Context,
  path: string,
  options: CallOptions = {},
): Promise<string> {
  return new Lookup(ctx, options).find(path, parseSynapsePath(path));
}

/**
 * {@link resolvePath} for several paths. A container that several have in common is looked up once. All paths are checked before
 * the first request.
 *
 * @returns The ids, in the order of the paths.
 */
export async function resolvePaths(
  ctx: Context,
  paths: readonly string[],
  options: CallOptions = {},
): Promise<string[]> {
  const lookup = new Lookup(ctx, options);
  const parsed = paths.map((path, index) => ({ path, index, parts: parseSynapsePath(path) }));
  const ids: string[] = [];
  const pooled = { limit: concurrency, signal: options.signal };
  await runPool(parsed, pooled, async ({ path, index, parts }) => {
    ids[index] = await lookup.find(path, parts);
  });
  return ids;
}

/** What one name is looked up in. */
interface Place {
  path: string;
  /** Absent for a project. */
  parent: { id: string; path: string } | undefined;
  name: string;
}

/** Lookups that share what they have found. */
class Lookup {
  readonly #ctx: Context;
  readonly #options: CallOptions;
  readonly #known = new Map<string, Promise<string>>();

  constructor(ctx: Context, options: CallOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  async find(path: string, { id, names, version, isContainer }: SynapsePath): Promise<string> {
    let found = id;
    let at = id === undefined ? 'syn:/' : `syn://${id}`;
    for (const name of names) {
      const parent = found === undefined ? undefined : { id: found, path: at };
      at = `${at}/${name}`;
      found = await this.#once(at, () => this.#child({ path, parent, name }));
    }
    // A path has a name or an id.
    if (found === undefined) throw new ArgumentError(`${quoted(path)} has no name.`);
    const entity = found;
    if (isContainer) await this.#once(`${at}/`, () => this.#container(path, entity));
    return version === undefined ? entity : `${entity}.${version}`;
  }

  #once(key: string, look: () => Promise<string>): Promise<string> {
    const known = this.#known.get(key) ?? look();
    this.#known.set(key, known);
    return known;
  }

  async #child(place: Place): Promise<string> {
    const { name, parent } = place;
    const found = await findEntityId(this.#ctx, name, parent?.id, this.#options).catch(
      (error: unknown) => {
        if (!(error instanceof AuthorizationError)) throw error;
        throw withMessage(error, `${what(place)} cannot be looked up: ${error.message}`);
      },
    );
    if (found !== undefined) return found;
    throw await this.#missing(place);
  }

  async #missing({ path, parent, name }: Place): Promise<Error> {
    if (parent === undefined) return this.#missingProject(path, name);
    const header = await this.#ctx.services.entity.getEntityHeader(
      { id: parent.id },
      this.#options,
    );
    const where = `${parent.path}${parent.path === `syn://${parent.id}` ? '' : ` (${parent.id})`}`;
    if (!isContainer(header)) {
      const type = shortName(header.type);
      return notFound(`${path}: ${where} is a ${type}, not a project or folder.`);
    }
    const near = await this.#nearest(name, getChildren(this.#ctx, parent.id, this.#options));
    return notFound(`${path}: there is no ${quoted(name)} in ${where}.${hint(name, near)}`);
  }

  async #missingProject(path: string, name: string): Promise<Error> {
    if (!this.#ctx.isLoggedIn()) {
      const remedy = ' Without a login, only public projects are found.';
      return notFound(`${path}: there is no project ${quoted(name)}.${remedy}${hint(name)}`);
    }
    const mine = this.#ctx.http.paginate('userProfile.listMyProjects', {}, this.#options);
    const near = await this.#nearest(name, mine);
    return notFound(
      `${path}: there is no project ${quoted(name)} that you may read.${hint(name, near)}`,
    );
  }

  /** The most similar of some names. A list that cannot be read has none. */
  async #nearest(
    name: string,
    items: AsyncIterable<{ name?: string | undefined }>,
  ): Promise<string | undefined> {
    const names: string[] = [];
    try {
      for await (const item of items) {
        if (item.name !== undefined) names.push(item.name);
        if (names.length === mostNames) break;
      }
    } catch (error) {
      if (!(error instanceof SynapseHttpError)) throw error;
    }
    return nearestName(name, names);
  }

  async #container(path: string, id: string): Promise<string> {
    const header: M.EntityHeader = await this.#ctx.services.entity.getEntityHeader(
      { id },
      this.#options,
    );
    if (isContainer(header)) return id;
    throw new ArgumentError(
      `${path} ends in a slash, but ${id} is a ${shortName(header.type)}, not a project or folder.`,
    );
  }
}

function what({ path, parent, name }: Place): string {
  const where = parent === undefined ? '' : ` in ${parent.path}`;
  return `${path}: ${quoted(name)}${where}`;
}

function hint(name: string, near?: string): string {
  if (near !== undefined) return ` Did you mean ${quoted(near)}?`;
  return /%[\da-f]{2}/i.test(name) ? ' Write names as they are: %20 is not a space.' : '';
}

function notFound(reason: string): NotFoundError {
  return new NotFoundError(reason, {
    status: 404,
    reason,
    method: 'POST',
    url: '/repo/v1/entity/child',
  });
}
