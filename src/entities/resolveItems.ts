import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { ArgumentError, NotFoundError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { EntityVersion } from '../values/ids.js';
import { getChildren } from './getChildren.js';
import { isContainer } from './isContainer.js';
import { listTree } from './listTree.js';
import { shortName } from '../values/shortName.js';

/** The type of the items of a dataset, or of a dataset collection. */
export type ItemType = 'file' | 'dataset';

const concreteTypes: Readonly<Record<ItemType, M.Entity['concreteType']>> = {
  file: 'org.sagebionetworks.repo.model.FileEntity',
  dataset: 'org.sagebionetworks.repo.model.table.Dataset',
};

/** References in one request. */
const batchSize = 100;

/**
 * Completes items that have no version: they get their current version, and a container is replaced by everything of the type in
 * it. A version that was given wins over the one of a container.
 *
 * @throws {@link ArgumentError} for an item of another type.
 * @throws {@link NotFoundError} for an item that does not exist, or that the caller may not read.
 */
export async function resolveItems(
  ctx: Context,
  items: readonly EntityVersion[],
  type: ItemType,
  { signal }: CommonOptions,
): Promise<EntityVersion[]> {
  const open = items.filter(({ version }) => version === undefined).map(({ id }) => id);
  const headers = await readHeaders(ctx, open, signal);
  const versions = new Map<string, number>();
  const given = new Map(items.flatMap(({ id, version }) => (version ? [[id, version]] : [])));
  const add = ({ id, versionNumber = 1 }: M.EntityHeader): void => {
    if (!versions.has(id)) versions.set(id, given.get(id) ?? versionNumber);
  };
  for (const { id, version } of items) {
    const header = headers.get(id);
    if (version !== undefined) versions.set(id, version);
    else if (header === undefined) throw notFound(id);
    else if (header.type === concreteTypes[type]) add(header);
    else if (isContainer(header)) {
      for await (const child of everythingIn(ctx, id, type, signal)) add(child);
    } else throw wrongType(header, type);
  }
  return [...versions].map(([id, version]) => ({ id, version }));
}

async function readHeaders(
  ctx: Context,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, M.EntityHeader>> {
  const found = new Map<string, M.EntityHeader>();
  for (let start = 0; start < ids.length; start += batchSize) {
    const references = ids.slice(start, start + batchSize).map((targetId) => ({ targetId }));
    const { results } = await ctx.services.entity.listEntityHeaders(
      { body: { references } },
      { signal },
    );
    for (const header of results) found.set(header.id, header);
  }
  return found;
}

async function* everythingIn(
  ctx: Context,
  id: string,
  type: ItemType,
  signal: AbortSignal | undefined,
): AsyncGenerator<M.EntityHeader> {
  const includeTypes = ['folder', type] as const;
  const lister = {
    getChildren: (parent: string) => getChildren(ctx, parent, { includeTypes, signal }),
  };
  for await (const { header } of listTree(lister, id, { signal })) {
    if (header.type === concreteTypes[type]) yield header;
  }
}

function wrongType({ id, name, type }: M.EntityHeader, wanted: ItemType): ArgumentError {
  const actual = shortName(type);
  const what = wanted === 'file' ? 'A dataset has files' : 'A dataset collection has datasets';
  return new ArgumentError(
    `${id} (${name}) is a ${actual}. ${what}, or the folders that hold them.`,
  );
}

function notFound(id: string): NotFoundError {
  const reason = `${id} does not exist, or you may not read it`;
  return new NotFoundError(`${reason}, so it cannot be an item.`, {
    status: 404,
    reason,
    method: 'POST',
    url: '/repo/v1/entity/header',
  });
}
