import { stat } from 'node:fs/promises';
import type { Entity, Parent, Stored } from './entityClasses.js';
import type { GetOptions } from './getEntity.js';

/** The part of the client that {@link resolveUsed} uses. */
export interface EntityGetter {
  get(target: string, options: GetOptions): Promise<Entity & Stored>;
}

/**
 * The items that an activity used, with each local file replaced by the version of the entity that has its content.
 *
 * @param options.limitSearch - The container to search for local files.
 * @throws {@link NotFoundError} for a local file that Synapse does not have.
 */
export async function resolveUsed(
  syn: EntityGetter,
  items: readonly string[],
  options: { signal?: AbortSignal; limitSearch?: Parent } = {},
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

async function versionOf(syn: EntityGetter, path: string, options: GetOptions): Promise<string> {
  const { id, ...entity } = await syn.get(path, { ...options, downloadFile: false });
  return 'versionNumber' in entity ? `${id}.${String(entity.versionNumber)}` : id;
}
