import { lazyListing } from '../api/listing.js';
import type { Readable } from 'node:stream';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import type { DownloadStreamOptions } from '../transfer/downloadStream.js';
import type { EntityRef } from '../values/ids.js';
import type { CopiedWikiPage, CopyWikiOptions } from './copyWiki.js';
import type { GetAttachmentOptions } from './downloadAttachment.js';
import type { WikiPageQuery } from './getPage.js';
import type { ExportWikiOptions, WikiExport } from './folder/exportWiki.js';
import type { ImportWikiOptions, WikiImport } from './folder/importWiki.js';
import type { WikiAttachments, WikiVersionOptions } from './listAttachments.js';
import type { MarkdownFileOptions } from './markdownFile.js';
import type { WikiOrder } from './orderHint.js';
import type { WikiVersion } from './pageHistory.js';
import type { WikiPageRef } from './pageIdOf.js';
import type { WikiTree } from './pageTree.js';
import type { WikiPageInput } from './storePage.js';
import type { WikiOwner } from './wikiOwner.js';
import type { WikiHeader, WikiPage, WikiPageInfo } from './wikiPage.js';

/**
 * The pages that describe entities, evaluations and access requirements: `syn.wiki`.
 *
 * The owner of a wiki is an entity (an id, or an object), `{ evaluation }` or `{ accessRequirement }`. A page is given by its id or
 * as an object; without one, the root page is meant.
 */
export class Wiki {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads a page with its text.
   *
   * @example
   * const home = await syn.wiki.get('syn123');
   * const methods = await syn.wiki.get('syn123', { title: 'Methods' });
   *
   * @param which - The `id` or the `title` of the page. Default: the root page.
   * @throws {@link NotFoundError} when there is no such page, or the owner has no wiki.
   * @throws {@link ArgumentError} when several pages have the title.
   * @throws {@link DownloadError} when the text is damaged, or is not UTF-8.
   * @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2/wikiId.html
   */
  async get(owner: WikiOwner, which: WikiPageQuery = {}): Promise<WikiPage> {
    const { getPage } = await import('./getPage.js');
    return getPage(this.#ctx, owner, which);
  }

  /**
   * Stores a page: updates the one with its id, or creates one below `parentId`; without both, creates or updates the root page.
   * Nothing is sent when nothing changes. Each update adds a version to the history of the page.
   *
   * @example
   * const home = await syn.wiki.store('syn123', { title: 'Home', markdown: '# Hello', attachments: ['plot.png'] });
   * await syn.wiki.store('syn123', { title: 'Methods', parentId: home.id, markdown: { path: 'methods.md' } });
   *
   * @returns The page as it is now, without its text.
   * @throws {@link ArgumentError} for two attachments with one name, an empty attachment, and a text that is not UTF-8, before
   * anything is sent.
   * @throws {@link FileSystemError} when a local file cannot be read.
   * @throws {@link NotFoundError} when the owner, the page or the parent does not exist.
   * @throws {@link PreconditionFailedError} when another user changed the page since it was read.
   * @see https://rest-docs.synapse.org/rest/POST/entity/ownerId/wiki2.html
   */
  async store(
    owner: WikiOwner,
    page: WikiPageInput,
    options: CommonOptions = {},
  ): Promise<WikiPageInfo> {
    const { storePage } = await import('./storePage.js');
    return storePage(this.#ctx, owner, page, options);
  }

  /**
   * Deletes a page and all pages below it, with their histories. It cannot be undone. A page that is not there is no error.
   *
   * @throws {@link AuthorizationError} when the caller may not delete it.
   * @see https://rest-docs.synapse.org/rest/DELETE/entity/ownerId/wiki2/wikiId.html
   */
  async delete(owner: WikiOwner, page: WikiPageRef, options: CommonOptions = {}): Promise<void> {
    const { deletePage } = await import('./deletePage.js');
    return deletePage(this.#ctx, owner, page, options);
  }

  /**
   * Lists the versions of a page, newest first. Synapse keeps the last 100.
   *
   * @throws {@link NotFoundError} when there is no such page.
   * @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2/wikiId/wikihistory.html
   */
  history(
    owner: WikiOwner,
    page?: WikiPageRef,
    options: CommonOptions = {},
  ): AsyncIterable<WikiVersion> {
    return lazyListing(async () => {
      const { pageHistory } = await import('./pageHistory.js');
      return pageHistory(this.#ctx, owner, page, options);
    });
  }

  /**
   * Makes an earlier version of a page the current one. This adds a version.
   *
   * @param version - The first version of a page is 0.
   * @throws {@link NotFoundError} when there is no such page or version.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/ownerId/wiki2/wikiId/wikiVersion.html
   */
  async restore(
    owner: WikiOwner,
    page: WikiPageRef,
    version: number,
    options: CommonOptions = {},
  ): Promise<WikiPageInfo> {
    const { restoreVersion } = await import('./pageHistory.js');
    return restoreVersion(this.#ctx, owner, page, version, options);
  }

  /**
   * Lists the pages of a wiki, parents before their children. Pages of the list are requested as they are needed.
   *
   * @throws {@link NotFoundError} when the owner does not exist, or has no wiki.
   * @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wikiheadertree2.html
   */
  headers(owner: WikiOwner, options: CommonOptions = {}): AsyncIterable<WikiHeader> {
    return lazyListing(async () => {
      const { listHeaders } = await import('./listHeaders.js');
      return listHeaders(this.#ctx, owner, options);
    });
  }

  /**
   * Reads the tree of pages, in the order in which the website shows them.
   *
   * @returns The root page, with the pages below it.
   * @throws {@link NotFoundError} when the owner does not exist, or has no wiki.
   */
  async tree(owner: WikiOwner, options: CommonOptions = {}): Promise<WikiTree> {
    const { wikiTree } = await import('./listHeaders.js');
    return wikiTree(this.#ctx, owner, options);
  }

  /**
   * Lists the files of a page: attachments, and previews that Synapse made of them.
   *
   * @throws {@link NotFoundError} when there is no such page.
   * @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2/wikiId/attachmenthandles.html
   */
  async attachments(
    owner: WikiOwner,
    page?: WikiPageRef,
    options: WikiVersionOptions = {},
  ): Promise<WikiAttachments> {
    const { listAttachments } = await import('./listAttachments.js');
    return listAttachments(this.#ctx, owner, page, options);
  }

  /**
   * Downloads an attachment. The file appears only when it is complete and its MD5 matches.
   *
   * @param name - The name of the attachment.
   * @returns The path of the file.
   * @throws {@link NotFoundError} when the page has no attachment of that name.
   * @throws {@link FileSystemError} when the file exists and `overwrite` is not set, or cannot be written.
   */
  async getAttachment(
    owner: WikiOwner,
    page: WikiPageRef | undefined,
    name: string,
    options: GetAttachmentOptions = {},
  ): Promise<string> {
    const { downloadAttachment } = await import('./downloadAttachment.js');
    return downloadAttachment(this.#ctx, { owner, page, name }, options);
  }

  /**
   * Streams an attachment, or a range of it. Destroy the stream to stop the download.
   *
   * @throws {@link NotFoundError} when the page has no attachment of that name.
   */
  async streamAttachment(
    owner: WikiOwner,
    page: WikiPageRef | undefined,
    name: string,
    options: DownloadStreamOptions & WikiVersionOptions = {},
  ): Promise<Readable> {
    const { streamAttachment } = await import('./downloadAttachment.js');
    return streamAttachment(this.#ctx, { owner, page, name }, options);
  }

  /**
   * Downloads the preview of an attachment.
   *
   * @param name - The name of the attachment, not of the preview.
   * @returns The path of the file, which has the name of the preview (`preview.png`), unless `fileName` gives another.
   * @throws {@link NotFoundError} when the page has no attachment of that name, or the attachment has no preview.
   * @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2/wikiId/attachmentpreview.html
   */
  async getAttachmentPreview(
    owner: WikiOwner,
    page: WikiPageRef | undefined,
    name: string,
    options: GetAttachmentOptions = {},
  ): Promise<string> {
    const { downloadAttachment } = await import('./downloadAttachment.js');
    return downloadAttachment(this.#ctx, { owner, page, name }, { ...options, preview: true });
  }

  /**
   * Downloads the text of a page to a file. A text of any size is streamed.
   *
   * @returns The path of the file.
   * @throws {@link NotFoundError} when there is no such page.
   * @throws {@link FileSystemError} when the file exists and `overwrite` is not set, or cannot be written.
   */
  async markdownFile(
    owner: WikiOwner,
    page: WikiPageRef | undefined,
    options: MarkdownFileOptions,
  ): Promise<string> {
    const { markdownFile } = await import('./markdownFile.js');
    return markdownFile(this.#ctx, owner, page, options);
  }

  /**
   * Reads the order in which the website shows the pages of an entity's wiki.
   *
   * @throws {@link NotFoundError} when the entity has no wiki.
   * @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2orderhint.html
   */
  async orderHint(entity: EntityRef, options: CommonOptions = {}): Promise<WikiOrder> {
    const { getOrderHint } = await import('./orderHint.js');
    return getOrderHint(this.#ctx, entity, options);
  }

  /**
   * Sets the order in which the website shows the pages of an entity's wiki. Nothing is sent when it has that order.
   *
   * @param ids - The ids of pages. Pages that are not among them follow.
   * @param options - With an `etag`, the order is set only if it still has that etag.
   * @throws {@link PreconditionFailedError} when another user changed the order meanwhile.
   * @see https://rest-docs.synapse.org/rest/PUT/entity/ownerId/wiki2orderhint.html
   */
  async setOrderHint(
    entity: EntityRef,
    ids: readonly string[],
    options: CommonOptions & { etag?: string } = {},
  ): Promise<WikiOrder> {
    const { setOrderHint } = await import('./orderHint.js');
    return setOrderHint(this.#ctx, entity, ids, options);
  }

  /**
   * Copies the wiki of an entity to another entity: pages, attachments and the order of the pages, but not the history. Attachments
   * are copied by Synapse. In the texts, links to the copied pages lead to the copies.
   *
   * The first page replaces the content of the root page of the destination, if there is one, or of `destinationSubPageId`; what
   * was there stays in the history of that page. The other pages are added below it, each time the wiki is copied.
   *
   * @returns The copies, parents first; none when the entity has no wiki.
   * @throws {@link NotFoundError} when an entity or `destinationSubPageId` does not exist.
   * @throws {@link ArgumentError} when the wiki has no page `entitySubPageId`, or a page would be copied over itself.
   * @throws {@link AuthorizationError} when the caller may not download an attachment, before anything is written.
   */
  async copy(
    from: EntityRef,
    to: EntityRef,
    options: CopyWikiOptions = {},
  ): Promise<CopiedWikiPage[]> {
    const { copyWiki } = await import('./copyWiki.js');
    return copyWiki(this.#ctx, from, to, options);
  }

  /**
   * Writes a wiki to a folder: a Markdown file for each page, sub-pages in a folder of the page's name, attachments in a folder
   * beside (`Home.md`, `Home/Methods.md`, `Home.files/plot.png`), and `wiki.json` with what the files cannot say: ids, titles, the
   * order of the pages, media types. Links between the pages become links between the files. {@link import} makes the same wiki of it.
   *
   * Exporting again to the same folder fetches what has changed in Synapse. A file that was changed in the folder is kept.
   *
   * @example
   * await syn.wiki.export('syn123', 'wiki');
   *
   * @returns The files; `failures` has what could not be exported.
   * @throws {@link ArgumentError} when the folder has other files, and `overwrite` is not set.
   * @throws {@link NotFoundError} when the owner does not exist, or has no wiki.
   * @throws {@link FileSystemError} when the folder cannot be written.
   */
  async export(
    owner: WikiOwner,
    directory: string,
    options: ExportWikiOptions = {},
  ): Promise<WikiExport> {
    const { exportWiki } = await import('./folder/exportWiki.js');
    return exportWiki(this.#ctx, owner, directory, options);
  }

  /**
   * Makes a wiki of a folder: of an export, or of any Markdown files. Only what is different is sent: a second import sends nothing. A
   * page is updated in place, and the `wiki.json` of the folder keeps what was done, for each wiki.
   *
   * Titles of new files are their first headings. Links between files become links between the pages; images and other files of the
   * folder to which a page links become its attachments. Folders are pages, described by `name.md`, `README.md` or `index.md`.
   *
   * @example
   * const { pages, failures } = await syn.wiki.import('docs', 'syn123');
   *
   * @returns What was done with each page; `failures` has what could not be stored, for example pages that were changed in Synapse
   * since the export.
   * @throws {@link ArgumentError} when the folder has no Markdown files, or its `wiki.json` is damaged, before anything is sent.
   * @throws {@link NotFoundError} when the owner does not exist.
   */
  async import(
    directory: string,
    owner: WikiOwner,
    options: ImportWikiOptions = {},
  ): Promise<WikiImport> {
    const { importWiki } = await import('./folder/importWiki.js');
    return importWiki(this.#ctx, directory, owner, options);
  }
}
