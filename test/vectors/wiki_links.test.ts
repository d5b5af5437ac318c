import { describe, expect } from '@jest/globals';
import { subtree } from '../../src/wiki/pageTree.js';
import { rewriteMarkdown } from '../../src/wiki/rewriteMarkdown.js';
import type { WikiHeader } from '../../src/wiki/wikiPage.js';
import { readVectors, testEach } from './readVectors.js';

interface Input {
  fn: 'rewrite' | 'sub_wiki_headers' | 'updateSynIds_only';
  entity?: string;
  destinationId: string;
  wikiIdMap: Record<string, string>;
  entityMap: Record<string, string>;
  markdown: string;
  headers: WikiHeader[];
  subPageId: string;
}

const mapOf = (record: Record<string, string> = {}): Map<string, string> =>
  new Map(Object.entries(record));

/** The words of a text and what is between them. */
const partsOf = (text: string): string[] => text.split(/([\p{L}\p{N}_]+)/u);

/** The rules of rewriteMarkdown, written down another way. */
function byWords({ entity, destinationId, wikiIdMap, entityMap, markdown }: Input): string {
  const [pages, entities] = [mapOf(wikiIdMap), mapOf(entityMap)];
  const parts = partsOf(markdown);
  parts.forEach((word, index) => {
    if (index % 2 === 0 || !/^syn\d+$/.test(word)) return;
    const [slash, wiki, slash2, page = ''] = parts.slice(index + 1, index + 5);
    const isLink = slash === '/' && wiki === 'wiki' && slash2 === '/' && /^\d+$/.test(page);
    const isCopied = word === entity && pages.has(page);
    if (isLink && !isCopied) return;
    parts[index] = word === entity ? destinationId : (entities.get(word) ?? word);
    if (isLink) parts[index + 4] = pages.get(page) ?? page;
  });
  return parts.join('');
}

/**
 * Departures, see docs/departures.md: an id is a whole word; each reference is replaced once; a link to a page that is not copied
 * stays as it is.
 */
function isDeparture({ entity, destinationId, wikiIdMap, entityMap, markdown }: Input): boolean {
  const [pages, entities] = [mapOf(wikiIdMap), mapOf(entityMap)];
  const words = partsOf(markdown).filter((_, index) => index % 2 === 1);
  const hasPartialId = words.some(
    (word) =>
      (word.includes(entity ?? ' ') && word !== entity) ||
      [...entities.keys()].some((id) => word.endsWith(id) && word !== id),
  );
  const isReplacedTwice =
    [destinationId, ...entities.values()].some((id) => entities.has(id)) ||
    (entity === destinationId && [...pages.values()].some((id) => pages.has(id)));
  const links = [...markdown.matchAll(/(syn\d+)\/wiki\/(\d+)/g)];
  const linksElsewhere = links.some(([, owner = '', page = '']) =>
    owner === entity ? !pages.has(page) : entities.has(owner),
  );
  return hasPartialId || isReplacedTwice || linksElsewhere;
}

function checkRewrite(input: Input, value: { links: string; both: string }): void {
  const { entity = '', destinationId, wikiIdMap, entityMap, markdown } = input;
  const owner = { from: entity, to: destinationId };
  const pages = mapOf(wikiIdMap);
  const rewritings = {
    links: [rewriteMarkdown(markdown, { owner, pages }), { ...input, entityMap: {} }],
    both: [rewriteMarkdown(markdown, { owner, pages, entities: mapOf(entityMap) }), input],
  } as const;
  for (const kind of ['links', 'both'] as const) {
    const [text, given] = rewritings[kind];
    expect(text).toBe(byWords(given));
    if (!isDeparture(given)) expect(text).toBe(value[kind]);
  }
}

/** Departure: the parents come first, also when the list has another order, and only the page itself loses its parent. */
function checkSubtree({ headers, subPageId }: Input, value: WikiHeader[] | null): void {
  const found = subtree(headers, subPageId);
  if (value === null || found === undefined) {
    expect([found, value]).toEqual([undefined, null]);
    return;
  }
  const places = new Map(headers.map(({ id }, index) => [id, index]));
  const isParentsFirst = headers.every(
    ({ id, parentId = '' }) => (places.get(parentId) ?? -1) < (places.get(id) ?? 0),
  );
  if (isParentsFirst) expect(found).toEqual(value);
  const ids = (list: WikiHeader[]): string[] => list.map(({ id }) => id);
  expect(ids(found).toSorted()).toEqual(ids(value).toSorted());
  expect(found[0]).toMatchObject({ id: subPageId, parentId: undefined });
  for (const [index, page] of found.entries()) {
    if (index === 0) continue;
    expect(headers).toContainEqual(page);
    expect(ids(found.slice(0, index))).toContain(page.parentId);
  }
}

describe('wiki links', () => {
  testEach(readVectors<Input>('wiki_links'), ({ input, expected }) => {
    const value = expected.value as never;
    if (input.fn === 'rewrite') checkRewrite(input, value);
    else if (input.fn === 'sub_wiki_headers') checkSubtree(input, value);
    else {
      const text = rewriteMarkdown(input.markdown, { entities: mapOf(input.entityMap) });
      expect(text).toBe(byWords(input));
      if (!isDeparture(input)) expect(text).toBe(value);
    }
  });
});
