import { basename, join } from 'node:path';
import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { fetchBundle } from '../entities/entityBundle.js';
import { getChildren } from '../entities/getChildren.js';
import { isContainer } from '../entities/isContainer.js';
import { fileSystemError, ArgumentError, type Failure } from '../errors.js';
import { makeFoldersBelow } from '../files/makeFolders.js';
import { prepareFolder } from '../files/placeFile.js';
import { safeName, shortened } from '../files/safeName.js';
import { uniquePath } from '../transfer/collision.js';
import type { PathClaims } from '../transfer/pathClaims.js';
import { shortName } from '../values/shortName.js';
import { fileType, followLink, LinkGuard, linkType, type LinkTarget } from './links.js';
import type { TreePlace } from './links.js';

/** An entity of a tree that is not downloaded, although nothing failed: only files have content to download. */
export interface LeftOut {
  id: string;
  name: string;
  /** The names from the top of the tree down to the entity, joined by `/`. */
  path: string;
  /** The concrete type: `org.sagebionetworks.repo.model.table.TableEntity`. */
  type: string;
  /** Why it is not downloaded, and how to get it. */
  reason: string;
}

/** A file to download. */
export interface WantedFile {
  id: string;
  version?: number;
  name: string;
  /** The names from the top of the tree down to the file, joined by `/`. */
  path: string;
  /** The local directory to download into. It exists. */
  into: string;
}

/** What a search for files looks for, and what it tells. */
export interface SearchOptions {
  /** The local directory for the files at the top. */
  directory: string;
  followLink: boolean;
  signal?: AbortSignal;
  /** The local paths that are in use. */
  pathClaims: PathClaims;
  onFailure: (failure: Failure) => void;
  onLeftOut: (item: LeftOut) => void;
}

/** A container, and where its content goes. */
interface Place extends TreePlace {
  id: string;
  path: string;
  /** The names of the local directories below the target. */
  names: readonly string[];
}

/** Finds the files in a tree of containers, and makes the local directories for them. */
export class FileSearch {
  readonly #ctx: Context;
  readonly #options: SearchOptions;
  readonly #links = new LinkGuard();
  /** Files that are found already, by id, version and directory: several links can lead to one file. */
  readonly #found = new Set<string>();

  constructor(ctx: Context, options: SearchOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  /**
   * Finds the files of an entity: itself, or all in it.
   *
   * @throws {@link ArgumentError} when it can have no files.
   */
  async *find(id: string, version: number | undefined): AsyncGenerator<WantedFile> {
    await prepareFolder(this.#options.directory);
    // An entity that is not a container has no children, so only an empty one is looked at.
    if (version === undefined && (yield* this.#findIn(this.#top(id)))) return;
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
      yield { id: target.id, version: target.version, name, path: name, into: this.#into([]) };
    } else if (!isContainer(target)) {
      throw new ArgumentError(`${id} (${name}) is ${aType(target.type)}: it has no files.`);
    } else if (version !== undefined) {
      throw new ArgumentError(
        `${id} (${name}) is ${aType(target.type)}, which has no versions: leave out .${version}.`,
      );
    } else if (target.id !== id) {
      yield* this.#findIn(this.#top(target.id));
    }
  }

  /** @returns whether the container has any children */
  async *#findIn(place: Place): AsyncGenerator<WantedFile, boolean> {
    const { children, error } = await this.#list(place);
    const folders: Place[] = [];
    const files: WantedFile[] = [];
    for (const child of children) {
      await this.#guard(pathOf(place, child), child, async () => {
        const target = await this.#targetOf(place, child);
        if (target === undefined) return;
        if (isContainer(target)) folders.push(await this.#open(place, child, target));
        else files.push(this.#file(place, child, target));
      });
    }
    for (const file of files) if (this.#isNew(file)) yield file;
    for (const folder of folders) yield* this.#findIn(folder);
    if (error !== undefined) {
      if (place.path === '' && children.length === 0) throw error;
      this.#options.onFailure({ path: `${shortened(place.path)} (${place.id})`, error });
    }
    return children.length > 0;
  }

  /** Lists a container. What was listed before a failure is not lost. */
  async #list({ id }: Place): Promise<{ children: M.EntityHeader[]; error?: Error }> {
    const children: M.EntityHeader[] = [];
    const { signal } = this.#options;
    try {
      for await (const child of getChildren(this.#ctx, id, { signal })) children.push(child);
    } catch (error) {
      signal?.throwIfAborted();
      return { children, error: error as Error };
    }
    return { children };
  }

  /** Turns an error about one entity into a failure of that entity. */
  async #guard(path: string, { id }: M.EntityHeader, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      this.#options.onFailure({ path: `${shortened(path)} (${id})`, error: error as Error });
    }
  }

  /** What a child stands for: itself, or the target of a link. @returns `undefined` when it is left out */
  async #targetOf(place: Place, child: M.EntityHeader): Promise<LinkTarget | undefined> {
    let target: LinkTarget = child;
    if (child.type === linkType && this.#options.followLink) target = await this.#follow(child.id);
    if (target.type === fileType || isContainer(target)) return target;
    const { id, name, type } = child;
    this.#options.onLeftOut({
      id,
      name,
      path: pathOf(place, child),
      type,
      reason: whyLeftOut(child, target),
    });
    return undefined;
  }

  #follow(link: string): Promise<LinkTarget> {
    return followLink(this.#ctx, link, { signal: this.#options.signal });
  }

  #read(target: { id: string; version?: number }) {
    return fetchBundle(this.#ctx, target, { signal: this.#options.signal });
  }

  async #open(place: Place, child: M.EntityHeader, { id }: LinkTarget): Promise<Place> {
    const entered = this.#links.enter(place, child, id);
    const names = [...place.names, await this.#directoryName(place, child)];
    await makeFoldersBelow(this.#options.directory, names).catch((cause: unknown) => {
      throw fileSystemError('Cannot create the folder', this.#into(names), cause);
    });
    return { id, path: pathOf(place, child), names, ...entered };
  }

  /** The name of a new local directory. Two names from Synapse can become one, of which the second gets a number. */
  async #directoryName(place: Place, { id, name }: M.EntityHeader): Promise<string> {
    const { pathClaims } = this.#options;
    const wanted = this.#into([...place.names, safeName(name)]);
    const path = await uniquePath(wanted, (each) => pathClaims.isTaken(each, id));
    pathClaims.take(path, id);
    return basename(path);
  }

  #file(place: Place, child: M.EntityHeader, { id, version }: LinkTarget): WantedFile {
    const path = pathOf(place, child);
    // The version of a header is the current one.
    const wanted = child.type === linkType ? version : undefined;
    return { id, version: wanted, name: child.name, path, into: this.#into(place.names) };
  }

  #isNew({ id, version = 0, into }: WantedFile): boolean {
    const key = `${id}.${version} ${into}`;
    const isNew = !this.#found.has(key);
    this.#found.add(key);
    return isNew;
  }

  #top(id: string): Place {
    return { id, path: '', names: [], ...this.#links.top(id) };
  }

  #into(names: readonly string[]): string {
    return join(this.#options.directory, ...names);
  }
}

function pathOf({ path }: Place, { name }: M.EntityHeader): string {
  return path === '' ? name : `${path}/${name}`;
}

function whyLeftOut(child: M.EntityHeader, { id, type }: LinkTarget): string {
  if (type === linkType) {
    return 'links are not followed unless that is asked for (followLink, --follow-link)';
  }
  const what = child.type === linkType ? `it is a link to ${id}, which is` : 'it is';
  return `${what} ${aType(type)}, not a file: see \`synapse show ${id}\``;
}

/** `a TableEntity`, `an EntityView`. */
export function aType(type: string): string {
  const short = shortName(type);
  return `${/^[aeiou]/i.test(short) ? 'an' : 'a'} ${short}`;
}
