import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { numericId } from '../entities/entityIds.js';
import { getVersionRecord, type CurrentEntity } from '../entities/entityRecords.js';
import { associatedUrl, ownHandleUrl } from '../files/downloads.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import type { Router } from '../kernel/router.js';
import { badRequest, ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { parseAccessId } from './accessIds.js';
import { parseObjectId } from './objectIds.js';

const errorType = 'org.sagebionetworks.repo.model.drs.DrsErrorResponse';

const serviceDate = '2022-08-01T00:00:00.000Z';

/** Serves files by the Data Repository Service standard of GA4GH. */
export function drsRoutes(router: Router, world: World): void {
  router.get('/ga4gh/drs/v1/service-info', () => ({
    id: 'org.sagebase.prod.repo-prod',
    name: 'Sage Bionetworks Synapse DRS API',
    type: { group: 'org.ga4gh', artifact: 'drs', version: '1.2.0' },
    description:
      'This service provides implementation of DRS specification for accessing FileEntities and Datasets within Synapse.',
    organization: { name: 'Sage Bionetworks', url: 'https://www.sagebionetworks.org' },
    contactUrl: 'https://sagebionetworks.jira.com/servicedesk/customer/portal/9',
    documentationUrl: 'https://help.synapse.org/docs/',
    createdAt: serviceDate,
    updatedAt: serviceDate,
    environment: 'local',
    version: 'local',
  }));
  router.get('/ga4gh/drs/v1/objects/{object_id}', ({ caller, path, query }) =>
    drsErrors(() => drsObject(world, caller, path.object_id, query.expand ?? false)),
  );
  router.get('/ga4gh/drs/v1/objects/{object_id}/access/{access_id}', ({ caller, path }) =>
    drsErrors(() => accessUrl(world, caller, path.object_id, path.access_id)),
  );
}

/** This standard has its own error format. */
function drsErrors<T>(serve: () => T): T {
  try {
    return serve();
  } catch (error) {
    if (error instanceof ServiceError) {
      const body = { concreteType: errorType, msg: error.message, status_code: error.status };
      throw new ServiceError(error.status, error.message, { body });
    }
    throw error;
  }
}

function drsObject(world: World, caller: Caller, text: string, expand: boolean): M.DrsObject {
  const object = parseObjectId(text);
  if ('fileHandleId' in object) {
    return handleObject(world, world.files.getOwn(caller, object.fileHandleId));
  }
  const record = requireAccess(world, caller, object.entity.id, 'READ');
  const version = getVersionRecord(world, record, object.entity.version);
  const { description, dataFileHandleId } = version.fields;
  const id = `${record.id}.${version.number}`;
  const common = {
    id,
    name: record.name,
    self_uri: selfUri(world, id),
    version: String(version.number),
    created_time: record.createdOn,
    updated_time: version.modifiedOn,
    description,
  };
  if (record.type === 'dataset') {
    if (expand) throw badRequest('Nesting of bundle is not supported.');
    return { ...common, ...datasetContents(world, version.fields) };
  }
  if (record.type !== 'file') {
    throw badRequest('Only FileEntity, Datasets, and File Handle IDs are supported.');
  }
  const handle = world.files.get(dataFileHandleId ?? '');
  return { ...common, ...contentOf(handle, `FileEntity_${id}_${handle.id}`) };
}

function datasetContents(
  world: World,
  { items = [], size, checksum }: CurrentEntity['version']['fields'],
): Partial<M.DrsObject> {
  const contents = items.map(({ entityId = '', versionNumber }) => {
    const id = `${entityId}.${versionNumber ?? ''}`;
    return { id, name: id, drs_uri: selfUri(world, id) };
  });
  return { contents, size, checksums: [{ checksum, type: 'md5' }] };
}

function handleObject(world: World, handle: HandleRecord): M.DrsObject {
  const id = `fh${handle.id}`;
  return {
    id,
    name: handle.fileName,
    self_uri: selfUri(world, id),
    created_time: handle.createdOn,
    updated_time: handle.modifiedOn,
    ...contentOf(handle, handle.id),
  };
}

function contentOf(handle: HandleRecord, accessId: string): Partial<M.DrsObject> {
  return {
    size: handle.contentSize,
    mime_type: handle.contentType,
    checksums: [{ checksum: handle.contentMd5, type: 'md5' }],
    access_methods: [{ type: 'https', access_id: accessId }],
  };
}

function accessUrl(world: World, caller: Caller, text: string, accessText: string): M.AccessUrl {
  const object = parseObjectId(text);
  const access = parseAccessId(accessText);
  if ('fileHandleId' in object) {
    if (object.fileHandleId !== access.fileHandleId) {
      throw badRequest('AccessId and ObjectId contain different file handle IDs.');
    }
    return { url: ownHandleUrl(world, caller, access.fileHandleId) };
  }
  const { id, version } = object.entity;
  if (access.entity?.id !== id || access.entity.version !== version) {
    throw badRequest('AccessId contains different drsObject Id.');
  }
  return {
    url: associatedUrl(world, caller, {
      associateObjectId: numericId(id).toString(),
      associateObjectType: access.type,
      fileHandleId: access.fileHandleId,
    }),
  };
}

/** Clients find this server by the host in the URI, where the service names its own. */
function selfUri(world: World, id: string): string {
  return `${world.urls.base().replace(/^https?/, 'drs')}/${id}`;
}
