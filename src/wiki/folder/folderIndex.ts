import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgumentError, fileSystemError, systemCode } from '../../errors.js';
import { readInput } from '../../files/readInput.js';
import { quoted } from '../../values/quoted.js';
import type { OwnerId } from '../wikiOwner.js';
import { isInside } from './folderPaths.js';
import { writeWhole } from './writeWhole.js';

/** The name of the file that describes a folder with a wiki. */
export const indexName = 'wiki.json';

const format = 'synapse-wiki-folder';
const version = 1;

/** An attachment in a folder. Paths are relative to the folder, with `/`. */
export interface IndexAttachment {
  file: string;
  /** The name in Synapse. */
  name: string;
  contentType?: string | undefined;
}

/** A page in a folder. */
export interface IndexPage {
  /** The file with the text; `name/` for a page that only holds the pages of a folder. */
  file: string;
  /** The id of the page in the wiki of {@link FolderIndex.owner}: texts refer to pages by these ids. */
  id?: string | undefined;
  title?: string | undefined;
  /** The file of the page above. */
  parent?: string | undefined;
  /** `synapse` for a text in which relative links are not links to pages of the folder. */
  links?: 'synapse' | undefined;
  attachments: readonly IndexAttachment[];
}

/** What a page and its file were when they were last the same. */
export interface SyncedPage {
  file: string;
  id: string;
  etag: string;
  title?: string | undefined;
  parent?: string | undefined;
  /** MD5 of the file. */
  md5: string;
  /** MD5 of the text in Synapse, where links have ids. */
  stored: string;
  attachments: readonly SyncedAttachment[];
}

/** An attachment as it was then. */
export interface SyncedAttachment {
  name: string;
  /** The file handle. */
  id: string;
  md5: string;
}

/** The wiki of one owner as the folder last knew it. */
export interface SyncedWiki {
  owner: OwnerId;
  /** When the root page was created: another Synapse can have a wiki of the same owner and ids. */
  createdOn?: string | undefined;
  order: readonly string[];
  pages: readonly SyncedPage[];
}

/** What the file of a folder says. */
export interface FolderIndex {
  owner: OwnerId;
  pages: readonly IndexPage[];
  /** Files of pages in the order in which the website shows them. */
  order: readonly string[];
  wikis: readonly SyncedWiki[];
}

/** What a folder knows of the wiki of an owner. */
export function wikiOf(index: FolderIndex, { kind, id }: OwnerId): SyncedWiki | undefined {
  return index.wikis.find(({ owner }) => owner.kind === kind && owner.id === id);
}

/**
 * Reads the index of a folder.
 *
 * @returns `undefined` when the folder has none.
 * @throws {@link ArgumentError} when it is damaged, or names files outside of the folder.
 * @throws {@link FileSystemError} when it cannot be read.
 */
export async function readIndex(directory: string): Promise<FolderIndex | undefined> {
  const path = join(directory, indexName);
  let text: string;
  try {
    if (!(await lstat(path)).isFile()) throw new ArgumentError(`${path} is not a regular file.`);
    text = (await readInput(path)).toString('utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw fileSystemError('Cannot read', path, cause);
  }
  try {
    return indexFrom(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ArgumentError(
      `${path} is not an index of a wiki that this version can read: ${why} Restore it, or export the wiki to another folder.`,
      { cause },
    );
  }
}

/** Writes the index of a folder in one step. */
export function writeIndex(directory: string, index: FolderIndex): Promise<void> {
  const { owner, pages, order, wikis } = index;
  const text = `${JSON.stringify({ format, version, owner, pages, order, wikis }, null, 2)}\n`;
  return writeWhole(join(directory, indexName), Buffer.from(text));
}

function indexFrom(value: unknown): FolderIndex {
  const index = members(value, 'the file');
  if (index.format !== format) throw new Error(`it has no "format": "${format}".`);
  if (index.version !== version) throw new Error(`its version is not ${version}.`);
  const pages = list(index.pages, 'pages').map(pageFrom);
  const files = pages.map(({ file }) => file);
  if (new Set(files).size !== files.length) throw new Error('it names a file twice.');
  return {
    owner: ownerFrom(index.owner),
    pages,
    order: list(index.order, 'order').map(pagePath),
    wikis: list(index.wikis, 'wikis').map(wikiFrom),
  };
}

function pageFrom(value: unknown): IndexPage {
  const page = members(value, 'a page');
  return {
    file: pagePath(page.file),
    id: optional(page.id, text),
    title: optional(page.title, text),
    parent: optional(page.parent, pagePath),
    links: page.links === 'synapse' ? 'synapse' : undefined,
    attachments: list(page.attachments, 'attachments').map((each) => {
      const attachment = members(each, 'an attachment');
      return {
        file: inside(attachment.file),
        name: text(attachment.name),
        contentType: optional(attachment.contentType, text),
      };
    }),
  };
}

function wikiFrom(value: unknown): SyncedWiki {
  const wiki = members(value, 'a wiki');
  return {
    owner: ownerFrom(wiki.owner),
    createdOn: optional(wiki.createdOn, text),
    order: list(wiki.order, 'order').map(pagePath),
    pages: list(wiki.pages, 'pages').map((each) => {
      const page = members(each, 'a page');
      return {
        file: pagePath(page.file),
        id: text(page.id),
        etag: text(page.etag),
        title: optional(page.title, text),
        parent: optional(page.parent, pagePath),
        md5: text(page.md5),
        stored: text(page.stored),
        attachments: list(page.attachments, 'attachments').map((file) => {
          const attachment = members(file, 'an attachment');
          return {
            name: text(attachment.name),
            id: text(attachment.id),
            md5: text(attachment.md5),
          };
        }),
      };
    }),
  };
}

function ownerFrom(value: unknown): OwnerId {
  const { kind, id } = members(value, 'owner');
  if (kind === 'Entity' || kind === 'Evaluation' || kind === 'AccessRequirement') {
    return { kind, id: text(id) };
  }
  throw new Error(`${quoted(kind)} is not a kind of owner.`);
}

function members(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  throw new Error(`${what} is not an object.`);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`"${what}" is not a list.`);
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`${quoted(value)} is not a text.`);
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

function inside(value: unknown): string {
  const path = text(value);
  if (isInside(path)) return path;
  throw new Error(`${quoted(path)} is not a path within the folder.`);
}

function pagePath(value: unknown): string {
  const path = text(value);
  // The root page of a folder that has no file for it.
  if (path === './') return path;
  if (isInside(path.replace(/\/$/, '')) && /(?:\.md|\/)$/i.test(path)) return path;
  throw new Error(`${quoted(path)} is not the path of a page within the folder.`);
}
