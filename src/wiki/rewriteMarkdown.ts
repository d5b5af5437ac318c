/** What is changed in the text of a copied page. */
export interface Rewriting {
  /** The entity that the pages belonged to, and the one that they belong to now. */
  owner?:
    | {
        from: string;
        to: string;
        /** Whether only links to pages change, and the id of the entity alone does not. @default false */
        pagesOnly?: boolean;
      }
    | undefined;
  /** The new ids of the copied pages. */
  pages?: Pick<ReadonlyMap<string, string>, 'get'> | undefined;
  /** The new ids of copied entities. */
  entities?: ReadonlyMap<string, string> | undefined;
}

/**
 * The id of an entity, and the id of a page if the two are a link to it (`syn1/wiki/2`). Each is a whole word: no letter, digit or
 * underscore of any script is next to it.
 */
const reference =
  /(?<![\p{L}\p{N}_])(syn\d+)(?![\p{L}\p{N}_])(?:\/wiki\/(\d+)(?![\p{L}\p{N}_]))?/gu;

/**
 * Replaces the ids of entities and of wiki pages in a text by those of their copies. Each reference is replaced once, so it does
 * not matter whether new ids are also old ones. Ids are case-sensitive, as entities are written on the website.
 *
 * A link to a page that was not copied stays as it is: with another entity it would lead nowhere.
 */
export function rewriteMarkdown(markdown: string, { owner, pages, entities }: Rewriting): string {
  return markdown.replace(reference, (whole, entity: string, page: string | undefined) => {
    const newOwner = entity === owner?.from ? owner.to : undefined;
    if (page === undefined) {
      const alone = owner?.pagesOnly === true ? undefined : newOwner;
      return alone ?? entities?.get(entity) ?? whole;
    }
    const newPage = newOwner === undefined ? undefined : pages?.get(page);
    return newPage === undefined ? whole : `${newOwner}/wiki/${newPage}`;
  });
}

/** The pages that a text links to, of those that are copied. */
export function linkedPages(
  markdown: string,
  from: string,
  copied: { has: (page: string) => boolean },
): string[] {
  return [...markdown.matchAll(reference)].flatMap(([, entity, page]) =>
    entity === from && page !== undefined && copied.has(page) ? [page] : [],
  );
}
