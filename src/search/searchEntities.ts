import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { fieldOfFacet, type SearchField } from './searchFields.js';
import { searchQuery, type SearchOptions } from './searchQuery.js';

/** An entity that was found. */
export interface SearchHit {
  id: string;
  name?: string;
  /** `project`, `folder`, `file`, `table` and so on. */
  type?: string;
  description?: string;
  alias?: string;
  /** The entities above it and itself, from the top. */
  path?: M.EntityHeader[];
  createdOn?: string;
  /** Id of a user. */
  createdBy?: string;
  modifiedOn?: string;
  /** Id of a user. */
  modifiedBy?: string;
  consortium?: string;
  diagnosis?: string;
  organ?: string;
  tissue?: string;
  etag?: string;
}

/** The values of a field among all entities that were found. */
export interface SearchFacet {
  field: SearchField;
  values: { value: string; count: number }[];
  /** Of a field with numbers or times in seconds since 1970. */
  min?: number;
  max?: number;
}

/** What a search found. */
export interface SearchResult {
  /** The number of entities. */
  found: number;
  /** In the order of the request. */
  facets: SearchFacet[];
  /** The entities, best first. Pages after the first are requested as they are needed. */
  hits: Listing<SearchHit>;
}

/** Implements {@link Synapse.search}. */
export async function searchEntities(
  ctx: Context,
  text: string,
  options: SearchOptions = {},
): Promise<SearchResult> {
  const { signal, timeout, headers } = options;
  const call = { signal, timeout, headers };
  const query = await searchQuery(ctx, text, options);
  const first = await ctx.services.search.searchEntities({ body: query }, call);
  const { found = 0, facets = [] } = first;
  return {
    found,
    facets: facets.flatMap(facetOf),
    hits: listing(() => readHits(ctx, query, first, call)),
  };
}

/** An entity that moved to a later page while the list was read is given once. */
async function* readHits(
  ctx: Context,
  query: M.SearchQuery,
  first: M.SearchResults,
  options: CallOptions,
): AsyncGenerator<SearchHit, void, undefined> {
  const seen = new Set<string>();
  let page = first;
  let start = 0;
  for (;;) {
    const { hits = [], found = 0 } = page;
    for (const hit of hits) {
      const { id = '' } = hit;
      if (!seen.has(id)) yield hitOf(hit);
      seen.add(id);
    }
    start += hits.length;
    if (hits.length === 0 || start >= found) return;
    // Facets are counted once.
    const body = { ...query, start, facetOptions: undefined };
    page = await ctx.services.search.searchEntities({ body }, options);
  }
}

function hitOf({
  id = '',
  node_type: type,
  created_on: createdOn,
  created_by: createdBy,
  modified_on: modifiedOn,
  modified_by: modifiedBy,
  path,
  ...rest
}: M.Hit): SearchHit {
  return {
    id,
    ...(type !== undefined && { type }),
    ...(path !== undefined && { path: path.path }),
    ...(createdOn !== undefined && { createdOn: isoDate(createdOn) }),
    ...(createdBy !== undefined && { createdBy }),
    ...(modifiedOn !== undefined && { modifiedOn: isoDate(modifiedOn) }),
    ...(modifiedBy !== undefined && { modifiedBy }),
    ...rest,
  };
}

function isoDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function facetOf({ name = '', constraints = [], min, max }: M.Facet): SearchFacet[] {
  const field = fieldOfFacet(name);
  if (field === undefined) return [];
  const values = constraints.map(({ value = '', count = 0 }) => ({ value, count }));
  return [{ field, values, ...(min !== undefined && { min }), ...(max !== undefined && { max }) }];
}
