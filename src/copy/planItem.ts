import type { Context } from '../context.js';
import type { StoredBundle } from '../entities/entityBundle.js';
import { AuthorizationError, NotFoundError } from '../errors.js';
import { compareTables } from './compareTables.js';
import { differences, hasSameContent } from './compareCopy.js';
import { copiedKind, nounFor, typeOf } from './copiedKinds.js';
import type { CopyItem } from './copyData.js';
import { whyLeftOut } from './leftOut.js';
import type { CopySettings } from './readCopyOptions.js';
import { handleOf, keepState, readEntity } from './sources.js';

/** What planning needs everywhere. */
export interface Planning {
  ctx: Context;
  settings: CopySettings;
  /** The id of the caller. */
  me: string;
  signal: AbortSignal | undefined;
}

/** An entity to plan. */
export interface ToPlan {
  header: { id: string; name: string; type: string };
  /** What was read of it already. */
  source?: StoredBundle;
  version?: number | undefined;
  path: string;
  parentId?: string | undefined;
  /** What has its name in the destination. */
  taken?: { id: string } | undefined;
  /** What was read of that already. */
  existing?: StoredBundle;
}

/** Plans an entity, without what is in it. */
export async function planItem(planning: Planning, planned: ToPlan): Promise<CopyItem> {
  const { header, parentId, path } = planned;
  const { id, name } = header;
  const type = typeOf(header.type) ?? 'other';
  const item: CopyItem = {
    action: 'create',
    kind: type === 'file' ? 'file' : type === 'folder' || type === 'project' ? 'folder' : 'other',
    type,
    path,
    id,
    parentId,
    name,
    bytes: 0,
    requests: 0,
  };
  if (planning.settings.excludeTypes.has(type)) {
    return leaveOut(item, 'excluded', `the type ${type} is excluded`);
  }
  const source = planned.source ?? (await readSource(planning, id));
  if (source instanceof Error) return leaveOut(item, 'permission', source.message);
  const why = whyLeftOut(source);
  if (why !== undefined) return leaveOut(item, why.because, why.reason);
  describe(item, source, planning);
  if (planned.taken !== undefined) await meet(planning, { item, source, planned });
  else keepState(item, { source });
  countRequests(item, planning.settings);
  return item;
}

function leaveOut(item: CopyItem, because: CopyItem['because'], reason: string): CopyItem {
  return Object.assign(item, { action: 'leaveOut', because, reason });
}

/** An entity that was just listed can be gone, or not readable. */
async function readSource(planning: Planning, id: string): Promise<Error | StoredBundle> {
  const { ctx, settings, signal } = planning;
  try {
    const more = { includeActivity: settings.setProvenance === 'existing' };
    return await readEntity(ctx, { id }, { signal }, more);
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof AuthorizationError) return error;
    throw error;
  }
}

const reasons = {
  ownHandle: 'your own file handle is used again',
  copiedHandle: 'its file handle is copied',
  container: '',
  rows: 'with its rows',
  link: '',
  definition: '',
} as const;

function describe(item: CopyItem, source: StoredBundle, { me, settings }: Planning): void {
  const { entity } = source;
  item.how = copiedKind(entity.concreteType)?.how;
  item.etag = entity.etag;
  if (settings.copyWiki && source.rootWikiId !== undefined) item.wiki = 'create';
  if (item.type === 'file') {
    const handle = handleOf(source);
    if (handle?.createdBy === me) item.how = 'ownHandle';
    item.bytes = handle?.contentSize ?? 0;
    if ('versionNumber' in entity) item.version = entity.versionNumber;
  }
  const words = [item.how && reasons[item.how], item.wiki && 'with its wiki'].filter(Boolean);
  if (words.length > 0) item.reason = words.join(', ');
}

interface Meeting {
  item: CopyItem;
  source: StoredBundle;
  planned: ToPlan;
}

/** Decides about an entity whose name is taken in the destination. */
async function meet(planning: Planning, { item, source, planned }: Meeting): Promise<void> {
  const { ctx, settings, signal } = planning;
  const id = planned.taken?.id ?? '';
  item.to = id;
  if (id === item.id) {
    conflict(item, 'it is in that place itself, and cannot be copied onto itself');
    return;
  }
  if (planned.existing === undefined && !settings.updateExisting) {
    conflict(item, `An entity named "${item.name}" already exists in this location (${id})`);
    return;
  }
  const existing = planned.existing ?? (await readEntity(ctx, { id }, { signal }));
  keepState(item, { source, existing });
  item.toEtag = existing.entity.etag;
  if (item.type === 'file' && 'versionNumber' in existing.entity) {
    item.toVersion = existing.entity.versionNumber;
  }
  if (existing.entity.concreteType !== source.entity.concreteType) {
    const noun = nounFor(existing.entity.concreteType);
    conflict(
      item,
      `its name belongs to ${id}, a ${noun}, and it is a ${nounFor(source.entity.concreteType)}`,
    );
    return;
  }
  await compare(planning, item, { source, existing });
  if (item.action !== 'skip' && item.action !== 'conflict' && !existing.permissions?.canEdit) {
    conflict(item, `you may not change ${id}, which has its name`);
  }
}

function conflict(item: CopyItem, reason: string): void {
  Object.assign(item, { action: 'conflict', reason, bytes: 0, wiki: undefined });
}

async function compare(
  { ctx, settings, signal }: Planning,
  item: CopyItem,
  { source, existing }: { source: StoredBundle; existing: StoredBundle },
): Promise<void> {
  const changed = differences(source, existing, { annotations: settings.copyAnnotations });
  // The properties of the project that another one is copied into stay as they are, except its annotations.
  const found = item.type === 'project' ? changed.filter((one) => one !== 'description') : changed;
  const update = (action: CopyItem['action'], what: string[]): void => {
    Object.assign(item, { action, reason: `${what.join(' and ')} of ${existing.entity.id ?? ''}` });
  };
  if (item.type === 'file' && !hasSameContent(source, existing)) {
    update('updateContent', ['content', ...found]);
    return;
  }
  if (item.type === 'table') {
    const tables = { source: source.entity, existing: existing.entity };
    const { updateTableIds } = settings;
    const compared = await compareTables(ctx, tables, { signal, updateTableIds });
    if (compared === 'columns' || compared === 'rows') {
      conflict(
        item,
        `${existing.entity.id ?? ''} has its name and other ${compared}: rename or delete that table`,
      );
      return;
    }
    if (compared === 'empty') {
      update('updateContent', ['rows', ...found]);
      return;
    }
  }
  item.bytes = 0;
  if (found.length > 0) update('updateMetadata', found);
  else {
    const id = existing.entity.id ?? '';
    const reason =
      item.type === 'project' ? `what is in it goes into ${id}` : `it is ${id} already`;
    Object.assign(item, { action: 'skip', reason });
  }
}

/** Calls of the API, at least: jobs of tables take more while they run, wikis more for each page. */
export function countRequests(
  item: CopyItem,
  { setProvenance }: Pick<CopySettings, 'setProvenance'>,
): void {
  const writes = item.action === 'create' || item.action === 'updateContent';
  let requests = 0;
  if (item.action === 'updateMetadata') requests = 1;
  if (writes) requests = item.type === 'table' ? 6 : 1;
  if (writes && item.type === 'file' && setProvenance === 'traceback') requests += 1;
  if (item.wiki && item.action !== 'skip') requests += 3;
  item.requests = requests;
}
