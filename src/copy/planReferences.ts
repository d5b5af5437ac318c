import type * as M from '../../generated/models.js';
import { pool } from '../transfer/pool.js';
import { hasMembers } from './compareCopy.js';
import { copiedMembers, nounFor } from './copiedKinds.js';
import type { CopyItem } from './copyData.js';
import { mapReferences, referencesOf, type Copied } from './mapReferences.js';
import { countRequests, type Planning } from './planItem.js';
import { stateOf } from './sources.js';

/** Ids in one request. */
const batchSize = 100;

/** What decides about entities that refer to others, once it is known what is copied: links, views, datasets. */
export async function planReferences(
  planning: Planning,
  items: readonly CopyItem[],
): Promise<void> {
  const referring = items.filter(
    ({ how, action }) =>
      (how === 'link' || how === 'definition') && action !== 'leaveOut' && action !== 'conflict',
  );
  const planned = new Map(items.map((item) => [item.id, item]));
  await leaveOutDeadLinks(planning, referring, planned);
  for (const item of referring) {
    const state = stateOf(item);
    if (state === undefined || item.action === 'leaveOut') continue;
    const members = copiedMembers(state.source.entity);
    const { members: mapped, kept } = mapReferences(members, (id) => expected(planned.get(id)));
    if (state.existing !== undefined && item.action === 'skip') {
      // Name and description are compared for all types of entities.
      const { entity } = state.existing;
      const { name, description } = entity;
      if (!hasMembers(entity, { ...mapped, name, description })) {
        item.action = 'updateMetadata';
        item.reason = `what the ${nounFor(entity.concreteType)} ${item.to ?? ''} refers to`;
      }
    }
    if (kept.length > 0) {
      const those = `${kept.join(', ')} ${kept.length === 1 ? 'is' : 'are'} not among the copied versions, and still referred to as before`;
      item.reason = [item.reason, those].filter(Boolean).join('; ');
    }
    countRequests(item, planning.settings);
  }
}

/** The copy that there will be. One that does not exist yet has no id. */
function expected(item: CopyItem | undefined): Copied | undefined {
  if (item === undefined || item.action === 'leaveOut' || item.action === 'conflict') {
    return undefined;
  }
  const { id, to, version, toVersion = 0 } = item;
  // New content makes a new version.
  const copy = item.action === 'updateContent' ? toVersion + 1 : toVersion;
  return {
    id: to ?? `copy of ${id}`,
    version: version === undefined ? undefined : { original: version, copy },
  };
}

/** Links whose targets do not exist, or are not readable, would be dead as well. */
async function leaveOutDeadLinks(
  { ctx, signal }: Planning,
  referring: readonly CopyItem[],
  planned: ReadonlyMap<string, CopyItem>,
): Promise<void> {
  const links = referring.flatMap((item) => {
    const entity = stateOf(item)?.source.entity;
    if (item.how !== 'link' || entity === undefined) return [];
    const [target] = referencesOf(copiedMembers(entity));
    return target === undefined || planned.has(target) ? [] : [{ item, target }];
  });
  const targets = [...new Set(links.map(({ target }) => target))];
  const batches = Array.from({ length: Math.ceil(targets.length / batchSize) }, (_, index) =>
    targets.slice(index * batchSize, (index + 1) * batchSize),
  );
  const found = new Set<string>();
  const read = async (batch: readonly string[]): Promise<M.EntityHeader[]> => {
    const references = batch.map((targetId) => ({ targetId }));
    const body = { references };
    return (await ctx.services.entity.listEntityHeaders({ body }, { signal })).results;
  };
  for await (const headers of pool(batches, { limit: 4, signal }, read)) {
    for (const { id } of headers) found.add(id);
  }
  for (const { item, target } of links) {
    if (found.has(target)) continue;
    const reason = `the target ${target} does not exist, or you may not read it`;
    Object.assign(item, { action: 'leaveOut', because: 'deadLink', reason, requests: 0 });
  }
}
