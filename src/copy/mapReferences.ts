import type * as M from '../../generated/models.js';
import { isSynapseId, parseSynapseId } from '../values/ids.js';
import { sqlTokens } from '../values/sqlTokens.js';

/** The copy of an entity. */
export interface Copied {
  id: string;
  /** The version of the original that was copied, and that of the copy; of files only. */
  version?: { original: number; copy: number } | undefined;
}

/** Finds the copy of an entity by the id of the original. */
export type FindCopy = (id: string) => Copied | undefined;

/** Properties with references to the copies, where there are any. */
export interface Mapped {
  members: Record<string, unknown>;
  /** References to versions that were not copied. They still lead to the originals. */
  kept: string[];
}

/** Rewrites the references in one property. */
type MapMember = (value: unknown, find: FindCopy, kept: string[]) => unknown;

const mappers: ReadonlyMap<string, MapMember> = new Map<string, MapMember>([
  ['linksTo', (value, find, kept) => mapLink(value as M.Reference, find, kept)],
  ['scopeIds', (value, find) => (value as string[]).map((id) => find(synId(id))?.id ?? id)],
  [
    'items',
    (value, find, kept) => (value as M.EntityRef[]).map((item) => mapItem(item, find, kept)),
  ],
  ['definingSQL', (value, find, kept) => mapSql(value as string, find, kept)],
]);

/**
 * The properties of a copy that refer to other entities: target of a link, scope of a view, items of a dataset, defining SQL.
 * A reference to something that is copied becomes one to its copy; any other stays.
 */
export function mapReferences(members: Readonly<Record<string, unknown>>, find: FindCopy): Mapped {
  const kept: string[] = [];
  const mapped = Object.entries(members).map(([key, value]) => [
    key,
    mappers.get(key)?.(value, find, kept) ?? value,
  ]);
  return { members: Object.fromEntries(mapped) as Record<string, unknown>, kept };
}

/** The ids of the entities that properties refer to. */
export function referencesOf(members: Readonly<Record<string, unknown>>): Set<string> {
  const ids = new Set<string>();
  mapReferences(members, (id) => void ids.add(id));
  return ids;
}

/** The scope of a view can have ids without `syn`. */
function synId(id: string): string {
  return /^\d+$/.test(id) ? `syn${id}` : id;
}

function mapLink(link: M.Reference, find: FindCopy, kept: string[]): M.Reference {
  const { targetId, targetVersionNumber } = link;
  const mapped = targetId && mapVersion(synId(targetId), targetVersionNumber, find, kept);
  if (!mapped) return link;
  return {
    targetId: mapped.id,
    ...(mapped.version !== undefined && { targetVersionNumber: mapped.version }),
  };
}

function mapItem(item: M.EntityRef, find: FindCopy, kept: string[]): M.EntityRef {
  const { entityId, versionNumber } = item;
  const mapped = entityId && mapVersion(synId(entityId), versionNumber, find, kept);
  if (!mapped) return item;
  return {
    entityId: mapped.id,
    ...(mapped.version !== undefined && { versionNumber: mapped.version }),
  };
}

function mapVersion(
  id: string,
  version: number | undefined,
  find: FindCopy,
  kept: string[],
): { id: string; version?: number } | undefined {
  const copy = find(id);
  if (copy === undefined) return undefined;
  if (version === undefined) return { id: copy.id };
  if (copy.version?.original === version) return { id: copy.id, version: copy.version.copy };
  kept.push(`${id}.${version}`);
  return undefined;
}

/** Rewrites the ids of tables in SQL, outside of quotes and comments. `syn1.4` is a snapshot, which is not copied. */
function mapSql(sql: string, find: FindCopy, kept: string[]): string {
  const tokens = [...sqlTokens(sql)];
  const parts = tokens.map(({ kind, start, end }, index) => {
    const text = sql.slice(start, end);
    if (kind !== 'word' || !isSynapseId(text.toLowerCase())) return text;
    const { id } = parseSynapseId(text.toLowerCase());
    const copy = find(id);
    if (copy === undefined) return text;
    const [point, number] = tokens.slice(index + 1, index + 3);
    const version =
      point !== undefined && number?.kind === 'number' && sql.slice(point.start, point.end) === '.'
        ? sql.slice(number.start, number.end)
        : undefined;
    if (version === undefined) return copy.id;
    kept.push(`${id}.${version}`);
    return text;
  });
  return parts.join('');
}
