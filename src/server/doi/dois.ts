import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { parseEntityId } from '../entities/entityIds.js';
import { getVersionRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound, staleEtag } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { requirePortalDoi } from '../portals/portalRecords.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** A stored DOI. */
type DoiRecord = M.Doi & Required<Omit<M.DoiAssociation, 'objectVersion' | 'portalId'>>;

/** The object of a DOI. */
export interface DoiObject {
  readonly id: string;
  readonly type: M.DoiObjectType;
  readonly version?: number;
  readonly portalId?: string;
}

/** The prefix of DOIs in test systems. */
const prefix = '10.5072';

function dois(world: World): Collection<DoiRecord> {
  return world.store.collection<DoiRecord>('dois');
}

function keyOf({ id, type, version, portalId }: DoiObject): string {
  return `${type}/${portalId ?? ''}/${id}.${version ?? 'current'}`;
}

function normalized(object: DoiObject): DoiObject {
  return object.type === 'ENTITY' ? { ...object, id: parseEntityId(object.id) } : object;
}

/** @throws 400, 404 when the object has no DOI, 403 without READ on an entity */
export function getDoi(world: World, caller: Caller, asked: DoiObject): DoiRecord {
  const object = normalized(asked);
  if (object.type === 'ENTITY') {
    requireAccess(world, caller, object.id, 'READ');
  }
  const doi = dois(world).get(keyOf(object));
  if (doi === undefined) {
    throw notFound(`DOI for ${object.type} ${object.id} does not exist.`);
  }
  return doi;
}

/** A DOI without its metadata. */
export function association(doi: DoiRecord): M.DoiAssociation {
  const { associatedBy, associatedOn, associationId, doiUri, doiUrl, etag, objectId } = doi;
  const { objectType, objectVersion, portalId, updatedBy, updatedOn } = doi;
  return {
    associationId,
    etag,
    doiUri,
    doiUrl,
    ...(portalId !== undefined && { portalId }),
    objectId,
    objectType,
    ...(objectVersion !== undefined && { objectVersion }),
    associatedBy,
    associatedOn,
    updatedBy,
    updatedOn,
  };
}

/** The web address of the object of a DOI. @throws 400 for an object that cannot have a DOI */
export function objectUrl(world: World, asked: DoiObject): string {
  const { id, type, version } = normalized(asked);
  if (type !== 'ENTITY') {
    throw badRequest(`Objects of the type ${type} cannot be located.`);
  }
  const suffix = version === undefined ? '' : `/version/${version}`;
  return `${world.urls.base()}/repo/v1/entity/${id}${suffix}`;
}

/**
 * Creates or updates the DOI of an object. Nothing is registered with a DOI agency.
 *
 * @throws 400 for missing metadata, 404, 403 without UPDATE, 412 for a stale etag
 * @see https://rest-docs.synapse.org/rest/POST/doi/async/start.html
 */
export function putDoi(world: World, caller: Caller, body: M.Doi | undefined): DoiRecord {
  requireLogin(caller);
  const object = doiObject(world, caller, body);
  const content = checkedContent(body ?? {});
  const key = keyOf(object);
  const current = dois(world).get(key);
  if (current !== undefined && body?.etag !== current.etag) {
    throw body?.etag === undefined
      ? badRequest('The etag of the DOI is required.')
      : staleEtag(current.doiUri);
  }
  const now = world.timestamp();
  const user = String(caller.userId);
  const suffix = object.version === undefined ? '' : `.${object.version}`;
  const doiUri = `${prefix}/local/${object.id}${suffix}`;
  const doi: DoiRecord = {
    ...content,
    associationId: current?.associationId ?? String(world.store.sequence('dois')()),
    etag: world.uuid(),
    doiUri,
    doiUrl: `https://doi.org/${doiUri}`,
    ...(object.portalId !== undefined && { portalId: object.portalId }),
    objectId: object.id,
    objectType: object.type,
    ...(object.version !== undefined && { objectVersion: object.version }),
    associatedBy: current?.associatedBy ?? user,
    associatedOn: current?.associatedOn ?? now,
    updatedBy: user,
    updatedOn: now,
  };
  dois(world).put(key, doi);
  return doi;
}

function doiObject(world: World, caller: Caller, body: M.Doi | undefined): DoiObject {
  const { objectId, objectType, objectVersion, portalId } = body ?? {};
  if (objectId === undefined || objectType === undefined) {
    throw badRequest('The DOI with its objectId and objectType is required.');
  }
  const object = normalized({
    id: objectId,
    type: objectType,
    ...(objectVersion !== undefined && { version: objectVersion }),
    ...(portalId !== undefined && { portalId }),
  });
  if (objectType === 'ENTITY') {
    const record = requireAccess(world, caller, object.id, 'UPDATE');
    getVersionRecord(world, record, objectVersion);
  } else {
    requirePortalDoi(world, caller, portalId);
  }
  return object;
}

function checkedContent(body: M.Doi): Partial<M.Doi> {
  const { creators = [], titles = [], publicationYear, resourceType } = body;
  if (creators.length === 0 || creators.some(({ creatorName }) => !creatorName)) {
    throw badRequest('The DOI needs at least one creator with a name.');
  }
  if (titles.length === 0 || titles.some(({ title }) => !title)) {
    throw badRequest('The DOI needs at least one title.');
  }
  if (publicationYear === undefined || publicationYear < 1000 || publicationYear > 9999) {
    throw badRequest('The DOI needs a publicationYear of four digits.');
  }
  if (resourceType?.resourceTypeGeneral === undefined) {
    throw badRequest('The DOI needs a resourceType.');
  }
  return {
    creators,
    titles,
    publicationYear,
    resourceType,
    publisher: 'Synapse',
  };
}

/** Adds the DOI of an entity to its bundle. */
export function defineDoiPart(world: World): void {
  entityHooks(world).defineBundlePart('doiAssociation', ({ record }) => {
    const doi = dois(world).get(keyOf({ id: record.id, type: 'ENTITY' }));
    return doi && association(doi);
  });
}
