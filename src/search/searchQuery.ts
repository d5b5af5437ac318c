import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { findPrincipal } from '../users/findPrincipal.js';
import { parseIsoDate } from '../values/dates.js';
import { quoted } from '../values/quoted.js';
import { fieldNames, searchField, type SearchField } from './searchFields.js';

/** The value of a field, or several values: an entity has all of them, or with {@link SearchOptions.not} none of them. */
export type SearchConditions = {
  [field in SearchField]?: number | string | readonly (number | string)[];
};

/** From when, and until when: a `Date`, or a date in ISO 8601. Both are included. */
export interface SearchPeriod {
  from?: Date | string;
  to?: Date | string;
}

/** A facet: how many of the entities that are found have each value of a field. */
export interface SearchFacetRequest {
  field: SearchField;
  /** Maximum number of values. @default 10 */
  limit?: number;
  /** Whether the most frequent values come first, or the values are in alphabetical order. @default 'count' */
  sort?: 'alphabet' | 'count';
}

/** What is searched. */
export interface SearchOptions extends CallOptions {
  /** Values that the entities have. A user is given by id or user name. */
  where?: SearchConditions;
  /** Values that the entities do not have. */
  not?: SearchConditions;
  createdOn?: SearchPeriod;
  modifiedOn?: SearchPeriod;
  /** The fields whose values are counted. @default none */
  facets?: readonly (SearchField | SearchFacetRequest)[];
  /** Hits of one request, at most 100. @default 50 */
  pageSize?: number;
}

const mostHits = 100;
const defaultPage = 50;

/**
 * Makes the query of a search. User names are looked up.
 *
 * @throws {@link ArgumentError} for a search for nothing, an unknown field or user, and what is not a date.
 */
export async function searchQuery(
  ctx: Context,
  text: string,
  { where = {}, not = {}, facets = [], pageSize: size = defaultPage, ...options }: SearchOptions,
): Promise<M.SearchQuery> {
  if (!Number.isSafeInteger(size) || size < 1 || size > mostHits) {
    throw new ArgumentError(`The pageSize of a search is 1 to ${mostHits}, not ${size}.`);
  }
  const conditions = [...conditionsOf(where, false), ...conditionsOf(not, true)];
  const { createdOn, modifiedOn, ...call } = options;
  const ranges = [...rangeOf('createdOn', createdOn), ...rangeOf('modifiedOn', modifiedOn)];
  if (text.trim() === '' && conditions.length + ranges.length === 0) {
    throw new ArgumentError(
      'The search has no text and no conditions: give words, or where, not, createdOn or modifiedOn.',
    );
  }
  const facetOptions = facets.map(facetOption);
  const booleanQuery: M.KeyValue[] = [];
  for (const { field, value, isNot } of conditions) {
    const known = await userId(ctx, field, value, call);
    booleanQuery.push({
      key: fieldNames(field).key,
      value: known,
      ...(isNot && { not: true }),
    });
  }
  return {
    ...(text.trim() !== '' && { queryTerm: [text] }),
    ...(booleanQuery.length > 0 && { booleanQuery }),
    ...(ranges.length > 0 && { rangeQuery: ranges }),
    ...(facetOptions.length > 0 && { facetOptions }),
    start: 0,
    size,
  };
}

interface Condition {
  field: SearchField;
  value: string;
  isNot: boolean;
}

function conditionsOf(conditions: SearchConditions, isNot: boolean): Condition[] {
  return Object.entries(conditions).flatMap(([name, value]) => {
    const field = searchField(name);
    const values = typeof value === 'object' ? value : [value];
    return values.map((each) => ({ field, value: String(each), isNot }));
  });
}

/** The id of a user who is given by name. */
async function userId(
  ctx: Context,
  field: SearchField,
  value: string,
  options: CallOptions,
): Promise<string> {
  const isUser = field === 'createdBy' || field === 'modifiedBy';
  if (!isUser || /^\d+$/.test(value)) return value;
  return (await findPrincipal(ctx, value, options, 'user')).ownerId;
}

/** The API counts in seconds since 1970. */
function rangeOf(field: SearchField, period: SearchPeriod | undefined): M.KeyRange[] {
  if (period?.from === undefined && period?.to === undefined) return [];
  const { from, to } = period;
  return [
    {
      key: fieldNames(field).key,
      ...(from !== undefined && { min: String(Math.ceil(millisecondsOf(field, from) / 1000)) }),
      ...(to !== undefined && { max: String(Math.floor(millisecondsOf(field, to) / 1000)) }),
    },
  ];
}

function millisecondsOf(field: SearchField, value: Date | string): number {
  const date = typeof value === 'string' ? parseIsoDate(value) : value;
  const time = date?.getTime() ?? Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new ArgumentError(
    `${field}: ${quoted(value)} is not a date in ISO 8601, such as 2024-01-31 or 2024-01-31T12:00:00Z.`,
  );
}

function facetOption(facet: SearchField | SearchFacetRequest): M.SearchFacetOption {
  const { field, limit, sort = 'count' } = typeof facet === 'string' ? { field: facet } : facet;
  return {
    name: fieldNames(searchField(field)).facet,
    ...(limit !== undefined && { maxResultCount: limit }),
    sortType: sort === 'alphabet' ? 'ALPHA' : 'COUNT',
  };
}
