import { runPool } from '../transfer/pool.js';
import { compareWikis } from './compareWikis.js';
import type { CopyItem } from './copyData.js';
import { countRequests, type Planning } from './planItem.js';
import { stateOf } from './sources.js';

/** Wikis that are read at the same time. */
const atOnce = 4;

/** Decides about the wikis of entities that are copied onto others, which may have one. */
export async function planWikis(planning: Planning, items: readonly CopyItem[]): Promise<void> {
  const { settings, ctx, signal } = planning;
  const met = items.filter(
    (item) =>
      item.wiki !== undefined &&
      item.action !== 'conflict' &&
      item.action !== 'leaveOut' &&
      item.to !== undefined,
  );
  if (met.length === 0) return;
  const entities = new Map(
    settings.updateSynIds ? items.map(({ id, to }) => [id, to ?? `copy of ${id}`]) : [],
  );
  await runPool(met, { limit: atOnce, signal }, async (item, own) => {
    const { id, to = '' } = item;
    if (stateOf(item)?.existing?.rootWikiId === undefined) addWiki(item, 'create');
    else {
      const { updateLinks } = settings;
      const wikis = { from: id, to, updateLinks, entities };
      const { isEmpty, isSame } = await compareWikis(ctx, wikis, own);
      if (isSame) delete item.wiki;
      else if (settings.updateExisting || isEmpty) addWiki(item, 'update');
      else {
        const reason = `${to} has a wiki, which the copy would replace: pass updateExisting to replace it, or skipCopyWiki to keep it`;
        Object.assign(item, { action: 'conflict', reason });
        delete item.wiki;
      }
    }
    countRequests(item, settings);
  });
}

function addWiki(item: CopyItem, wiki: 'create' | 'update'): void {
  item.wiki = wiki;
  if (item.action === 'skip') Object.assign(item, { action: 'updateMetadata', reason: undefined });
  const words = `its wiki is ${wiki === 'create' ? 'copied' : 'brought up to date'}`;
  item.reason =
    item.reason === undefined || item.reason === 'with its wiki'
      ? words
      : `${item.reason}, ${words}`;
}
