import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { Contract } from '../kernel/contract.js';
import { exactReply } from '../kernel/exactJson.js';
import { normalize } from '../kernel/model.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { annotationsV1, readAnnotationsV1 } from './annotationsV1.js';
import { updateAnnotations } from './entityAnnotations.js';
import { readBundle } from './entityBundles.js';
import { parseEntityId, parseVersionNumber } from './entityIds.js';
import { entityModel } from './entityModels.js';
import { getVersionRecord } from './entityRecords.js';
import { updateEntity } from './updateEntity.js';

/** Bits of `GET /entity/{id}/bundle?mask=`, with the part of the current bundle API for each. */
const maskBits: readonly (readonly [bit: number, part: keyof M.EntityBundleRequest])[] = [
  [0x1, 'includeEntity'],
  [0x4, 'includePermissions'],
  [0x8, 'includeEntityPath'],
  [0x20, 'includeHasChildren'],
  [0x40, 'includeAccessControlList'],
  [0x800, 'includeFileHandles'],
  [0x1000, 'includeTableBundle'],
  [0x2000, 'includeRootWikiId'],
  [0x4000, 'includeBenefactorACL'],
  [0x8000, 'includeDOIAssociation'],
  [0x10000, 'includeFileName'],
  [0x20000, 'includeThreadCount'],
  [0x40000, 'includeRestrictionInformation'],
];
const annotationsBit = 0x2;
const accessRequirementsBit = 0x200;
const unmetRequirementsBit = 0x400;

interface Target {
  readonly id: string;
  readonly number?: number;
}

/**
 * Serves the endpoints of older clients that the API description no longer has: the first
 * annotations and bundle APIs, and `PUT /entity/{id}/version`.
 */
export function legacyRoutes(router: Router, world: World): void {
  for (const base of ['/repo/v1/entity/{id}', '/repo/v1/entity/{id}/version/{versionNumber}']) {
    router.extra('GET', `${base}/annotations`, ({ path, caller }) =>
      exactReply(readAnnotations(world, caller, targetOf(path))),
    );
    router.extra('GET', `${base}/bundle`, ({ path, query, caller }) =>
      exactReply(bundleV1(world, caller, targetOf(path), query['mask'])),
    );
  }
  router.extra(
    'PUT',
    '/repo/v1/entity/{id}/annotations',
    ({ path, caller, body }) => {
      const annotations = readAnnotationsV1(body);
      const { record, version } = updateAnnotations(world, caller, targetOf(path).id, annotations);
      return exactReply(annotationsV1(record, version.annotations));
    },
    { exactNumbers: true },
  );
  router.extra('PUT', '/repo/v1/entity/{id}/version', ({ path, caller, body }) => {
    const { id } = targetOf(path);
    const { record, version } = updateEntity(
      world,
      caller,
      { ...readEntity(body), id },
      {
        newVersion: true,
      },
    );
    return entityModel(world, record, version);
  });
}

const contract = new Contract();

/** Validates the body of an endpoint that the kernel does not check. */
function readEntity(body: unknown): M.Entity {
  const entity = normalize('Entity', body);
  const problem = contract.checkRequest('Entity', entity);
  if (problem !== undefined) {
    throw badRequest(`The body is not an Entity: ${problem}`);
  }
  return entity as M.Entity;
}

function targetOf(path: Readonly<Record<string, string>>): Target {
  const number = path['versionNumber'];
  return {
    id: parseEntityId(path['id'] ?? ''),
    ...(number !== undefined && { number: parseVersionNumber(number) }),
  };
}

function readAnnotations(world: World, caller: Caller, target: Target): unknown {
  const record = requireAccess(world, caller, target.id, 'READ');
  return annotationsV1(record, getVersionRecord(world, record, target.number).annotations);
}

function bundleV1(
  world: World,
  caller: Caller,
  target: Target,
  maskText: string | undefined,
): unknown {
  const mask = Number(maskText);
  if (maskText === undefined || !Number.isSafeInteger(mask) || mask < 0) {
    throw badRequest('The mask must be a positive integer.');
  }
  const request: M.EntityBundleRequest = Object.fromEntries(
    maskBits.filter(([bit]) => (mask & bit) !== 0).map(([, part]) => [part, true]),
  );
  return {
    ...readBundle(world, caller, target, request),
    ...((mask & annotationsBit) !== 0 && { annotations: readAnnotations(world, caller, target) }),
    ...((mask & accessRequirementsBit) !== 0 && { accessRequirements: [] }),
    ...((mask & unmetRequirementsBit) !== 0 && { unmetAccessRequirements: [] }),
  };
}
