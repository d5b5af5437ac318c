import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { checkedContent, type TaskContent } from './taskContent.js';
import {
  checkedState,
  checkTaskEtag,
  requireTask,
  tasks,
  tasksByProject,
  taskStates,
  type TaskRecord,
} from './taskRecords.js';

/**
 * Creates a task. A project has at most one task for each data type.
 *
 * @throws 404, 403 without CREATE on the project, 400
 * @see https://rest-docs.synapse.org/rest/POST/curation/task.html
 */
export function createTask(world: World, caller: Caller, body: M.CurationTask): TaskRecord {
  requireLogin(caller);
  const content = checkedContent(world, body);
  const project = requireAccess(world, caller, content.projectId, 'CREATE');
  if (project.type !== 'project') {
    throw badRequest(`${project.id} is not a project.`);
  }
  requireFree(world, content);
  const now = world.timestamp();
  const user = String(caller.userId);
  const taskId = world.store.sequence('curationTasks')();
  const record: TaskRecord = {
    task: {
      ...content,
      taskId,
      etag: world.uuid(),
      createdOn: now,
      createdBy: user,
      modifiedOn: now,
      modifiedBy: user,
    },
    status: { taskId, state: taskStates[0] },
  };
  tasks(world).put(String(taskId), record);
  return record;
}

/** @throws 404, 403 without UPDATE, 412, 400 */
export function updateTask(
  world: World,
  caller: Caller,
  id: number | string,
  body: M.CurationTask,
): TaskRecord {
  const current = requireTask(world, caller, id, 'UPDATE');
  const { task, status } = current;
  const content = checkedContent(world, body);
  checkTaskEtag(current, body.etag);
  if (content.projectId !== task.projectId) {
    throw badRequest('The project for a MetadataTask cannot be changed.');
  }
  requireFree(world, content, task.taskId);
  const { taskId, createdOn, createdBy } = task;
  const record = {
    task: {
      ...content,
      taskId,
      etag: world.uuid(),
      createdOn,
      createdBy,
      modifiedOn: world.timestamp(),
      modifiedBy: String(caller.userId),
    },
    status,
  };
  tasks(world).put(String(taskId), record);
  return record;
}

/** @throws 404, 403 without DELETE */
export function deleteTask(world: World, caller: Caller, id: number | string): void {
  tasks(world).delete(String(requireTask(world, caller, id, 'DELETE').task.taskId));
}

/** The tasks of a project, oldest first. @throws 404, 403 without READ, 400 */
export function listTasks(
  world: World,
  caller: Caller,
  { projectId, assignedToMe = false, assigneeIds, stateFilter = [] }: M.ListCurationTaskRequest,
): TaskRecord[] {
  if (assignedToMe && assigneeIds !== undefined) {
    throw badRequest("Cannot specify both 'assignedToMe' and 'assigneeIds'.");
  }
  for (const state of stateFilter) {
    checkedState(state);
  }
  const { id } = requireAccess(world, caller, parseEntityId(projectId), 'READ');
  const isWanted = ({ task, status }: TaskRecord) =>
    (!assignedToMe || caller.groups.has(Number(task.assigneePrincipalId))) &&
    (!assigneeIds?.length || assigneeIds.includes(task.assigneePrincipalId ?? '')) &&
    (stateFilter.length === 0 || stateFilter.includes(status.state));
  return tasksByProject(world)
    .find(id)
    .filter(isWanted)
    .sort((a, b) => a.task.taskId - b.task.taskId);
}

function requireFree(world: World, { projectId, dataType }: TaskContent, taskId?: number): void {
  const other = tasksByProject(world)
    .find(projectId)
    .find(({ task }) => task.dataType === dataType && task.taskId !== taskId);
  if (other !== undefined) {
    throw badRequest(
      'A curation task with the specified data type already exists in this project.',
    );
  }
}
