import { posix } from 'node:path';
import type { OwnerId } from '../wikiOwner.js';
import { toPagesOf, toWikiLinks } from './folderLinks.js';
import type { SyncedPage } from './folderIndex.js';
import { stemOf } from './folderPaths.js';
import { textOf } from './folderText.js';
import type { LocalFolder, LocalPage } from './readFolder.js';

/** Stands for the id of a page that does not exist yet. */
const noId = '0';

/** Makes the texts of pages from their files. */
export class ImportTexts {
  readonly #folder: LocalFolder;
  readonly #owner: OwnerId;
  /** Ids of pages in the wiki that is written, by their files, as far as they are known. */
  readonly #ids: Pick<ReadonlyMap<string, string>, 'get'>;
  /** Files of pages by all paths that mean them. */
  readonly #paths = new Map<string, string>();
  /** Files of pages by their ids in the wiki that the folder came from. */
  readonly #byId: ReadonlyMap<string, string>;

  /**
   * @param kept - Pages of the wiki that the folder knows, and that stay there. Links to those without a file stay links to these
   * pages.
   */
  constructor(
    folder: LocalFolder,
    owner: OwnerId,
    { ids, kept }: { ids: ReadonlyMap<string, string>; kept: readonly SyncedPage[] },
  ) {
    this.#folder = folder;
    this.#owner = owner;
    const present = new Set(folder.pages.map(({ was }) => was));
    const gone = kept.filter(({ file }) => !present.has(file));
    const goneIds = new Map(gone.map(({ file, id }) => [file, id]));
    this.#ids = { get: (file) => ids.get(file) ?? goneIds.get(file) };
    for (const { file } of gone) this.#paths.set(file, file);
    const goneSources = (folder.index?.pages ?? []).filter(({ file }) => goneIds.has(file));
    this.#byId = new Map(
      [...goneSources, ...folder.pages].flatMap(({ id, file }) =>
        id === undefined ? [] : [[id, file]],
      ),
    );
    for (const { file, was } of folder.pages) {
      const stem = stemOf(file);
      const isOfFolder = /^(?:readme|index)$/i.test(posix.basename(stem));
      const above = isOfFolder ? posix.dirname(file) : stem;
      for (const path of [`${above}/`, above, was]) {
        if (!this.#paths.has(path)) this.#paths.set(path, file);
      }
    }
    for (const { file } of folder.pages) this.#paths.set(file, file);
  }

  /**
   * The text of a page for Synapse. Bytes that are not UTF-8 stay as they are.
   *
   * @returns `isOpen` when the text has links to pages that do not exist yet.
   */
  convert(page: LocalPage, content: Buffer): { bytes: Buffer; isOpen: boolean } {
    const text = textOf(content);
    if (text === undefined) return { bytes: content, isOpen: false };
    let isOpen = false;
    const idOf = (file: string | undefined): string | undefined => {
      if (file === undefined) return undefined;
      const id = this.#ids.get(file);
      isOpen ||= id === undefined;
      return id ?? noId;
    };
    const source = this.#folder.index?.owner;
    const pages = { get: (id: string) => idOf(this.#byId.get(id)) };
    const own =
      source === undefined ? text : toPagesOf(text, { from: source, to: this.#owner }, pages);
    if (page.links === 'synapse') return { bytes: Buffer.from(own), isOpen };
    const names = new Map(page.attachments.map(({ file, name }) => [file, name]));
    const linked = toWikiLinks(own, page.file, {
      owner: this.#owner,
      pageOf: (path) => idOf(this.#paths.get(path)),
      attachmentOf: (path) => names.get(path),
    });
    return { bytes: Buffer.from(linked), isOpen };
  }
}
