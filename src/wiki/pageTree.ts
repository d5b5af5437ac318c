import type { WikiHeader } from './wikiPage.js';

/** A page with the pages below it. */
export interface WikiTree extends WikiHeader {
  children: WikiTree[];
}

/**
 * Builds the tree of pages. Children are in the order of the list, or in that of the order hint, if there is one.
 *
 * @returns The root page. A page whose parent is not in the list is left out, and so are pages that are below themselves.
 */
export function pageTree(
  headers: readonly WikiHeader[],
  order: readonly string[] = [],
): WikiTree | undefined {
  const root = headers.find(({ parentId }) => parentId === undefined);
  if (root === undefined) return undefined;
  const children = childrenOf(inOrder(headers, order));
  const top: WikiTree = { ...root, children: [] };
  const seen = new Set([top.id]);
  const pending = [top];
  for (const page of pending) {
    for (const child of children.get(page.id) ?? []) {
      if (seen.has(child.id)) continue;
      seen.add(child.id);
      page.children.push({ ...child, children: [] });
    }
    pending.push(...page.children);
  }
  return top;
}

/** Pages with a place in the hint come first. */
function inOrder(headers: readonly WikiHeader[], order: readonly string[]): WikiHeader[] {
  const places = new Map(order.map((id, index) => [id, index]));
  const placeOf = ({ id }: WikiHeader): number => places.get(id) ?? order.length;
  return [...headers].sort((a, b) => placeOf(a) - placeOf(b));
}

function childrenOf(headers: readonly WikiHeader[]): Map<string, WikiHeader[]> {
  const children = new Map<string, WikiHeader[]>();
  for (const header of headers) {
    if (header.parentId === undefined) continue;
    const siblings = children.get(header.parentId);
    if (siblings === undefined) children.set(header.parentId, [header]);
    else siblings.push(header);
  }
  return children;
}

/**
 * Selects a page and all pages below it, parents first. The page itself has no parent then.
 *
 * @returns `undefined` when the page is not in the list.
 */
export function subtree(headers: readonly WikiHeader[], pageId: string): WikiHeader[] | undefined {
  const top = headers.find(({ id }) => id === pageId);
  if (top === undefined) return undefined;
  const children = childrenOf(headers);
  const selected: WikiHeader[] = [];
  const seen = new Set<string>();
  const pending: WikiHeader[] = [{ ...top, parentId: undefined }];
  for (let page = pending.pop(); page !== undefined; page = pending.pop()) {
    if (seen.has(page.id)) continue;
    seen.add(page.id);
    selected.push(page);
    pending.push(...(children.get(page.id) ?? []).toReversed());
  }
  return selected;
}
