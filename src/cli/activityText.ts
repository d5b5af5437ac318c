import type * as M from '../../generated/models.js';

/**
 * Formats an activity as the Python client prints it.
 * @param show - How names and URLs are shown. @default unchanged
 */
export function activityText(
  activity: M.Activity,
  show: (text: string) => string = (text) => text,
): string {
  const { used, executed } = usedTexts(activity);
  // As in the Python client, no line break follows the last executed item.
  const lines = (items: string[]): string => items.map(show).join('\n');
  const done = executed.length > 0 ? lines(executed) : '';
  return `${show(activity.name ?? '')}\n  Executed:\n${done}  Used:\n${lines(used)}`;
}

/** Formats the used and executed items of an activity: `syn1.2`, the name of a URL, or the URL. */
export function usedTexts(activity: M.Activity): { used: string[]; executed: string[] } {
  const texts = { used: [] as string[], executed: [] as string[] };
  for (const item of activity.used ?? []) {
    if (!('url' in item) && !('reference' in item)) continue;
    texts[item.wasExecuted ? 'executed' : 'used'].push(usedItemText(item));
  }
  return texts;
}

function usedItemText(item: M.Used): string {
  if (item.concreteType === 'org.sagebionetworks.repo.model.provenance.UsedURL') {
    return item.name || (item.url ?? '');
  }
  const { targetId = '', targetVersionNumber } = item.reference ?? {};
  return (targetVersionNumber ?? undefined) === undefined
    ? targetId
    : `${targetId}.${targetVersionNumber}`;
}
