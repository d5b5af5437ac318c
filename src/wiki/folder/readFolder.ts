import { readFile } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import { safeEntityName } from '../../entities/entityName.js';
import { ArgumentError, fileSystemError } from '../../errors.js';
import { expandPath } from '../../files/expandPath.js';
import type { CommonOptions } from '../../options.js';
import {
  readIndex,
  type FolderIndex,
  type IndexAttachment,
  type IndexPage,
} from './folderIndex.js';
import { linkedFiles } from './folderLinks.js';
import { filesFolder, stemOf } from './folderPaths.js';
import { md5Of, textOf } from './folderText.js';
import { firstHeading } from './firstHeading.js';
import { placePages } from './placePages.js';
import { scanFolder } from './scanFolder.js';

/** A page of a folder as it is now. */
export interface LocalPage {
  file: string;
  /** The file that the page had when it was last exported or imported. */
  was: string;
  /** Its id in the wiki of {@link FolderIndex.owner}. */
  id?: string | undefined;
  title?: string | undefined;
  parent?: string | undefined;
  /** `synapse` for a text in which relative links are not links to pages of the folder. */
  links?: 'synapse' | undefined;
  /** MD5 of the file. */
  md5: string;
  attachments: readonly IndexAttachment[];
}

/** A folder with the pages of a wiki. */
export interface LocalFolder {
  directory: string;
  index: FolderIndex | undefined;
  /** Parents first. */
  pages: readonly LocalPage[];
  /** Files in the order in which the website is to show the pages. */
  order: readonly string[];
  /** Whether a page has a relative link to another one. */
  hasPageLinks: boolean;
  warnings: readonly string[];
}

/** Reads the content of the file of a page; a page that only holds others has none. */
export async function readPageFile(directory: string, file: string): Promise<Buffer> {
  if (file.endsWith('/')) return Buffer.alloc(0);
  const path = join(directory, file);
  try {
    return await readFile(path);
  } catch (cause) {
    throw fileSystemError('Cannot read', path, cause);
  }
}

/**
 * Reads what is in a folder: an export, or Markdown files without an index.
 *
 * @throws {@link ArgumentError} when it has neither.
 * @throws {@link FileSystemError} when a file cannot be read.
 */
export async function readFolder(
  path: string,
  { signal }: Pick<CommonOptions, 'signal'>,
): Promise<LocalFolder> {
  const directory = resolve(expandPath(path));
  const { pages: texts, files } = await scanFolder(directory, signal);
  if (texts.length === 0) {
    throw new ArgumentError(
      `${directory} has no Markdown files (.md), so there is nothing to import.`,
    );
  }
  const index = await readIndex(directory);
  const contents = await readContents(directory, texts, signal);
  const renamed = findRenamed(index, contents);
  const indexed = indexedPages(index, contents, renamed);
  const folders = byFolder(files);
  const isThere = (path: string): boolean =>
    files.has(path) || folders.has(path.replace(/\/$/, '')) || path === '.' || path === './';
  const warnings: string[] = [];
  const pages = placePages(texts, indexed).map(({ file, parent }): LocalPage => {
    const content = contents.get(file) ?? emptyContent;
    const known = indexed.get(file);
    const links = known?.links;
    const title = known === undefined ? titleOf(directory, file, content) : known.title;
    const attachments = attachmentsOf(file, { known, content, contents, files, folders });
    warnings.push(...content.outside.map((link) => `${file}: ${link} is out of the folder.`));
    const lost = links === 'synapse' ? [] : content.linked.filter((path) => !isThere(path));
    warnings.push(...lost.map((path) => `${file} links to ${path}, which is not in the folder.`));
    const was = known?.was ?? file;
    return { file, was, id: known?.id, title, parent, links, md5: content.md5, attachments };
  });
  const now = new Map(pages.map(({ was, file }) => [was, file]));
  const order = (index?.order ?? []).flatMap((file) => now.get(file) ?? []);
  const hasPageLinks = [...contents.values()].some(({ linked }) =>
    linked.some((path) => contents.has(path)),
  );
  return { directory, index, pages, order, hasPageLinks, warnings };
}

/** What the text of a file says. */
interface Content {
  md5: string;
  heading: string | undefined;
  /** Files of the folder to which it links. */
  linked: readonly string[];
  /** Links that lead out of the folder. */
  outside: readonly string[];
}

const emptyContent: Content = {
  md5: md5Of(Buffer.alloc(0)),
  heading: undefined,
  linked: [],
  outside: [],
};

async function readContents(
  directory: string,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Content>> {
  const contents = new Map<string, Content>();
  for (const file of texts) {
    signal?.throwIfAborted();
    const bytes = await readPageFile(directory, file);
    const text = textOf(bytes) ?? '';
    contents.set(file, {
      md5: md5Of(bytes),
      heading: firstHeading(text),
      ...linkedFiles(text, file),
    });
  }
  return contents;
}

/** Pages of the index whose files have another name now, with the same content. @returns the new files by the old ones */
function findRenamed(
  index: FolderIndex | undefined,
  contents: ReadonlyMap<string, Content>,
): ReadonlyMap<string, string> {
  if (index === undefined) return new Map();
  const known = new Set(index.pages.map(({ file }) => file));
  const added = [...contents].filter(([file]) => !known.has(file));
  const byMd5 = onlyOnes(added.map(([file, { md5 }]) => [md5, file]));
  const synced = index.wikis.flatMap(({ pages }) => pages);
  const lost = new Map(
    synced.filter(({ file }) => !contents.has(file)).map(({ file, md5 }) => [file, md5]),
  );
  const lostByMd5 = onlyOnes([...lost].map(([file, md5]) => [md5, file]));
  return new Map(
    [...lostByMd5].flatMap(([md5, old]) => {
      const file = old.endsWith('/') ? undefined : byMd5.get(md5);
      return file === undefined ? [] : [[old, file] as const];
    }),
  );
}

/** The entries whose key occurs once. */
function onlyOnes(entries: readonly (readonly [string, string])[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const [key] of entries) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map(entries.filter(([key]) => counts.get(key) === 1));
}

/** Pages of the index by the files that they have now. */
function indexedPages(
  index: FolderIndex | undefined,
  contents: ReadonlyMap<string, Content>,
  renamed: ReadonlyMap<string, string>,
): ReadonlyMap<string, IndexPage & { was: string }> {
  const pages = new Map<string, IndexPage & { was: string }>();
  for (const page of index?.pages ?? []) {
    const { file: was } = page;
    const moved = renamed.get(was);
    const file = moved ?? was;
    if (!file.endsWith('/') && !contents.has(file)) continue;
    // A file that was moved to another folder is below the page of that folder.
    const isElsewhere = moved !== undefined && posix.dirname(moved) !== posix.dirname(was);
    const above = page.parent === undefined ? undefined : (renamed.get(page.parent) ?? page.parent);
    pages.set(file, { ...page, was, parent: isElsewhere ? undefined : above });
  }
  return pages;
}

/** The first heading, else the name of the file or folder. */
function titleOf(directory: string, file: string, { heading }: Content): string {
  if (heading !== undefined) return heading;
  if (file === './') return basename(directory);
  const stem = posix.basename(stemOf(file));
  if (!/^(?:readme|index)$/i.test(stem)) return stem;
  const folder = posix.dirname(file);
  return folder === '.' ? basename(directory) : posix.basename(folder);
}

/** The files of a page: those of the index, those in its folder for files, and those to which its text links. */
function attachmentsOf(
  page: string,
  {
    known,
    content,
    contents,
    files,
    folders,
  }: {
    known: IndexPage | undefined;
    content: Content;
    contents: ReadonlyMap<string, Content>;
    files: ReadonlySet<string>;
    folders: ReadonlyMap<string, readonly string[]>;
  },
): IndexAttachment[] {
  const linked = known?.links === 'synapse' ? [] : content.linked;
  const isLinked = new Set(linked);
  const found = new Map<string, IndexAttachment>();
  const names = new Set<string>();
  for (const attachment of known?.attachments ?? []) {
    const { file, name } = attachment;
    const isOwn = /\.files\//.test(file) || isLinked.has(file);
    if (!files.has(file) || !isOwn) continue;
    found.set(file, attachment);
    names.add(name);
  }
  const inFolder = page.endsWith('/') ? [] : (folders.get(filesFolder(page)) ?? []);
  for (const file of [...inFolder, ...linked]) {
    if (!files.has(file) || contents.has(file) || found.has(file)) continue;
    const name = freeName(file, names);
    names.add(name);
    found.set(file, { file, name });
  }
  return [...found.values()];
}

function byFolder(files: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const file of [...files].sort()) {
    const folder = posix.dirname(file);
    const others = folders.get(folder);
    if (others === undefined) folders.set(folder, [file]);
    else others.push(file);
  }
  return folders;
}

/** A name that Synapse accepts. Two files of one name in different folders get different ones. */
function freeName(file: string, taken: ReadonlySet<string>): string {
  const name = safeEntityName(posix.basename(file));
  return taken.has(name) ? safeEntityName(file) : name;
}
