import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { fetchBundle, type StoredBundle } from '../../entities/entityBundle.js';
import { File } from '../../entities/entityClasses.js';
import { getChildren } from '../../entities/getChildren.js';
import { isContainer } from '../../entities/isContainer.js';
import { requireDownload } from '../../entities/requireDownload.js';
import { entityOfBundle } from '../../entities/storedState.js';
import { ArgumentError, MalformedResponseError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { pool } from '../../transfer/pool.js';
import type { EntityVersion } from '../../values/ids.js';
import { aType } from '../findFiles.js';
import { filesAtOnce } from '../filesAtOnce.js';
import { fileType, linkType } from '../../entities/entityTypes.js';
import { placeFiles } from './placeFiles.js';
import type { FileContent, FileTree, ReadFile, TreeNode, TreeNote } from './treeData.js';

/** Containers that are listed at the same time. */
const listedAtOnce = 8;

/**
 * Reads the files of entities with one request for each page of children and for each file. What cannot be read is among the
 * failures, and the rest goes on.
 *
 * @param roots - Projects, folders or files. The content of a single container is at the top; of several, each has a directory of
 * its name.
 * @throws what the first request of a root throws
 */
export async function readFileTree(
  ctx: Context,
  roots: readonly EntityVersion[],
  options: CommonOptions,
): Promise<FileTree> {
  const reader = new TreeReader(ctx, options);
  const { leftOut, failures } = reader;
  const isSingle = roots.length === 1;
  let found: Listing = { containers: [], files: [] };
  for (const root of roots) {
    const { containers, files } = await reader.readTop(root, isSingle);
    found.containers.push(...containers);
    found.files.push(...files);
  }
  const folders: TreeNode[] = [];
  const wanted: WantedFile[] = [];
  for (;;) {
    folders.push(...found.containers);
    wanted.push(...found.files);
    if (found.containers.length === 0) break;
    const limits = { limit: listedAtOnce, signal: options.signal };
    const next: Listing = { containers: [], files: [] };
    for await (const listing of pool(found.containers, limits, (node) => reader.list(node))) {
      next.containers.push(...listing.containers);
      next.files.push(...listing.files);
    }
    found = next;
  }
  const files: ReadFile[] = [];
  const limits = { limit: filesAtOnce, signal: options.signal };
  for await (const file of pool(wanted, limits, (each) => reader.readFile(each))) {
    if (file !== undefined) files.push(file);
  }
  const placed = await placeFiles(folders, files);
  return {
    ...placed,
    roots: roots.map(({ id, version }) => (version === undefined ? id : `${id}.${version}`)),
    leftOut: leftOut.sort(byPath),
    failures: [...failures, ...placed.failures].sort(byPath),
  };
}

/** In order of path, and of id where paths are equal. */
function byPath(a: TreeNote, b: TreeNote): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

interface WantedFile {
  node: TreeNode;
  version?: number | undefined;
  /** What was read of it already. */
  bundle?: StoredBundle;
}

interface Listing {
  containers: TreeNode[];
  files: WantedFile[];
}

class TreeReader {
  readonly leftOut: TreeNote[] = [];
  readonly failures: TreeNote[] = [];
  readonly #ctx: Context;
  readonly #options: CommonOptions;
  readonly #seen = new Set<string>();

  constructor(ctx: Context, { signal }: CommonOptions) {
    this.#ctx = ctx;
    this.#options = { signal };
  }

  /** @param isSingle - Whether the content of a container is at the top, without a directory for it. */
  async readTop(root: EntityVersion, isSingle: boolean): Promise<Listing> {
    const { id, version } = root;
    if (this.#seen.has(id)) return { containers: [], files: [] };
    this.#seen.add(id);
    if (isSingle && version === undefined) {
      // An entity that is not a container has no children, so only an empty one is looked at.
      const listing = await this.#children({ id, name: '', path: '' });
      if (listing.containers.length + listing.files.length + this.leftOut.length > 0)
        return listing;
    }
    const bundle = await fetchBundle(this.#ctx, root, this.#options);
    const { name = id, concreteType } = bundle.entity;
    const node = { id, name, path: name };
    if (!isContainer({ type: concreteType }))
      return { containers: [], files: [{ node, version, bundle }] };
    if (version !== undefined) {
      throw new ArgumentError(
        `${id} (${name}) is a container, which has no versions: leave out .${version}.`,
      );
    }
    return { containers: isSingle ? [] : [node], files: [] };
  }

  /** Lists a container. What was listed before a failure is not lost. */
  async list(container: TreeNode): Promise<Listing> {
    const listing: Listing = { containers: [], files: [] };
    try {
      await this.#children(container, listing);
    } catch (error) {
      this.#fail(container, error, 'cannot be listed: ');
    }
    return listing;
  }

  async #children(
    container: TreeNode,
    listing: Listing = { containers: [], files: [] },
  ): Promise<Listing> {
    const above = container.path === '' ? undefined : container;
    for await (const child of getChildren(this.#ctx, container.id, this.#options)) {
      const { id, name, type } = child;
      const path = above === undefined ? name : `${above.path}/${name}`;
      const node = { id, name, path, above };
      if (type === fileType) listing.files.push({ node });
      else if (!isContainer(child)) this.leftOut.push({ id, path, reason: itIs(type) });
      else if (this.#seen.has(id))
        this.leftOut.push({ id, path, reason: 'it is in this tree already' });
      else {
        // A server that lists a folder in itself must not keep this from ending.
        this.#seen.add(id);
        listing.containers.push(node);
      }
    }
    return listing;
  }

  async readFile({ node, version, bundle: known }: WantedFile): Promise<ReadFile | undefined> {
    try {
      const bundle =
        known ?? (await fetchBundle(this.#ctx, { id: node.id, version }, this.#options));
      const file = contentOf(this.#ctx, bundle);
      if (file !== undefined) return { node, file };
      const { id, path } = node;
      this.leftOut.push({ id, path, reason: itIs(bundle.entity.concreteType) });
    } catch (error) {
      this.#fail(node, error);
    }
    return undefined;
  }

  #fail({ id, path }: TreeNode, error: unknown, what = ''): void {
    this.#options.signal?.throwIfAborted();
    this.failures.push({ id, path, reason: what + (error as Error).message });
  }
}

function itIs(type: string): string {
  return type === linkType
    ? 'it is a link, and links are not followed'
    : `it is ${aType(type)}, not a file`;
}

/**
 * The version and content of a file that was read.
 *
 * @returns `undefined` for another entity.
 * @throws {@link UnmetAccessRestrictionError}, {@link AuthorizationError} when the content cannot be downloaded.
 */
export function contentOf(ctx: Context, bundle: StoredBundle): FileContent | undefined {
  const entity = entityOfBundle(bundle);
  if (!(entity instanceof File)) return undefined;
  const handle: M.FileHandle = requireDownload(ctx, entity, bundle.restrictionInformation);
  const { id, name, versionNumber, dataFileHandleId } = entity;
  if (versionNumber === undefined || dataFileHandleId === undefined) {
    throw new MalformedResponseError({
      operation: 'entityBundle.getEntityBundle',
      field: versionNumber === undefined ? 'versionNumber' : 'dataFileHandleId',
      expected: `what the file ${id} has`,
      actual: 'missing',
    });
  }
  return {
    id,
    version: versionNumber,
    name,
    fileName: handle.fileName,
    size: handle.contentSize,
    md5: handle.contentMd5?.toLowerCase(),
    fileHandleId: dataFileHandleId,
    url: 'externalURL' in handle ? handle.externalURL : undefined,
  };
}
