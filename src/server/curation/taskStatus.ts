import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import {
  checkedState,
  checkTaskEtag,
  getTask,
  statusModel,
  tasks,
  type TaskStatus,
} from './taskRecords.js';

const detailsType = 'org.sagebionetworks.repo.model.curation.execution.GridExecutionDetails';

/**
 * Updates the status of a task. Its assignee may do this, and users who may update the project.
 *
 * @throws 404, 403, 412, 400
 */
export function updateStatus(
  world: World,
  caller: Caller,
  id: number,
  body: unknown,
): M.CurationTaskStatus {
  const record = getTask(world, id);
  const { task } = record;
  const { etag, state, executionDetails } = readStatus(body);
  const isAssigned = !caller.isAnonymous && caller.groups.has(Number(task.assigneePrincipalId));
  if (!isAssigned && !hasAccess(world, caller, task.projectId, 'UPDATE')) {
    throw forbidden('You must have UPDATE access on the project or be an assignee of the task.');
  }
  checkTaskEtag(record, etag, 'task status');
  const status: TaskStatus = {
    taskId: task.taskId,
    state,
    executionDetails,
    lastUpdatedBy: String(caller.userId),
    lastUpdatedOn: world.timestamp(),
  };
  const changed = { task: { ...task, etag: world.uuid() }, status };
  tasks(world).put(String(task.taskId), changed);
  return statusModel(changed);
}

function readStatus(
  body: unknown,
): Pick<TaskStatus, 'executionDetails' | 'state'> & { readonly etag?: string } {
  const { etag, state, executionDetails } = isObject(body) ? body : {};
  const details = readDetails(executionDetails);
  return {
    state: checkedState(state),
    ...(typeof etag === 'string' && { etag }),
    executionDetails: details,
  };
}

function readDetails(value: unknown): M.GridExecutionDetails | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const { concreteType, activeSessionId } = isObject(value) ? value : {};
  if (concreteType !== detailsType) {
    throw badRequest(`The concreteType of executionDetails must be ${detailsType}.`);
  }
  return { concreteType, ...(typeof activeSessionId === 'string' && { activeSessionId }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
