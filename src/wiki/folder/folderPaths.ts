import { posix } from 'node:path';
import { safeName } from '../../files/safeName.js';
import { cutToBytes } from '../../files/temporaryPath.js';
import { splitExtension } from '../../transfer/collision.js';

/** Bytes of the name of a page's file: deep wikis become long paths. */
const longestStem = 60;
/** Bytes of the name of an attachment's file. */
const longestFile = 180;
/** Bytes of an extension that is kept when a name is cut. */
const longestExtension = 20;
/** Bytes of a path in the folder. Windows allows 260 for the whole path by default. */
const longestPath = 180;

/** The folder for pages that are too deep for paths. */
const deepFolder = 'deep';

/** What the attachments of a page are in: a folder with the name of the page and this. */
export const filesSuffix = '.files';

/** Whether a path stays in the folder that it is relative to, on every system. */
export function isInside(path: string): boolean {
  if (path.includes('\\') || path.includes('\0') || /^[a-z]:/i.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The folder for the attachments of a page, beside its file: `Home.files` of `Home.md` and of `Home/`. */
export function filesFolder(page: string): string {
  return `${stemOf(page)}${filesSuffix}`;
}

/** The folder for the pages below a page, beside its file. */
export function stemOf(page: string): string {
  return page.replace(/(?:\.md|\/)$/i, '');
}

/** A page that needs a file. */
export interface PageToName {
  id: string;
  title?: string | undefined;
  parentId?: string | undefined;
}

/**
 * Gives each page a file: sub-pages are in a folder of the page's name. No two names differ only by case, as that is one file on many
 * systems.
 *
 * @param pages - Parents first.
 * @param known - Files of pages that have one from earlier; their names are kept.
 * @returns The files by the ids of the pages.
 */
export function pageFiles(
  pages: readonly PageToName[],
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const taken = new Taken(['wiki.json', deepFolder]);
  const files = new Map<string, string>();
  for (const [id, file] of known) {
    if (!pages.some((page) => page.id === id)) taken.add(placesOf(stemOf(file)));
  }
  for (const { id } of pages) {
    const file = known.get(id);
    if (file === undefined || !taken.add(placesOf(stemOf(file)))) continue;
    files.set(id, file);
  }
  for (const page of pages) {
    if (files.has(page.id)) continue;
    const above = page.parentId === undefined ? undefined : files.get(page.parentId);
    files.set(page.id, newFile(page, above, taken));
  }
  return files;
}

function newFile({ id, title = '' }: PageToName, above: string | undefined, taken: Taken): string {
  const folder = above === undefined ? '' : stemOf(above);
  const stem = safeStem(title, `page ${id}`, longestStem);
  const isDeep = Buffer.byteLength(posix.join(folder, stem)) > longestPath;
  const place = isDeep ? deepFolder : folder;
  for (const name of alternatives(stem, id)) {
    const path = posix.join(place, name);
    if (taken.add(placesOf(path))) return `${path}.md`;
  }
  throw new Error('There are always further names.');
}

function placesOf(stem: string): string[] {
  return [stem, `${stem}.md`, `${stem}${filesSuffix}`];
}

/** A file of a page that needs a local name. */
export interface AttachmentToName {
  id: string;
  name: string;
}

/**
 * Gives each attachment of a page a file.
 *
 * @param known - The files of attachments that have one from earlier, by their names.
 * @returns The paths by the ids.
 */
export function attachmentFiles(
  page: string,
  attachments: readonly AttachmentToName[],
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const folder = filesFolder(page);
  const taken = new Taken([...known.values()].map((path) => posix.basename(path)));
  const files = new Map<string, string>();
  for (const { id, name } of attachments) {
    const before = known.get(name);
    if (before !== undefined) files.set(id, before);
    if (before !== undefined) continue;
    const [begin, end] = splitExtension(name.replace(/[/\\]/g, '_'));
    const hasExtension = Buffer.byteLength(end) <= longestExtension;
    const extension = hasExtension ? end : '';
    const whole = safeStem(hasExtension ? begin : `${begin}${end}`, 'file', longestFile);
    for (const free of alternatives(whole, id)) {
      const path = safeStem(`${free}${extension}`, 'file', 255);
      if (!taken.add([path])) continue;
      files.set(id, posix.join(folder, path));
      break;
    }
  }
  return files;
}

/** Names that can be tried one after the other. An id makes the name independent of the order of the pages. */
function* alternatives(stem: string, id: string): Generator<string> {
  yield stem;
  yield `${stem}-${id}`;
  for (let number = 2; ; number += 1) yield `${stem}-${id}-${number}`;
}

/** A file name that every system allows. It shows what the text says; the index has the text itself. */
function safeStem(text: string, whenEmpty: string, bytes: number): string {
  const cut = cutToBytes(text.normalize('NFC').trim(), bytes).trim();
  const visible = cut.replace(/^[.~]/, '_').replace(/\.$/, '_');
  const name = visible === '' ? whenEmpty : visible;
  try {
    return safeName(name, 'win32');
  } catch {
    // A name that Windows keeps for a device.
    return safeName(`_${name}`, 'win32');
  }
}

/** Paths that are in use, without regard to case. */
class Taken {
  readonly #paths: Set<string>;

  constructor(paths: readonly string[]) {
    this.#paths = new Set(paths.map(keyOf));
  }

  /** @returns whether none of the paths was in use */
  add(paths: readonly string[]): boolean {
    const keys = paths.map(keyOf);
    if (keys.some((key) => this.#paths.has(key))) return false;
    for (const key of keys) this.#paths.add(key);
    return true;
  }
}

function keyOf(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase();
}
