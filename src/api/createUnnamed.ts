import { createOrFind } from './createOrFind.js';

/** What has no unique name. Each kind has ids of its own. */
export type UnnamedKind = 'message' | 'reply' | 'thread';

/** What each client has created: kinds with ids. */
const created = new WeakMap<object, Set<string>>();

/**
 * Creates something that has no unique name. After a lost answer, it is looked up, so that it is not created twice.
 *
 * @param client - Whose creations are remembered: what this client has created before is not what was lost.
 * @param find - Looks for the newest object that looks like it and that `isKnown` does not know.
 */
export async function createUnnamed<T extends { id: string }>(
  client: object,
  kind: UnnamedKind,
  create: () => Promise<T>,
  find: (isKnown: (id: string) => boolean) => Promise<T | undefined>,
): Promise<T> {
  const known = created.get(client) ?? new Set<string>();
  created.set(client, known);
  const isKnown = (id: string): boolean => known.has(`${kind} ${id}`);
  const result = await createOrFind({ create, find: () => find(isKnown) });
  known.add(`${kind} ${result.id}`);
  return result;
}
