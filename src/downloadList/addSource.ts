import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { TableQuery } from '../tables/query/tableQuery.js';
import { SqlFragment } from '../tables/sql/sqlFragment.js';
import { isSynapseId } from '../values/ids.js';
import { quoted } from '../values/quoted.js';
import { shortName } from '../values/shortName.js';
import {
  keyOf,
  listItem,
  mostFiles,
  takeEach,
  type DownloadListItem,
  type ListedFileRef,
  type OneOrMany,
} from './listItem.js';

/**
 * What can be added to a download list: a file (its id with or without a version, an entity, an item of a list); a project or
 * folder; a query of a view or dataset, as SQL or as a {@link TableQuery}.
 */
export type DownloadListSource = ListedFileRef | TypedEntity | SqlFragment | TableQuery;

/** An entity, or the header of one, with the full name of its type: it is not looked up. */
interface TypedEntity {
  id?: string;
  versionNumber?: number;
  concreteType?: string;
  type?: string;
}

/** Something that was not added, and why. */
export interface NotAdded {
  /** The file as an item of a list. Absent for a query. */
  item?: DownloadListItem;
  /** The id, or the SQL of the query. */
  name: string;
  error: Error;
}

/** What is to be added, sorted by how the service takes it. */
export interface SortedSources {
  /** Files, and ids of which the type is unknown. */
  items: DownloadListItem[];
  /** Ids of projects and folders. */
  containers: string[];
  queries: M.Query[];
  /** Entities that are neither files nor hold some. */
  refused: NotAdded[];
}

const containerTypes: ReadonlySet<string> = new Set(['Project', 'Folder']);

/**
 * Sorts what is to be added. Nothing is sent.
 *
 * @throws {@link ArgumentError} for what names nothing that can be added, and for more files than a list can hold
 */
export async function sortSources(what: OneOrMany<DownloadListSource>): Promise<SortedSources> {
  const items = new Map<string, DownloadListItem>();
  const containers = new Set<string>();
  const queries: M.Query[] = [];
  const refused: NotAdded[] = [];
  await takeEach(what, isOneSource, (source) => {
    const query = queryOf(source);
    if (query !== undefined) {
      queries.push(query);
      return;
    }
    const item = listItem(source);
    const type = typeOf(source);
    if (type === undefined || type === 'FileEntity') items.set(keyOf(item), item);
    else if (containerTypes.has(type)) containers.add(item.fileEntityId);
    else refused.push(notAFile(item, type));
    if (items.size > mostFiles) {
      throw new ArgumentError(`A download list holds ${mostFiles} files at most: add fewer files.`);
    }
  });
  return { items: [...items.values()], containers: [...containers], queries, refused };
}

/** Whether an entity of this type holds files. @param type - The full name. */
export function isContainerType(type: string): boolean {
  return containerTypes.has(shortName(type));
}

/** @param type - Its short or full name */
export function notAFile(item: DownloadListItem, type: string): NotAdded {
  const message = `${item.fileEntityId} is not a file (${shortName(type)}): a download list holds files only.`;
  return { item, name: keyOf(item), error: new ArgumentError(message) };
}

function queryOf(source: DownloadListSource): M.Query | undefined {
  if (source instanceof TableQuery) return source.request;
  if (source instanceof SqlFragment) return { sql: source.text };
  if (typeof source !== 'string' || isSynapseId(source)) return undefined;
  if (/^\s*select\s/i.test(source)) return { sql: source };
  throw new ArgumentError(
    `${quoted(source)} cannot be added to the download list: give the id of a file, folder or project, or a query (select ...).`,
  );
}

/** The short name of the type of an entity, or of an entity header, if it is known. */
function typeOf(source: DownloadListSource): string | undefined {
  if (typeof source !== 'object') return undefined;
  const { concreteType, type } = source as { concreteType?: unknown; type?: unknown };
  const name = concreteType ?? type;
  return typeof name === 'string' && name.includes('.') ? shortName(name) : undefined;
}

function isOneSource(what: OneOrMany<DownloadListSource>): what is DownloadListSource {
  if (typeof what === 'string' || what instanceof TableQuery || what instanceof SqlFragment)
    return true;
  return !(Symbol.iterator in what || Symbol.asyncIterator in what);
}
