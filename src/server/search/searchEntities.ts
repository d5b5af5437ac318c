import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { entityTables, getVersionRecord, type CurrentEntity } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';

const maxSize = 100;

/** An entity with its searchable properties. */
interface Document extends CurrentEntity {
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** All words, in lower case. */
  readonly text: string;
}

const annotationFields: readonly M.SearchFieldName[] = [
  'Consortium',
  'Diagnosis',
  'Organ',
  'Tissue',
];

/**
 * Finds entities by the words in their id, name, description and annotations. All words must occur,
 * except words with a leading `-`, which must not; a trailing `*` matches any ending. Matches in
 * names come first.
 *
 * @throws 400 for a query without conditions or with bad bounds
 * @see https://rest-docs.synapse.org/rest/POST/search.html
 */
export function searchEntities(
  world: World,
  caller: Caller,
  query: M.SearchQuery,
): M.SearchResults {
  const { queryTerm = [], booleanQuery = [], rangeQuery = [], start = 0, size = 10 } = query;
  if (
    queryTerm.every((term) => term.trim() === '') &&
    booleanQuery.length + rangeQuery.length === 0
  ) {
    throw badRequest('The query must have at least one queryTerm, booleanQuery or rangeQuery.');
  }
  if (start < 0 || size < 1 || size > maxSize) {
    throw badRequest(`The start may not be negative, and the size must be 1 to ${maxSize}.`);
  }
  const terms = queryTerm.flatMap((term) => term.toLowerCase().split(/\s+/)).filter(Boolean);
  const found = documents(world, caller).filter(
    (document) =>
      terms.every((term) => fitsTerm(document, term)) &&
      booleanQuery.every((condition) => fitsValue(document, condition)) &&
      rangeQuery.every((range) => fitsRange(document, range)),
  );
  const rank = ({ record }: Document) =>
    terms.filter((term) => record.name.toLowerCase().includes(term)).length;
  found.sort((a, b) => rank(b) - rank(a));
  return {
    found: found.length,
    start,
    hits: found.slice(start, start + size).map(hitOf),
    facets: (query.facetOptions ?? []).map((option) => facetOf(found, option)),
  };
}

function documents(world: World, caller: Caller): Document[] {
  const all: Document[] = [];
  for (const record of entityTables(world).entities.values()) {
    if (hasAccess(world, caller, record.id, 'READ')) {
      all.push(documentOf({ record, version: getVersionRecord(world, record) }));
    }
  }
  return all;
}

function documentOf({ record, version }: CurrentEntity): Document {
  const { annotations } = version;
  const fields: Record<string, readonly string[]> = {
    id: [record.id],
    name: [record.name],
    description: [version.fields.description ?? ''],
    entitytype: [record.type],
    modifiedby: [String(version.modifiedBy)],
    modifiedon: [seconds(version.modifiedOn)],
    createdby: [String(record.createdBy)],
    createdon: [seconds(record.createdOn)],
  };
  for (const name of annotationFields) {
    fields[name.toLowerCase()] = annotationValues(annotations, name);
  }
  const values = Object.values(annotations).flatMap(({ value }) => value);
  const text = [record.id, record.name, version.fields.description ?? '', ...values].join('\n');
  return { record, version, fields, text: text.toLowerCase() };
}

function annotationValues(
  annotations: CurrentEntity['version']['annotations'],
  name: string,
): readonly string[] {
  return Object.entries(annotations).flatMap(([key, { value }]) =>
    key.toLowerCase() === name.toLowerCase() ? value : [],
  );
}

/** The search API gives dates in seconds. */
function seconds(date: string): string {
  return String(Math.floor(Date.parse(date) / 1000));
}

function fitsTerm({ text }: Document, term: string): boolean {
  if (term.startsWith('-') && term.length > 1) {
    return !fitsWord(text, term.slice(1));
  }
  return fitsWord(text, term);
}

function fitsWord(text: string, word: string): boolean {
  const isStart = word.endsWith('*');
  const wanted = isStart ? word.slice(0, -1) : word;
  return text
    .split(/[\s,;:!?()[\]"'/]+/)
    .some((candidate) => (isStart ? candidate.startsWith(wanted) : isSameWord(candidate, wanted)));
}

/** Names are found by their parts too: `counts` finds `gene_counts.csv`. */
function isSameWord(candidate: string, wanted: string): boolean {
  return candidate === wanted || candidate.split(/[._-]+/).includes(wanted);
}

function fieldOf({ fields }: Document, key: string): readonly string[] {
  const name = key.toLowerCase().replaceAll('_', '');
  return fields[name === 'nodetype' ? 'entitytype' : name] ?? [];
}

function fitsValue(document: Document, { key = '', value = '', not }: M.KeyValue): boolean {
  const isThere = fieldOf(document, key).some(
    (known) => known.toLowerCase() === value.toLowerCase(),
  );
  return isThere !== (not ?? false);
}

function fitsRange(document: Document, { key, min, max }: M.KeyRange): boolean {
  return fieldOf(document, key).some((known) => {
    const number = Number(known);
    return (
      (min === undefined || number >= Number(min)) && (max === undefined || number <= Number(max))
    );
  });
}

function hitOf({ record, version, fields }: Document): M.Hit {
  const { description } = version.fields;
  const first = (name: string) => fields[name]?.[0];
  const optional = (name: 'consortium' | 'diagnosis' | 'organ' | 'tissue') => {
    const value = first(name);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    id: record.id,
    etag: record.etag,
    name: record.name,
    alias: record.alias,
    description,
    node_type: record.type,
    created_on: Number(first('createdon')),
    modified_on: Number(first('modifiedon')),
    created_by: String(record.createdBy),
    modified_by: String(version.modifiedBy),
    ...optional('consortium'),
    ...optional('diagnosis'),
    ...optional('organ'),
    ...optional('tissue'),
  };
}

function facetOf(
  found: readonly Document[],
  { name, maxResultCount = 10, sortType }: M.SearchFacetOption,
): M.Facet {
  if (name === undefined) {
    throw badRequest('Each facet needs a name.');
  }
  const counts = new Map<string, number>();
  for (const document of found) {
    for (const value of fieldOf(document, name)) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  const constraints = [...counts]
    .sort(([a, x], [b, y]) => (sortType === 'ALPHA' || x === y ? (a < b ? -1 : 1) : y - x))
    .slice(0, maxResultCount)
    .map(([value, count]) => ({ value, count }));
  const isDate = name === 'CreatedOn' || name === 'ModifiedOn';
  return { name, type: isDate ? 'DATE' : 'LITERAL', constraints };
}

/**
 * Suggests similar words for each word of a query, from the names of entities that the caller may
 * read.
 *
 * @throws 400
 */
export function suggestTerms(
  world: World,
  caller: Caller,
  { searchTerm = [], maxEdit = 2, size = 5, sort }: M.SuggestionQuery,
): M.SuggestionResults {
  if (searchTerm.length === 0 || size < 1 || size > maxSize || maxEdit < 0 || maxEdit > 2) {
    throw badRequest(
      `At least one searchTerm, a size of 1 to ${maxSize} and a maxEdit of 0 to 2 are required.`,
    );
  }
  const words = new Map<string, number>();
  for (const { record } of documents(world, caller)) {
    for (const word of record.name.toLowerCase().split(/[^\p{L}\p{N}]+/u)) {
      if (word !== '') {
        words.set(word, (words.get(word) ?? 0) + 1);
      }
    }
  }
  return {
    suggestions: searchTerm.map((key) => {
      const values = [...words]
        .map(([term, frequency]) => ({ term, frequency, edits: edits(key.toLowerCase(), term) }))
        .filter(({ edits: count }) => count <= maxEdit)
        .map(({ term, frequency, edits: count }) => ({ term, frequency, score: 1 - count / 10 }))
        .sort((a, b) =>
          sort === 'FREQUENCY'
            ? b.frequency - a.frequency
            : b.score - a.score || b.frequency - a.frequency,
        );
      return { key, values: values.slice(0, size) };
    }),
  };
}

/** The Levenshtein distance of two words. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(from).entries()) {
    const next = [at + 1];
    for (const [index, other] of Array.from(to).entries()) {
      const change = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
