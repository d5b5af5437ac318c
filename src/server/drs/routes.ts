import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityReference } from '../entities/entityIds.js';
import { getVersionRecord, type CurrentEntity } from '../entities/entityRecords.js';
import { requireFile } from '../entities/entityFiles.js';
import type { Caller } from '../kernel/caller.js';
import type { Router } from '../kernel/router.js';
import { badRequest, ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';

const errorType = 'org.sagebionetworks.repo.model.drs.DrsErrorResponse';

/** Serves files by the Data Repository Service standard of GA4GH. */
export function drsRoutes(router: Router, world: World): void {
  router.get('/ga4gh/drs/v1/service-info', () => ({
    id: 'org.sagebase.local.repo',
    name: 'Sage Bionetworks Synapse DRS API for accessing datasets and files',
    type: { group: 'org.ga4gh', artifact: 'drs', version: '1.2.0' },
    description: 'The DRS endpoints of a local Synapse.',
    organization: { name: 'Sage Bionetworks', url: 'https://www.sagebionetworks.org' },
    environment: 'test',
    version: '1.2.0',
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

/** Finds an object by its id. Objects are versions of files and datasets, which do not change. */
function requireObject(world: World, caller: Caller, text: string): CurrentEntity {
  const { id, version } = parseEntityReference(text);
  const record = requireAccess(world, caller, id, 'READ');
  if (record.type === 'file' || record.type === 'dataset') {
    if (version === undefined) {
      throw badRequest('Object id should include version. e.g syn123.1');
    }
    return { record, version: getVersionRecord(world, record, version) };
  }
  throw badRequest('DRS API only supports FileEntity and Datasets.');
}

function drsObject(world: World, caller: Caller, text: string, expand: boolean): M.DrsObject {
  const { record, version } = requireObject(world, caller, text);
  const id = `${record.id}.${version.number}`;
  const { description, dataFileHandleId, items = [] } = version.fields;
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
    if (expand) {
      throw badRequest('Expanding dataset is not supported.');
    }
    const contents = items.map(({ entityId = '', versionNumber }) => {
      const itemId = `${entityId}.${versionNumber ?? ''}`;
      return { id: itemId, drs_uri: selfUri(world, itemId) };
    });
    return { ...common, size: version.fields.size ?? 0, checksums: [], contents };
  }
  const handle = world.files.get(dataFileHandleId ?? '');
  const md5 = 'contentMd5' in handle ? handle.contentMd5 : undefined;
  return {
    ...common,
    size: ('contentSize' in handle ? handle.contentSize : undefined) ?? 0,
    mime_type: handle.contentType,
    checksums: md5 === undefined ? [] : [{ checksum: md5, type: 'md5' as const }],
    access_methods: [{ type: 'https', access_id: `FileEntity_${id}_${handle.id}` }],
  };
}

function accessUrl(world: World, caller: Caller, text: string, accessId: string): M.AccessUrl {
  const { record, version } = requireObject(world, caller, text);
  const handle = requireFile(world, caller, record.id, version.number);
  if (accessId !== `FileEntity_${record.id}.${version.number}_${handle.id}`) {
    throw badRequest(`The access_id ${accessId.slice(0, 200)} is not that of the object.`);
  }
  return { url: world.files.url(handle) };
}

function selfUri(world: World, id: string): string {
  return `${world.urls.base().replace(/^https?/, 'drs')}/${id}`;
}
