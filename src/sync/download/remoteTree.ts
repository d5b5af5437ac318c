import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { fetchBundle } from '../../entities/entityBundle.js';
import { getChildren } from '../../entities/getChildren.js';
import { isContainer } from '../../entities/isContainer.js';
import { ArgumentError } from '../../errors.js';
import { safeName } from '../../files/safeName.js';
import type { GlobFilter } from '../globs.js';
import { fileType, linkType } from '../../entities/entityTypes.js';
import { followLink, LinkGuard } from '../links.js';
import type { LinkTarget, TreePlace } from '../links.js';
import { aType } from '../findFiles.js';
import { mapInOrder } from './mapInOrder.js';
import type { RemoteFile } from './remoteFile.js';

/** What a tree has: folders before what is in them. */
export type TreeEntry =
  | {
      kind: 'folder';
      id: string;
      name: string;
      path: string;
      parentId: string;
      place: LocalPlace;
    }
  | ({ kind: 'file' } & TreeFile)
  | ({ kind: 'other'; reason: string } & Omit<TreeFile, 'into' | 'known'>)
  | { kind: 'problem'; id: string; path: string; error: Error; isListing: boolean };

/** A file in a tree. */
export interface TreeFile {
  id: string;
  name: string;
  path: string;
  type: string;
  parentId?: string;
  /** The version that a link names. */
  version?: number | undefined;
  into: LocalPlace;
  /** What is known of it without asking. */
  known?: RemoteFile;
  /** Whether another shard downloads it. It takes part in the choice of paths only. */
  isOther?: boolean;
}

/** A local directory. The name is chosen by whoever makes it, because two names from Synapse can become one. */
export interface LocalPlace {
  above?: LocalPlace;
  /** The id of the container, or of the link to it. */
  id: string;
  /** A name that a directory can have. Empty at the top. */
  name: string;
  /** Set when a directory was found for it. */
  path?: string;
}

/** What is read of a tree. */
export interface TreeOptions {
  recursive: boolean;
  followLink: boolean;
  linkHops?: number;
  includeTypes?: readonly M.EntityType[];
  maxDepth: number;
  globs: GlobFilter;
  /** Finds the local directory of a folder. When it throws, the folder is not read. */
  openFolder: (place: LocalPlace) => Promise<void>;
  signal?: AbortSignal;
}

interface Place extends TreePlace {
  id: string;
  path: string;
  depth: number;
  local: LocalPlace;
}

/** Folders that are listed ahead. */
const listedAhead = 8;

/** Links that are followed at a time. */
const linksAtOnce = 16;

/** Lists the files of an entity: itself, or all in it. Local files and directories are not looked at. */
export class RemoteTree {
  readonly #ctx: Context;
  readonly #options: TreeOptions;
  readonly #links = new LinkGuard();
  /** Files that are found already, by id, version and directory: several links can lead to one file. */
  readonly #found = new Set<string>();
  readonly #lists = new Map<Place, Promise<Listing>>();
  readonly #top: LocalPlace;

  /** @param top - The local directory of the entity at the top. */
  constructor(ctx: Context, top: LocalPlace, options: TreeOptions) {
    this.#ctx = ctx;
    this.#top = top;
    this.#options = options;
  }

  /** @throws {@link ArgumentError} when the entity can have no files. */
  async *entries(id: string, version: number | undefined): AsyncGenerator<TreeEntry> {
    // An entity that is not a container has no children, so only an empty one is looked at.
    if (version === undefined && (yield* this.#below(this.#place(id)))) return;
    const { entity } = await this.#read({ id, version });
    const { name = '', concreteType } = entity;
    let target: LinkTarget = { id, version, type: concreteType };
    if (concreteType === linkType) {
      if (!this.#options.followLink) {
        throw new ArgumentError(
          `${id} (${name}) is a Link, not a project or folder: follow it (followLink, --follow-link) to get its target.`,
        );
      }
      target = await this.#follow(id);
    }
    if (target.type === fileType) {
      const { id: own, version: wanted } = target;
      const { parentId } = entity;
      const into = this.#top;
      yield {
        kind: 'file',
        id: own,
        version: wanted,
        name,
        path: name,
        type: fileType,
        parentId,
        into,
      };
    } else if (!isContainer(target)) {
      throw new ArgumentError(`${id} (${name}) is ${aType(target.type)}: it has no files.`);
    } else if (version !== undefined) {
      throw new ArgumentError(
        `${id} (${name}) is ${aType(target.type)}, which has no versions: leave out .${version}.`,
      );
    } else if (target.id !== id) {
      yield* this.#below(this.#place(target.id));
    }
  }

  /** @returns whether the container has any children */
  async *#below(top: Place): AsyncGenerator<TreeEntry, boolean> {
    const open: Place[] = [top];
    let isEmpty = true;
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const listing = this.#list(place);
      for (const next of open.slice(-listedAhead)) void this.#list(next);
      const { children, error } = await listing;
      this.#lists.delete(place);
      isEmpty &&= children.length === 0;
      if (error !== undefined) {
        if (place === top && children.length === 0) throw error;
        yield { kind: 'problem', id: place.id, path: place.path, error, isListing: true };
      }
      const folders: Place[] = [];
      const others: TreeEntry[] = [];
      const targets = mapInOrder(
        children,
        { limit: linksAtOnce, signal: this.#options.signal },
        (child) => this.#look(place, child),
      );
      for await (const found of targets) {
        const entry = 'kind' in found ? found : await this.#enter(place, found);
        if ('kind' in entry) others.push(entry);
        else {
          folders.push(entry.place);
          yield entry.entry;
        }
      }
      for (const entry of others) if (entry.kind !== 'file' || this.#isNew(entry)) yield entry;
      open.push(...folders.reverse());
    }
    return !isEmpty;
  }

  /** Lists a container. What was listed before a failure is not lost. */
  #list(place: Place): Promise<Listing> {
    let listing = this.#lists.get(place);
    if (listing === undefined) {
      listing = this.#readChildren(place.id);
      listing.catch(() => undefined);
      this.#lists.set(place, listing);
    }
    return listing;
  }

  async #readChildren(id: string): Promise<Listing> {
    const children: M.EntityHeader[] = [];
    const { signal, includeTypes } = this.#options;
    try {
      for await (const child of getChildren(this.#ctx, id, { signal, includeTypes })) {
        children.push(child);
      }
    } catch (error) {
      signal?.throwIfAborted();
      return { children, error: error as Error };
    }
    return { children };
  }

  /** What a child is: an entry, or a container to go into. */
  async #look(place: Place, child: M.EntityHeader): Promise<TreeEntry | Container> {
    const { id, name, type } = child;
    const path = pathBelow(place.path, name);
    const common = { id, name, path, type, parentId: place.id };
    const { globs } = this.#options;
    const excluded = globs.leftOut(path, type !== fileType);
    if (excluded !== undefined) return { kind: 'other', ...common, reason: excluded };
    try {
      let target: LinkTarget = child;
      if (type === linkType && this.#options.followLink) target = await this.#follow(id);
      if (target.type === fileType) {
        const reason = globs.leftOut(path);
        if (reason !== undefined) return { kind: 'other', ...common, reason };
        // The version of a header is the current one.
        const version = type === linkType ? target.version : undefined;
        return { kind: 'file', ...common, id: target.id, version, into: place.local };
      }
      if (!isContainer(target)) {
        return { kind: 'other', ...common, reason: whyLeftOut(child, target) };
      }
      const reason = this.#whyNotDeeper(place);
      return reason === undefined ? { child, target } : { kind: 'other', ...common, reason };
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      return { kind: 'problem', id, path, error: error as Error, isListing: true };
    }
  }

  #whyNotDeeper({ depth }: Place): string | undefined {
    const { recursive, maxDepth } = this.#options;
    if (!recursive) return 'folders are left out unless the download is recursive';
    return depth >= maxDepth ? `it is deeper than ${maxDepth} levels` : undefined;
  }

  async #enter(
    place: Place,
    { child, target }: Container,
  ): Promise<TreeEntry | { place: Place; entry: TreeEntry & { kind: 'folder' } }> {
    const { name } = child;
    const path = pathBelow(place.path, name);
    try {
      const entered = this.#links.enter(place, child, target.id);
      const local = { above: place.local, id: child.id, name: safeName(name) };
      await this.#options.openFolder(local);
      const entry = { kind: 'folder', id: target.id, name, path, parentId: place.id } as const;
      return {
        place: { id: target.id, path, depth: place.depth + 1, local, ...entered },
        entry: { ...entry, place: local },
      };
    } catch (error) {
      return { kind: 'problem', id: child.id, path, error: error as Error, isListing: true };
    }
  }

  #follow(link: string): Promise<LinkTarget> {
    const { signal, linkHops } = this.#options;
    return followLink(this.#ctx, link, { signal, maximum: linkHops });
  }

  #read(target: { id: string; version?: number | undefined }) {
    const { id, version } = target;
    return fetchBundle(this.#ctx, { id, version }, { signal: this.#options.signal });
  }

  #isNew({ id, version = 0, into }: TreeFile): boolean {
    const key = `${id}.${version} ${localKey(into)}`;
    const isNew = !this.#found.has(key);
    this.#found.add(key);
    return isNew;
  }

  #place(id: string): Place {
    return { id, path: '', depth: 0, local: this.#top, ...this.#links.top(id) };
  }
}

interface Listing {
  children: M.EntityHeader[];
  error?: Error;
}

interface Container {
  child: M.EntityHeader;
  target: LinkTarget;
}

function localKey({ above, id }: LocalPlace): string {
  return above === undefined ? id : `${localKey(above)}/${id}`;
}

/** The path of a child. */
export function pathBelow(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

function whyLeftOut(child: M.EntityHeader, { id, type }: LinkTarget): string {
  if (type === linkType) {
    return 'links are not followed unless that is asked for (followLink, --follow-link)';
  }
  const what = child.type === linkType ? `it is a link to ${id}, which is` : 'it is';
  return `${what} ${aType(type)}, not a file: see \`synapse show ${id}\``;
}
