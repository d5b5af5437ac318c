import type * as M from '../../../generated/models.js';
import { parseEntityId } from '../entities/entityIds.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest } from '../kernel/serviceError.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';

/** The properties of a task that users set. */
export type TaskContent = M.CurationTask &
  Required<Pick<M.CurationTask, 'dataType' | 'projectId' | 'taskProperties'>>;

interface Referred {
  readonly field: string;
  readonly types: readonly M.EntityType[];
  /** The names of these types in messages of the service. */
  readonly title: string;
}

/** The types of entities that the properties of each kind of task refer to. */
const referredBy: Readonly<Record<M.CurationTaskProperties['concreteType'], readonly Referred[]>> =
  {
    'org.sagebionetworks.repo.model.curation.metadata.FileBasedMetadataTaskProperties': [
      { field: 'fileViewId', types: ['entityview'], title: 'an EntityView' },
      { field: 'uploadFolderId', types: ['folder', 'project'], title: 'a Folder or Project' },
    ],
    'org.sagebionetworks.repo.model.curation.metadata.RecordBasedMetadataTaskProperties': [
      { field: 'recordSetId', types: ['recordset'], title: 'a RecordSet' },
    ],
  };

/**
 * Checks the content of a task and returns the part that is stored.
 *
 * @throws 400, 404 for a referenced object that does not exist
 */
export function checkedContent(world: World, body: M.CurationTask): TaskContent {
  requireFields(body, ['projectId', 'dataType', 'taskProperties']);
  const { projectId, dataType, taskProperties, instructions, assigneePrincipalId } = body;
  if (dataType.trim() === '') {
    throw badRequest('dataType is required and must not be a blank string.');
  }
  if (assigneePrincipalId !== undefined && getPrincipal(world, assigneePrincipalId) === undefined) {
    throw badRequest(`The assignee ${assigneePrincipalId.slice(0, 100)} does not exist.`);
  }
  checkProperties(world, taskProperties);
  return {
    dataType,
    projectId: parseEntityId(projectId),
    taskProperties,
    instructions,
    assigneePrincipalId,
  };
}

function checkProperties(world: World, properties: M.CurationTaskProperties): void {
  const values = new Map<string, unknown>(Object.entries(properties));
  for (const { field, types, title } of referredBy[properties.concreteType]) {
    const id = values.get(field);
    if (typeof id !== 'string') {
      throw badRequest(`${field} is required.`);
    }
    if (!types.includes(getEntityRecord(world, parseEntityId(id)).type)) {
      throw badRequest(`The ${field} must be ${title}.`);
    }
  }
}
