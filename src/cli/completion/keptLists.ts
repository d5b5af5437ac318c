import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ListName, NamedItem } from './completionSources.js';

/** The most items of a list, and of lists of one login. A folder can have more, and then its first ones are suggested. */
const mostItems = 1000;
const mostLists = 200;
/** The number of projects and folders whose content is suggested. */
const mostRecent = 10;
/** Lists of a login that was not used for so long are removed, in milliseconds. */
const longestUnused = 30 * 24 * 3600 * 1000;

export interface KeptList {
  /** When it was fetched, in milliseconds. */
  at: number;
  items: readonly NamedItem[];
}

/** The lists of one login, in files that only their owner can read. */
export class KeptLists {
  readonly #folder: string;

  /** @param folder - Has a folder for each login, of which `key` is the name. */
  constructor(
    private readonly root: string,
    key: string,
  ) {
    this.#folder = join(root, key);
  }

  /** A list that was kept. To read it is to use it. */
  read(name: ListName): KeptList | undefined {
    const path = this.#path(name);
    const list = readList(path);
    if (list === undefined) return undefined;
    const now = new Date();
    utimesSync(path, now, now);
    return list;
  }

  /** The content of the projects and folders that were used last. */
  recent(): NamedItem[] {
    return this.#files()
      .filter(({ name }) => name.startsWith('children-') && name.endsWith('.json'))
      .slice(0, mostRecent)
      .flatMap(({ path }) => readList(path)?.items ?? []);
  }

  write(name: ListName, items: readonly NamedItem[], at = Date.now()): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(name);
    const temporary = `${path}.${process.pid}`;
    const list: KeptList = { at, items: items.slice(0, mostItems).map(shortened) };
    try {
      writeFileSync(temporary, JSON.stringify(list), { mode: 0o600, flag: 'wx' });
      renameSync(temporary, path);
    } finally {
      rmSync(temporary, { force: true });
    }
    this.#removeOld();
  }

  /** Notes that a list is being fetched. @returns false when that was noted within the time, in milliseconds */
  claim(name: ListName, time: number): boolean {
    const path = `${this.#path(name)}.fetch`;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age < time) return false;
    rmSync(path, { force: true });
    try {
      writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
      return true;
    } catch {
      // Another process was faster.
      return false;
    }
  }

  /** Whether a list is being fetched. */
  isPending(name: ListName): boolean {
    return statSync(`${this.#path(name)}.fetch`, { throwIfNoEntry: false })?.size === 0;
  }

  /** The end of {@link claim}. After a failure the next claim has to wait. */
  release(name: ListName, hasFailed: boolean): void {
    const path = `${this.#path(name)}.fetch`;
    if (hasFailed) writeFileSync(path, 'failed', { mode: 0o600 });
    else rmSync(path, { force: true });
  }

  #path(name: ListName): string {
    // A name can contain what a user typed.
    const file = /^[\w-]{1,100}$/.test(name) ? name : `hex-${Buffer.from(name).toString('hex')}`;
    return join(this.#folder, `${file.slice(0, 200)}.json`);
  }

  /** The files of the folder, the one that was used last first. */
  #files(): { name: string; path: string; mtimeMs: number }[] {
    return newestFirst(this.#folder);
  }

  #removeOld(): void {
    for (const { path } of this.#files().slice(mostLists)) rmSync(path, { force: true });
    for (const { path } of newestFirst(this.root)) {
      const [newest] = newestFirst(path);
      if (Date.now() - (newest?.mtimeMs ?? 0) > longestUnused) {
        rmSync(path, { recursive: true, force: true });
      }
    }
  }
}

function newestFirst(folder: string): { name: string; path: string; mtimeMs: number }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .map((name) => {
      const path = join(folder, name);
      return { name, path, mtimeMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
    })
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
}

/** @returns `undefined` for what is not such a list, also when it was written by another version */
function readList(path: string): KeptList | undefined {
  try {
    const { at, items } = JSON.parse(readFileSync(path, 'utf8')) as Partial<KeptList>;
    if (typeof at !== 'number' || !Array.isArray(items)) return undefined;
    return { at, items: items.filter(isItem) };
  } catch {
    return undefined;
  }
}

function isItem(item: unknown): item is NamedItem {
  const { id, name, type } = (item ?? {}) as Partial<Record<keyof NamedItem, unknown>>;
  const isType = type === undefined || typeof type === 'string';
  return typeof id === 'string' && typeof name === 'string' && isType;
}

/** Synapse has names of up to 256 characters. */
function shortened({ id, name, type }: NamedItem): NamedItem {
  return { id: id.slice(0, 32), name: name.slice(0, 256), type };
}
