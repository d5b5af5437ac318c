import type * as M from '../../../generated/models.js';
import { isVisibleChild } from '../access/entityAcls.js';
import { accessError, decide, hasAccess, requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { formatPageToken, tokenWindow } from '../kernel/paging.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { orderedChildren } from './childOrder.js';
import { parseEntityId, rootId } from './entityIds.js';
import { entityHeader } from './entityModels.js';
import {
  findChild,
  findEntityRecord,
  getVersionRecord,
  type EntityRecord,
} from './entityRecords.js';

/**
 * One page of the children that the caller may see.
 *
 * @throws 400 without a type, 404 and 403 as for reading the parent
 * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
 */
export function listChildren(
  world: World,
  caller: Caller,
  request: M.EntityChildrenRequest,
): M.EntityChildrenResponse {
  const parentId = request.parentId === undefined ? rootId : parseEntityId(request.parentId);
  const types = request.parentId === undefined ? (['project'] as const) : request.includeTypes;
  if (types === undefined) {
    throw badRequest('EntityChildrenRequest.includeTypes is required.');
  }
  if (types.length === 0) {
    throw badRequest('EntityChildrenRequest.includeTypes must include at least one type');
  }
  if (parentId !== rootId) {
    requireAccess(world, caller, parentId, 'READ');
  }
  const wanted: ReadonlySet<M.EntityType> = new Set(types);
  const matches = (child: EntityRecord) =>
    wanted.has(child.type) && isVisibleChild(world, child, caller);
  const order = orderedChildren(world, parentId, request.sortBy ?? 'NAME');
  const window = tokenWindow(request.nextPageToken);
  const isDescending = request.sortDirection === 'DESC';
  const found = takeMatches(order, matches, { ...window, isDescending });
  const page = found.slice(0, window.limit);
  return {
    page: page.map((child) => entityHeader(world, child)),
    ...(found.length > window.limit && {
      nextPageToken: formatPageToken({
        offset: window.offset + window.limit,
        limit: window.limit,
      }),
    }),
    ...childStatistics(world, request, order, matches),
  };
}

/** The matching children of a page, plus one more if there is a next page. */
function takeMatches(
  order: readonly EntityRecord[],
  matches: (child: EntityRecord) => boolean,
  window: { offset: number; limit: number; isDescending: boolean },
): EntityRecord[] {
  const found: EntityRecord[] = [];
  let skipped = 0;
  for (let index = 0; index < order.length && found.length <= window.limit; index++) {
    const child = order[window.isDescending ? order.length - 1 - index : index];
    if (child === undefined || !matches(child)) {
      continue;
    }
    if (skipped < window.offset) {
      skipped++;
    } else {
      found.push(child);
    }
  }
  return found;
}

function childStatistics(
  world: World,
  request: M.EntityChildrenRequest,
  order: readonly EntityRecord[],
  matches: (child: EntityRecord) => boolean,
): Pick<M.EntityChildrenResponse, 'sumFileSizesBytes' | 'totalChildCount'> {
  if (request.includeTotalChildCount !== true && request.includeSumFileSizes !== true) {
    return {};
  }
  const children = order.filter(matches);
  return {
    ...(request.includeTotalChildCount === true && { totalChildCount: children.length }),
    ...(request.includeSumFileSizes === true && {
      sumFileSizesBytes: children.reduce(
        (sum, child) => sum + (getVersionRecord(world, child).contentSize ?? 0),
        0,
      ),
    }),
  };
}

/**
 * The child with a name.
 *
 * @throws 404 when there is none, 403 when the caller may not read the parent or the child
 * @see https://rest-docs.synapse.org/rest/POST/entity/child.html
 */
export function lookupChild(
  world: World,
  caller: Caller,
  request: M.EntityLookupRequest,
): M.EntityId {
  if (request.entityName === undefined) {
    throw badRequest('EntityLookupRequest.entityName is required.');
  }
  const parentId = request.parentId === undefined ? rootId : parseEntityId(request.parentId);
  const parent = decide(world, caller, findEntityRecord(world, parentId), 'READ');
  if (parentId !== rootId && !parent.allowed) {
    throw parent.because === 'lacksPermission'
      ? forbidden('Lack of READ permission on the parent entity.')
      : accessError(parent, parentId, 'READ');
  }
  const child = findChild(world, parentId, request.entityName);
  if (child === undefined) {
    throw notFound(`Child not found for parent: '${parentId}' with name: '${request.entityName}'`);
  }
  if (!hasAccess(world, caller, child.id, 'READ')) {
    throw forbidden('Lack of READ permission on the requested entity.');
  }
  return { id: child.id };
}
