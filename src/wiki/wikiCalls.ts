import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { OwnerId } from './wikiOwner.js';

/** Headers of one request. */
const headersLimit = 50;
/** Versions of one request. */
const historyLimit = 100;

/** Which page, and which version of it. */
export interface PageVersion {
  wikiId: string;
  wikiVersion?: number | undefined;
}

/** The operations on the wiki of one owner. Each kind of owner has operations of its own, which are the same. */
export class WikiCalls {
  readonly #ctx: Context;
  readonly #kind: OwnerId['kind'];
  readonly #ownerId: string;

  constructor(ctx: Context, { kind, id }: OwnerId) {
    this.#ctx = ctx;
    this.#kind = kind;
    this.#ownerId = id;
  }

  /** @see https://rest-docs.synapse.org/rest/POST/entity/ownerId/wiki2.html */
  create(body: M.V2WikiPage, options: CallOptions): Promise<M.V2WikiPage> {
    return this.#wiki[`create${this.#kind}WikiPage`]({ ownerId: this.#ownerId, body }, options);
  }

  /** The root page. @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2.html */
  root(options: CallOptions): Promise<M.V2WikiPage> {
    return this.#wiki[`get${this.#kind}RootWikiPage`]({ ownerId: this.#ownerId }, options);
  }

  /** @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2/wikiId.html */
  get(page: PageVersion, options: CallOptions): Promise<M.V2WikiPage> {
    return this.#wiki[`get${this.#kind}WikiPage`]({ ownerId: this.#ownerId, ...page }, options);
  }

  /** @see https://rest-docs.synapse.org/rest/PUT/entity/ownerId/wiki2/wikiId.html */
  update(body: M.V2WikiPage & { id: string }, options: CallOptions): Promise<M.V2WikiPage> {
    const args = { ownerId: this.#ownerId, wikiId: body.id, body };
    return this.#wiki[`update${this.#kind}WikiPage`](args, options);
  }

  /** @see https://rest-docs.synapse.org/rest/DELETE/entity/ownerId/wiki2/wikiId.html */
  delete(wikiId: string, options: CallOptions): Promise<void> {
    return this.#wiki[`delete${this.#kind}WikiPage`]({ ownerId: this.#ownerId, wikiId }, options);
  }

  /** @see https://rest-docs.synapse.org/rest/PUT/entity/ownerId/wiki2/wikiId/wikiVersion.html */
  restore(wikiId: string, wikiVersion: number, options: CallOptions): Promise<M.V2WikiPage> {
    const args = { ownerId: this.#ownerId, wikiId, wikiVersion };
    return this.#wiki[`restore${this.#kind}WikiPageVersion`](args, options);
  }

  /** Parents come before their children. @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wikiheadertree2.html */
  headers(options: CallOptions): AsyncIterable<M.V2WikiHeader> {
    const args = { ownerId: this.#ownerId, limit: headersLimit };
    return this.#ctx.http.paginate(`wiki.list${this.#kind}WikiHeaders`, args, options);
  }

  /** Newest first. @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2/wikiId/wikihistory.html */
  history(wikiId: string, options: CallOptions): AsyncIterable<M.V2WikiHistorySnapshot> {
    const args = { ownerId: this.#ownerId, wikiId, limit: historyLimit };
    return this.#ctx.http.paginate(`wiki.list${this.#kind}WikiHistory`, args, options);
  }

  /** With previews. @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2/wikiId/attachmenthandles.html */
  async attachments(page: PageVersion, options: CallOptions): Promise<M.FileHandle[]> {
    const args = { ownerId: this.#ownerId, ...page };
    const { list } = await this.#wiki[`list${this.#kind}WikiAttachmentHandles`](args, options);
    return list;
  }

  /** @see https://rest-docs.synapse.org/rest/GET/entity/ownerId/wiki2/wikiId/attachmentpreview.html */
  previewUrl(page: PageVersion, fileName: string, options: CallOptions): Promise<string> {
    const args = { ownerId: this.#ownerId, ...page, fileName };
    return this.#wiki[`get${this.#kind}WikiAttachmentPreviewUrl`](args, options);
  }

  get #wiki(): Context['services']['wiki'] {
    return this.#ctx.services.wiki;
  }
}
