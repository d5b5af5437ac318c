import { stat } from 'node:fs/promises';
import type { Synapse } from '../index.js';

/**
 * What `--used` and `--executed` name, as an activity takes it: local files become the entities that Synapse has of them.
 *
 * @throws {@link NotFoundError} for a local file that Synapse does not have.
 */
export async function resolveUsed(
  syn: Synapse,
  items: readonly string[],
  options: { signal: AbortSignal; limitSearch?: string },
): Promise<string[]> {
  const resolved: string[] = [];
  for (const item of items) {
    resolved.push((await isFile(item)) ? await versionOf(syn, item, options) : item);
  }
  return resolved;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function versionOf(
  syn: Synapse,
  path: string,
  options: { signal: AbortSignal; limitSearch?: string },
): Promise<string> {
  const { id, ...entity } = await syn.get(path, { ...options, downloadFile: false });
  return 'versionNumber' in entity ? `${id}.${String(entity.versionNumber)}` : id;
}
