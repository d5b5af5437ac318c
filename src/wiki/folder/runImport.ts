import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type * as M from '../../../generated/models.js';
import { SynapseError, type Failure } from '../../errors.js';
import { pool } from '../../transfer/pool.js';
import { uploadMarkdown } from '../uploadMarkdown.js';
import { pageInfo } from '../wikiPage.js';
import { createPage, updatePage } from '../writePage.js';
import type { SyncedAttachment, SyncedPage } from './folderIndex.js';
import { md5Of } from './folderText.js';
import { ImportTexts } from './importText.js';
import { keptPages, type ImportTarget, type PagePlan } from './planImport.js';
import { readPageFile, type LocalFolder } from './readFolder.js';
import { copyKnownFiles, uploadAttachments, type FileHandles } from './uploadFiles.js';

const compress = promisify(gzip);

/** Pages whose files are sent at the same time. */
const pagesAtOnce = 4;

/** Writes the pages of a folder to a wiki. */
export class ImportRun {
  readonly failures: Failure[] = [];
  /** What the pages are now, by their files. */
  readonly stored = new Map<string, SyncedPage>();
  /** When the root page was created. */
  createdOn: string | undefined;
  readonly #target: ImportTarget;
  readonly #folder: LocalFolder;
  readonly #ids: Map<string, string>;
  readonly #texts: ImportTexts;
  readonly #added = new Map<PagePlan, readonly SyncedAttachment[]>();

  constructor(target: ImportTarget, folder: LocalFolder, ids: Map<string, string>) {
    this.#target = target;
    this.#folder = folder;
    this.#ids = ids;
    this.#texts = new ImportTexts(folder, target.owner, { ids, kept: keptPages(target) });
  }

  /** Stores the pages, parents first. What cannot be stored is added to the failures. */
  async run(plans: readonly PagePlan[]): Promise<void> {
    for (const { page, synced } of plans.filter(({ action }) => action === 'keep')) {
      const { file, parent, title } = page;
      if (synced !== undefined) this.stored.set(file, { ...synced, file, parent, title });
    }
    const changed = plans.filter(({ action }) => action !== 'keep');
    const copied = await copyKnownFiles(this.#target, this.#folder, changed);
    const texts = await this.#sendFiles(changed, copied);
    const open: { plan: PagePlan; created: M.V2WikiPage }[] = [];
    for (const plan of changed.filter(({ action }) => action === 'create')) {
      const text = texts.get(plan);
      if (text === undefined) continue;
      const created = await this.#attempt(plan, () => this.#create(plan, text));
      if (created !== undefined && text.isOpen) open.push({ plan, created });
    }
    const updates = changed.filter((plan) => plan.action === 'update' && this.#added.has(plan));
    const moved = updates.filter(({ changes }) => changes.includes('parent'));
    for (const plan of moved) await this.#attempt(plan, () => this.#update(plan));
    await this.#together(
      updates.filter((plan) => !moved.includes(plan)),
      (plan) => this.#update(plan),
    );
    await this.#together(open, ({ plan, created }) => this.#finish(plan, created));
  }

  /** Sends the attachments of all pages, and the texts of new ones. */
  async #sendFiles(
    plans: readonly PagePlan[],
    copied: FileHandles,
  ): Promise<ReadonlyMap<PagePlan, { id: string; isOpen: boolean; stored: string }>> {
    const texts = new Map<PagePlan, { id: string; isOpen: boolean; stored: string }>();
    await this.#together(plans, async (plan) => {
      const added = await uploadAttachments(this.#target, this.#folder, plan, copied);
      if (plan.action === 'create') {
        const content = await readPageFile(this.#folder.directory, plan.page.file);
        const { bytes, isOpen } = this.#texts.convert(plan.page, content);
        // Links to pages that do not exist yet are completed later.
        const first = isOpen ? content : bytes;
        texts.set(plan, { id: await this.#upload(first), isOpen, stored: md5Of(first) });
      }
      this.#added.set(plan, added);
    });
    return texts;
  }

  async #together<T extends PagePlan | { plan: PagePlan }>(
    items: readonly T[],
    work: (item: T) => Promise<unknown>,
  ): Promise<void> {
    const { signal } = this.#target.options;
    const running = pool(items, { limit: pagesAtOnce, signal }, (item) =>
      this.#attempt('plan' in item ? item.plan : item, () => work(item)),
    );
    while ((await running.next()).done !== true);
  }

  async #create(
    plan: PagePlan,
    text: { id: string; stored: string },
  ): Promise<M.V2WikiPage | undefined> {
    const { page } = plan;
    const attachments = this.#added.get(plan) ?? [];
    const created = await createPage(
      this.#target.wiki,
      {
        title: page.title,
        parentWikiId: this.#parentOf(plan),
        markdownFileHandleId: text.id,
        attachmentFileHandleIds: attachments.map(({ id }) => id),
      },
      this.#target.options,
    );
    this.#ids.set(page.file, pageInfo(created).id);
    this.#keep(plan, created, { stored: text.stored, attachments });
    return created;
  }

  async #update(plan: PagePlan): Promise<void> {
    const { page, changes, current = {}, kept, present } = plan;
    const content = await readPageFile(this.#folder.directory, page.file);
    const { bytes } = this.#texts.convert(page, content);
    const { id, markdownFileHandleId } = pageInfo(current);
    const added = this.#added.get(plan) ?? [];
    const names = new Set(added.map(({ name }) => name));
    const replaced = new Set(present.filter(({ name }) => names.has(name)).map((each) => each.id));
    const updated = await updatePage(
      this.#target.wiki,
      {
        ...current,
        id,
        title: page.title ?? current.title,
        parentWikiId: this.#parentOf(plan),
        markdownFileHandleId: changes.includes('text')
          ? await this.#upload(bytes)
          : markdownFileHandleId,
        attachmentFileHandleIds: [
          ...kept.filter((each) => !replaced.has(each)),
          ...added.map((each) => each.id),
        ],
      },
      this.#target.options,
    );
    const attachments = [...present.filter(({ name }) => !names.has(name)), ...added];
    this.#keep(plan, updated, { stored: md5Of(bytes), attachments });
  }

  /** Completes the links of a new page. */
  async #finish(plan: PagePlan, created: M.V2WikiPage): Promise<void> {
    const { page } = plan;
    const content = await readPageFile(this.#folder.directory, page.file);
    const { bytes } = this.#texts.convert(page, content);
    const { id } = pageInfo(created);
    const markdownFileHandleId = await this.#upload(bytes);
    const body = { ...created, id, markdownFileHandleId };
    const updated = await updatePage(this.#target.wiki, body, this.#target.options);
    this.#keep(plan, updated, {
      stored: md5Of(bytes),
      attachments: this.#added.get(plan) ?? [],
    });
  }

  #keep(
    { page }: PagePlan,
    stored: M.V2WikiPage,
    content: Pick<SyncedPage, 'attachments' | 'stored'>,
  ): void {
    const { id, etag, createdOn } = pageInfo(stored);
    const { file, title, parent, md5 } = page;
    if (parent === undefined) this.createdOn = createdOn;
    this.stored.set(file, { file, id, etag, title, parent, md5, ...content });
  }

  /** @throws {@link SynapseError} when the page above was not stored */
  #parentOf({ page: { parent } }: PagePlan): string | undefined {
    if (parent === undefined) return undefined;
    const id = this.#ids.get(parent);
    if (id !== undefined) return id;
    throw new SynapseError(`The page above it was not stored: ${parent}.`, { code: 'NOT_STORED' });
  }

  async #upload(bytes: Buffer): Promise<string> {
    const markdown = { compressed: await compress(bytes) };
    return uploadMarkdown(this.#target.ctx, markdown, { signal: this.#target.options.signal });
  }

  /** @returns `undefined` when it failed */
  async #attempt<T>({ page }: PagePlan, work: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this.#target.options;
    try {
      signal?.throwIfAborted();
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const cause = error instanceof Error ? error : new Error(String(error));
      this.failures.push({ path: page.file, error: cause });
      return undefined;
    }
  }
}
