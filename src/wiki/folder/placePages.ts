import { posix } from 'node:path';
import type { IndexPage } from './folderIndex.js';
import { stemOf } from './folderPaths.js';

/** Where a page of a folder is in its wiki. */
export interface PlacedPage {
  /** The file with the text; `name/` for a page that only holds the pages of a folder. */
  file: string;
  /** The file of the page above; the root page has none. */
  parent?: string | undefined;
}

/** Names of the files that describe their folder, most important first. */
const folderPages = ['readme', 'index'];
const rootPages = [...folderPages, 'home'];

/**
 * Builds the tree of the pages of a folder. A page of the index is below the page that the index names. Another one belongs to the page
 * of its folder: `a.md` beside the folder `a`, or `a/README.md`, or `a/index.md`, or else a page without text.
 *
 * @param files - The files with the texts.
 * @param indexed - Pages of the index, by the files that they have now.
 * @returns The pages, parents first.
 */
export function placePages(
  files: readonly string[],
  indexed: ReadonlyMap<string, Pick<IndexPage, 'parent'>>,
): PlacedPage[] {
  const places = new Places(files, rootOf(files, indexed));
  const parents = new Map<string, string | undefined>();
  const pending = [places.root, ...files];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (parents.has(file)) continue;
    const known = indexed.get(file)?.parent;
    const isKnown = known !== undefined && known !== file && places.has(known);
    const parent = isKnown ? known : places.above(file);
    parents.set(file, parent);
    if (parent !== undefined) pending.push(parent);
  }
  const order = new Map([...indexed.keys()].map((file, place) => [file, place]));
  return parentsFirst(parents, places.root, (file) => order.get(file) ?? order.size);
}

/** The root page: that of the index; or `README.md`, `index.md`, `Home.md`; or the only file; or one without text. */
function rootOf(
  files: readonly string[],
  indexed: ReadonlyMap<string, Pick<IndexPage, 'parent'>>,
): string {
  const known = [...indexed].find(([file, { parent }]) => {
    return parent === undefined && (files.includes(file) || file === './');
  });
  if (known !== undefined) return known[0];
  const top = files.filter((file) => !file.includes('/'));
  const named = rootPages.flatMap(
    (name) => top.find((file) => stemOf(file).toLowerCase() === name) ?? [],
  );
  return named[0] ?? (top.length === 1 ? (top[0] ?? './') : './');
}

/** The pages of folders. */
class Places {
  readonly #pages: ReadonlySet<string>;
  readonly #beside: ReadonlyMap<string, string>;
  readonly #within = new Map<string, string>();

  constructor(
    files: readonly string[],
    readonly root: string,
  ) {
    this.#pages = new Set(files);
    this.#beside = new Map(files.map((file) => [stemOf(file), file]));
    for (const name of folderPages.toReversed()) {
      for (const file of files) {
        const isOf = posix.basename(stemOf(file)).toLowerCase() === name;
        if (isOf) this.#within.set(posix.dirname(file), file);
      }
    }
  }

  has(file: string): boolean {
    return this.#pages.has(file) || file.endsWith('/');
  }

  /** The page above another, by the folder that it is in. */
  above(file: string): string | undefined {
    if (file === this.root) return undefined;
    const isFolder = file.endsWith('/');
    const folder = posix.dirname(isFolder ? file.slice(0, -1) : file);
    const page = this.#pageOf(folder);
    return page === file ? this.#pageOf(posix.dirname(folder)) : page;
  }

  #pageOf(folder: string): string {
    if (folder === '.') return this.root;
    return this.#beside.get(folder) ?? this.#within.get(folder) ?? `${folder}/`;
  }
}

/**
 * Pages that are below themselves, as an index that was edited can say, come below the root page.
 *
 * @param placeOf - The place of a page among those of the index; others follow, by name.
 */
function parentsFirst(
  parents: ReadonlyMap<string, string | undefined>,
  root: string,
  placeOf: (file: string) => number,
): PlacedPage[] {
  const children = new Map<string, string[]>();
  for (const [file, parent] of parents) {
    if (file === root) continue;
    const above = parent ?? root;
    const siblings = children.get(above);
    if (siblings === undefined) children.set(above, [file]);
    else siblings.push(file);
  }
  const placed: PlacedPage[] = [];
  const done = new Set<string>();
  const add = (top: PlacedPage): void => {
    const pending = [top];
    for (let page = pending.pop(); page !== undefined; page = pending.pop()) {
      if (done.has(page.file)) continue;
      done.add(page.file);
      placed.push(page);
      const { file: parent } = page;
      const byName = [...(children.get(parent) ?? [])].sort();
      const below = byName.sort((a, b) => placeOf(a) - placeOf(b)).toReversed();
      pending.push(...below.map((file) => ({ file, parent })));
    }
  };
  add({ file: root });
  for (const file of parents.keys()) if (!done.has(file)) add({ file, parent: root });
  return placed;
}
