import { runPool } from '../transfer/pool.js';
import { copyWiki } from '../wiki/copyWiki.js';
import { compareWikis } from './compareWikis.js';
import type { CopyItem } from './copyData.js';
import type { CopyRun } from './copyRun.js';

/** Wikis that are copied at the same time. */
const atOnce = 4;

/** Copies wikis, at last: they can refer to everything that is copied. */
export async function copyWikis(run: CopyRun): Promise<void> {
  const { ctx, plan, signal, copies } = run;
  const { updateLinks, updateSynIds } = plan;
  const entities = new Map([...copies].map(([id, copy]) => [id, copy.id]));
  const items = plan.items.filter(({ id, wiki }) => wiki !== undefined && copies.has(id));
  await runPool(items, { limit: atOnce, signal }, async (item, own) => {
    const to = copies.get(item.id)?.id ?? '';
    try {
      const onto = item.wiki === 'update' ? await pairsFor(run, item, to, own) : undefined;
      await copyWiki(ctx, item.id, to, {
        signal: own,
        updateLinks,
        updateSynIds,
        entityMap: entities,
        onto,
      });
    } catch (error) {
      run.fail(item, error, own);
    }
  });
}

/** The pages that are there already. */
async function pairsFor(
  { ctx, plan }: CopyRun,
  { id: from }: CopyItem,
  to: string,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const wikis = { from, to, updateLinks: plan.updateLinks, entities: new Map<string, string>() };
  return (await compareWikis(ctx, wikis, signal)).pairs;
}
