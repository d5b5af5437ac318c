import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isEntityName, safeEntityName, trimName } from '../entities/entityName.js';
import { ArgumentError, fileSystemError, type Failure } from '../errors.js';
import { fileThread, type Look } from '../files/fileThread.js';
import { lookAt } from '../files/look.js';
import { kindOfFile } from '../files/regularFile.js';

/** A directory below the directory that is stored. */
export interface LocalDirectory {
  path: string;
  /** The names in Synapse from the stored directory down to this one. */
  segments: string[];
}

/** A file below the directory that is stored. */
export interface LocalFile extends LocalDirectory {
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970, with fraction. */
  modifiedMs: number;
}

/** The content of a directory that is to be stored. */
export interface LocalTree {
  /** In order of name. Parents come before their children. */
  directories: LocalDirectory[];
  /** Files that can be stored, in the same order. */
  files: LocalFile[];
  /** Everything that cannot be stored, and why. */
  failures: Failure[];
}

/** How {@link readLocalTree} reads. */
export interface LocalTreeOptions {
  /** Whether names that Synapse does not accept are replaced by similar ones. @default false */
  safeNames?: boolean;
  signal?: AbortSignal;
}

/** Links can multiply a directory without end, even when none leads back to where it is. */
const maximumCopies = 100;

/** Entries that are looked at together. One after the other, waiting takes longer than looking. */
const lookAhead = 64;

/**
 * Lists a directory and everything below it. Links count as what they lead to. A link to a directory that it is in is not
 * followed. Only regular files are opened later, so this looks at the kind of everything else.
 *
 * @throws {@link ArgumentError} when it is not a directory, or cannot be read. What is wrong below it is among the failures.
 */
export async function readLocalTree(
  directory: string,
  options: LocalTreeOptions = {},
): Promise<LocalTree> {
  const unreadable = (cause: unknown): never => {
    const { message } = fileSystemError('Cannot read', directory, cause);
    throw new ArgumentError(message, { cause });
  };
  const { kind } = await lookAt(directory).catch(unreadable);
  if (kind !== 'folder') throw new ArgumentError(`${directory} is not a directory.`);
  const reader = new TreeReader(options);
  const names = await readNames(directory).catch(unreadable);
  const identity = await identityOf(directory).catch(unreadable);
  const top = { path: directory, segments: [], ancestors: new Map([[identity, directory]]) };
  await reader.readEntries({ ...top, isLinked: false }, names);
  return reader.tree;
}

/** A directory that is being read. */
interface OpenDirectory extends LocalDirectory {
  /** The paths of this directory and of those that it is in, by identity. */
  ancestors: ReadonlyMap<string, string>;
  /** Whether it was reached through a link. */
  isLinked: boolean;
}

class TreeReader {
  readonly tree: LocalTree = { directories: [], files: [], failures: [] };
  readonly #options: LocalTreeOptions;
  /** How often each directory was read. */
  readonly #copies = new Map<string, number>();

  constructor(options: LocalTreeOptions) {
    this.#options = options;
  }

  async readEntries(directory: OpenDirectory, entries: readonly LocalName[]): Promise<void> {
    /** The names in Synapse, and the local names that they stand for. */
    const taken = new Map<string, string>();
    for (let start = 0; start < entries.length; start += lookAhead) {
      const next = entries.slice(start, start + lookAhead).map(({ name, isLink }) => {
        const path = join(directory.path, name);
        return { name, path, isLink, look: lookInTree(path) };
      });
      for (const entry of next) {
        const { path } = entry;
        this.#options.signal?.throwIfAborted();
        try {
          const look = await entry.look.catch(async (cause: unknown) => {
            throw await unreadable(path, entry, cause);
          });
          const isDirectory = look.kind === 'folder';
          if (!isDirectory) await checkFile(path, look);
          const segments = [...directory.segments, this.#nameOf(entry.name, taken)];
          if (isDirectory) await this.#enter(directory, { path, segments }, entry);
          else {
            const { size, modifiedMs } = look;
            this.tree.files.push({ path, segments, size, modifiedMs });
          }
        } catch (error) {
          this.#options.signal?.throwIfAborted();
          this.tree.failures.push({ path, error: error as Error });
        }
      }
    }
  }

  async #enter(
    above: OpenDirectory,
    { path, segments }: LocalDirectory,
    { isLink }: LocalName,
  ): Promise<void> {
    const identity = await identityOf(path);
    const loop = above.ancestors.get(identity);
    if (loop !== undefined) {
      throw new Error(
        `it leads back to ${loop}, which it is in: following it would never end. Nothing is stored for it.`,
      );
    }
    const copies = this.#copies.get(identity) ?? 0;
    const isLinked = isLink || above.isLinked;
    if (isLinked && copies >= maximumCopies) {
      throw new Error(
        `the same directory was reached ${maximumCopies} times through links: this link is not followed any more.`,
      );
    }
    this.#copies.set(identity, copies + 1);
    const names = await readNames(path).catch((cause: unknown) => {
      throw fileSystemError('Cannot read the folder', path, cause);
    });
    this.tree.directories.push({ path, segments });
    const ancestors = new Map([...above.ancestors, [identity, path]]);
    await this.readEntries({ path, segments, ancestors, isLinked }, names);
  }

  /** The name in Synapse. Two local names can become one, because Synapse ignores spaces at the ends. */
  #nameOf(localName: string, taken: Map<string, string>): string {
    if (this.#options.safeNames !== true && !isEntityName(localName)) throw notAName(localName);
    const name = this.#options.safeNames ? safeEntityName(localName) : trimName(localName);
    const other = taken.get(name);
    if (other !== undefined) {
      throw new ArgumentError(
        `its name in Synapse would be ${JSON.stringify(name)}, which ${JSON.stringify(other)} in the same directory has: rename one of them.`,
      );
    }
    taken.set(name, localName);
    return name;
  }
}

interface LocalName {
  name: string;
  isLink: boolean;
}

async function readNames(directory: string): Promise<LocalName[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.map((entry) => ({ name: entry.name, isLink: entry.isSymbolicLink() }));
}

/** Looks at an entry. Another thread does it while many are looked at. */
function lookInTree(path: string): Promise<Look> {
  const look = lookAt(path).finally(fileThread.join());
  // The failure is reported when its turn comes.
  look.catch(() => undefined);
  return look;
}

/** Identifies a directory whatever path leads to it. Some file systems number nothing. */
async function identityOf(path: string): Promise<string> {
  const { dev, ino } = await stat(path, { bigint: true });
  return ino === 0n ? realpath(path) : `${dev}:${ino}`;
}

async function checkFile(path: string, { kind, size }: Look): Promise<void> {
  if (kind === 'other') {
    const what = kindOfFile(await stat(path));
    throw new ArgumentError(`it is ${what}, and only files and directories are stored.`);
  }
  if (size === 0) throw new Error('the file is empty, and Synapse stores no empty files');
}

async function unreadable(path: string, { name, isLink }: LocalName, cause: unknown) {
  // Names that are not UTF-8 arrive with this character, under which the file cannot be opened.
  if (name.includes('\ufffd')) {
    return new ArgumentError('its name is not valid UTF-8: rename it.', { cause });
  }
  const error = fileSystemError('Cannot read', path, cause);
  const target = isLink ? await readlink(path).catch(() => undefined) : undefined;
  if (target === undefined) return error;
  return new ArgumentError(`it is a link to ${target}, which leads nowhere. ${error.message}`, {
    cause,
  });
}

function notAName(name: string): ArgumentError {
  return new ArgumentError(
    `Synapse does not accept the name ${JSON.stringify(name)}: names may have letters (a to z), digits, spaces and ,_.-+()' ` +
      'and at most 256 characters. Rename it, or ask for safe names (safeNames, --safe-names).',
  );
}
