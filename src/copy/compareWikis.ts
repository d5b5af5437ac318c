import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { pool } from '../transfer/pool.js';
import { stringifyJson } from '../values/json.js';
import { readPages } from '../wiki/readPages.js';
import { rewriteMarkdown } from '../wiki/rewriteMarkdown.js';
import { WikiCalls } from '../wiki/wikiCalls.js';
import { pageHeader, type WikiHeader, type WikiPage } from '../wiki/wikiPage.js';

/** Two wikis to compare: one, and what may be its copy. */
export interface WikisToCompare {
  from: string;
  to: string;
  updateLinks: boolean;
  /** The ids of copies by those of the originals. */
  entities: ReadonlyMap<string, string>;
}

/** How a wiki compares with what may be its copy. */
export interface WikiComparison {
  /** Whether the other one has nothing but an empty page. */
  isEmpty: boolean;
  isSame: boolean;
  /** The pages of the other one by the pages that they correspond to. */
  pairs: Map<string, string>;
}

/** Compares a wiki with another one: the titles, the texts as a copy would have them, and the attachments by name and content. */
export async function compareWikis(
  ctx: Context,
  { from, to, updateLinks, entities }: WikisToCompare,
  signal: AbortSignal | undefined,
): Promise<WikiComparison> {
  const one = new WikiCalls(ctx, { kind: 'Entity', id: from });
  const other = new WikiCalls(ctx, { kind: 'Entity', id: to });
  const [pages, others] = await Promise.all([
    pagesOf(ctx, one, signal),
    pagesOf(ctx, other, signal),
  ]);
  const pairs = pairsOf(pages, others);
  const byId = new Map(others.map((page) => [page.id, page]));
  const owner = updateLinks ? { from, to } : undefined;
  const hasText = (page: WikiPage): boolean => {
    const copy = byId.get(pairs.get(page.id) ?? '');
    const expected = rewriteMarkdown(page.markdown, { owner, pages: pairs, entities });
    return copy?.markdown === expected && (copy.title ?? '') === (page.title ?? '');
  };
  const [first] = others;
  const isEmpty =
    others.length === 1 &&
    first?.markdown.trim() === '' &&
    first.attachmentFileHandleIds.length === 0;
  const isSame =
    pages.every(hasText) && (await haveSameFiles({ one, other, pages, byId, pairs }, signal));
  return { isEmpty, isSame, pairs };
}

async function pagesOf(
  ctx: Context,
  wiki: WikiCalls,
  signal: AbortSignal | undefined,
): Promise<WikiPage[]> {
  const headers: WikiHeader[] = [];
  for await (const header of wiki.headers({ signal })) headers.push(pageHeader(header));
  return readPages(ctx, wiki, headers, { signal });
}

/** Pages correspond when they have the same titles, down from the root pages, which always correspond. */
function pairsOf(pages: readonly WikiPage[], others: readonly WikiPage[]): Map<string, string> {
  const pairs = new Map<string, string>();
  const taken = new Set<string>();
  // Parents come before their children.
  for (const page of pages) {
    const parentId = page.parentId === undefined ? undefined : pairs.get(page.parentId);
    if (page.parentId !== undefined && parentId === undefined) continue;
    const found = others.find(
      (other) =>
        !taken.has(other.id) &&
        other.parentId === parentId &&
        (parentId === undefined || (other.title ?? '') === (page.title ?? '')),
    );
    if (found === undefined) continue;
    taken.add(found.id);
    pairs.set(page.id, found.id);
  }
  return pairs;
}

interface Comparing {
  one: WikiCalls;
  other: WikiCalls;
  pages: readonly WikiPage[];
  byId: ReadonlyMap<string, WikiPage>;
  pairs: ReadonlyMap<string, string>;
}

/** Pages to compare at the same time. */
const atOnce = 8;

async function haveSameFiles(
  { one, other, pages, byId, pairs }: Comparing,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const filesOf = async (wiki: WikiCalls, wikiId: string): Promise<string> =>
    namesOf(await wiki.attachments({ wikiId }, { signal }));
  const compare = async (page: WikiPage): Promise<boolean> => {
    const copy = byId.get(pairs.get(page.id) ?? '');
    const count = page.attachmentFileHandleIds.length;
    if (count === 0 && copy?.attachmentFileHandleIds.length === 0) return true;
    if (copy === undefined) return false;
    const [files, copied] = await Promise.all([filesOf(one, page.id), filesOf(other, copy.id)]);
    return files === copied;
  };
  for await (const isSame of pool(pages, { limit: atOnce, signal }, compare)) {
    if (!isSame) return false;
  }
  return true;
}

function namesOf(handles: readonly M.FileHandle[]): string {
  const files = handles.filter((handle) => !('isPreview' in handle && handle.isPreview === true));
  return stringifyJson(files.map(({ fileName, contentMd5 }) => `${fileName}/${contentMd5}`).sort());
}
