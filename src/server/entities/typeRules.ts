import { createHash } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';
import { checkRepositoryName } from './dockerNames.js';
import { numericId, parseEntityId, parseEntityReference } from './entityIds.js';
import { findEntityRecord, findVersionRecord } from './entityRecords.js';
import { entityTypes, type EntityFields, type EntityTypeInfo } from './entityTypes.js';

/**
 * Maximum number of items of a dataset or a dataset collection, and of containers in the scope of a
 * view.
 */
export const maxItems = limits.viewScope;

/** Why a view without a mask and without an older type is refused. */
export const missingMask = "Either 'viewType' or 'viewTypeMask' must be provided";

/** The view types that older clients use instead of a mask. */
export const legacyMasks: Readonly<Record<M.ViewType, number>> = {
  file: 1,
  project: 2,
  file_and_table: 5,
};

/**
 * Checks the fields of a type and returns them in the stored format.
 *
 * @param previous the previous fields; absent for a new entity
 * @throws 400 for a field that the type does not allow
 */
export function applyTypeRules(
  world: World,
  info: EntityTypeInfo,
  fields: EntityFields,
  previous?: EntityFields,
): EntityFields {
  switch (info.type) {
    case 'file':
      return requireHandleId(info, fields);
    case 'recordset':
      return requireHandleId(info, checkRecordSet(fields));
    case 'link':
      return checkLink(fields);
    case 'entityview':
      return checkView(fields);
    case 'submissionview':
      return checkScopeSize(fields, 'evaluations.');
    case 'dataset':
      return datasetFields(world, fields);
    case 'datasetcollection':
      return { ...fields, items: checkItems(world, fields.items, collectionRules) };
    case 'dockerrepo':
      return checkRepository(fields, previous);
    case 'materializedview':
      return requireDefiningSql('materialized view', fields);
    case 'virtualtable':
      return requireDefiningSql('virtual table', fields);
    case 'folder':
    case 'project':
    case 'table':
      return fields;
  }
}

/** The mask of a view, which older clients give as `type`. */
export function viewTypeMaskOf(fields: EntityFields): number {
  return fields.viewTypeMask ?? (fields.type === undefined ? 0 : legacyMasks[fields.type]);
}

function requireHandleId(info: EntityTypeInfo, fields: EntityFields): EntityFields {
  if (fields.dataFileHandleId === undefined) {
    const name = info.concreteType.slice(info.concreteType.lastIndexOf('.') + 1);
    throw badRequest(`${name}.dataFileHandleId cannot be null`);
  }
  return fields;
}

function checkRecordSet(fields: EntityFields): EntityFields {
  if (!fields.upsertKey?.length) {
    throw badRequest('The upsertKey is required and must not be empty.');
  }
  if (fields.csvDescriptor !== undefined && fields.csvDescriptor.isFirstLineHeader !== true) {
    throw badRequest('The csvDescriptor.isFirstLineHeader must be true.');
  }
  return fields;
}

function checkLink(fields: EntityFields): EntityFields {
  const target = fields.linksTo;
  if (target === undefined) {
    return fields;
  }
  if (target.targetId === undefined) {
    throw badRequest('Link.linksTo.targetId cannot be null');
  }
  const { id, version } = parseEntityReference(target.targetId);
  const targetVersionNumber = target.targetVersionNumber ?? version;
  return {
    ...fields,
    linksTo: { targetId: id, ...(targetVersionNumber !== undefined && { targetVersionNumber }) },
  };
}

function checkView(fields: EntityFields): EntityFields {
  if (fields.viewTypeMask === undefined && fields.type === undefined) {
    throw badRequest(missingMask);
  }
  // The service stores the containers of a scope as numbers without `syn`.
  const scopeIds = fields.scopeIds?.map((id) => String(numericId(parseEntityId(id))));
  return checkScopeSize(
    { ...fields, ...(scopeIds !== undefined && { scopeIds }) },
    viewTypeMaskOf(fields) === legacyMasks.project
      ? 'projects.'
      : 'projects and/or folders. Note: The sub-folders of each project and folder in the scope count towards the limit.',
  );
}

function checkScopeSize(fields: EntityFields, members: string): EntityFields {
  if (new Set(fields.scopeIds).size > maxItems) {
    throw badRequest(`The view's scope exceeds the maximum number of ${maxItems} ${members}`);
  }
  return fields;
}

function requireDefiningSql(kind: string, fields: EntityFields): EntityFields {
  if (fields.definingSQL === undefined || fields.definingSQL.trim() === '') {
    throw badRequest(
      `The definingSQL of the ${kind} is required and must not be the empty string.`,
    );
  }
  return fields;
}

function checkRepository(fields: EntityFields, previous?: EntityFields): EntityFields {
  const checked = { ...fields, ...checkRepositoryName(fields.repositoryName) };
  if (previous?.isManaged === true) {
    throw badRequest('Cannot convert a managed Docker repository into an unmanaged one.');
  }
  return checked;
}

interface ItemRules {
  readonly kind: string;
  /** Type of the items. */
  readonly type: M.EntityType;
  /** Begin of the refusal of another type. */
  readonly only: string;
}

const datasetRules: ItemRules = {
  kind: 'dataset',
  type: 'file',
  only: 'Currently, only files can be included in a dataset.',
};
const collectionRules: ItemRules = {
  kind: 'dataset collection',
  type: 'dataset',
  only: 'Only dataset entities can be included in a dataset collection.',
};

function checkItems(
  world: World,
  items: readonly M.EntityRef[] | undefined,
  { kind, only, type: wanted }: ItemRules,
): Required<M.EntityRef>[] {
  if ((items?.length ?? 0) > maxItems) {
    throw badRequest(`Maximum of ${maxItems.toLocaleString('en-US')} items in a ${kind} exceeded.`);
  }
  const seen = new Set<string>();
  return (items ?? []).map(({ entityId, versionNumber }) => {
    if (entityId === undefined) {
      throw badRequest(`Each ${kind} item must have a non-null entity ID.`);
    }
    if (versionNumber === undefined) {
      throw badRequest(`Each ${kind} item must have a non-null version number`);
    }
    const id = parseEntityId(entityId);
    if (seen.has(id)) {
      throw badRequest(`Each ${kind} item must have a unique entity ID.  Duplicate: ${entityId}`);
    }
    seen.add(id);
    const type = findEntityRecord(world, id)?.type;
    // An item that does not exist is no error, because items may also be deleted later.
    if (type !== undefined && type !== wanted) {
      throw badRequest(`${only} ${id} is '${entityTypes[type].concreteType}'`);
    }
    return { entityId: id, versionNumber };
  });
}

/** Adds the fields that the service computes from the items of a dataset. */
function datasetFields(world: World, fields: EntityFields): EntityFields {
  const items = checkItems(world, fields.items, datasetRules);
  const versions = items.map((item) => findVersionRecord(world, item.entityId, item.versionNumber));
  const md5s = versions.flatMap((version) => version?.contentMd5 ?? []).sort();
  return {
    ...fields,
    items,
    count: items.length,
    size: versions.reduce((sum, version) => sum + (version?.contentSize ?? 0), 0),
    ...(md5s.length > 0 && { checksum: createHash('md5').update(md5s.join('')).digest('hex') }),
  };
}
