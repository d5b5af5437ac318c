import type * as M from '../../../generated/models.js';
import { parseEntityId } from '../entities/entityIds.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest } from '../kernel/serviceError.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';

/** What users say about a task. */
export type TaskContent = M.CurationTask &
  Required<Pick<M.CurationTask, 'dataType' | 'projectId' | 'taskProperties'>>;

interface Referred {
  readonly field: string;
  readonly types: readonly M.EntityType[];
  /** What the service calls these types. */
  readonly title: string;
}

/** What the properties of each kind of task refer to. */
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

/** What is kept of a task that is made or changed. @throws 400, 404 for what does not exist */
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
    ...(instructions !== undefined && { instructions }),
    ...(assigneePrincipalId !== undefined && { assigneePrincipalId }),
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
