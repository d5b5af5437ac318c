import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { parseEntityId } from '../entities/entityIds.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, notFound, staleEtag } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';

/** How far a task is. The description has no model of it. */
export interface TaskStatus {
  readonly taskId: number;
  readonly etag: string;
  readonly state: TaskState;
  readonly executionDetails?: Readonly<Record<string, unknown>>;
  readonly lastUpdatedBy: string;
  readonly lastUpdatedOn: string;
}

type TaskState = 'CANCELED' | 'COMPLETED' | 'IN_PROGRESS' | 'NOT_STARTED';

/** Something to be curated in a project. */
export interface TaskRecord {
  readonly task: Required<
    Omit<M.CurationTask, 'assigneePrincipalId' | 'instructions' | 'taskProperties'>
  > &
    M.CurationTask;
  readonly status: TaskStatus;
}

const taskStates: readonly TaskState[] = ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'CANCELED'];

function tasks(world: World): Collection<TaskRecord> {
  return world.store.collection<TaskRecord>('curationTasks');
}

function byProject(world: World): Index<TaskRecord> {
  return tasks(world).index('project', ({ task }) => task.projectId);
}

/** The task, when the caller may do this to its project. @throws 404, 403 */
export function requireTask(
  world: World,
  caller: Caller,
  id: number | string,
  accessType: 'DELETE' | 'READ' | 'UPDATE',
): TaskRecord {
  const record = tasks(world).get(String(id));
  if (record === undefined) {
    throw notFound(`The curation task ${String(id).slice(0, 100)} does not exist.`);
  }
  requireAccess(world, caller, record.task.projectId, accessType);
  return record;
}

/**
 * Makes a task; a project has one of each data type.
 *
 * @throws 404, 403 without CREATE on the project, 400, 409
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
    status: {
      taskId,
      etag: world.uuid(),
      state: 'NOT_STARTED',
      lastUpdatedBy: user,
      lastUpdatedOn: now,
    },
  };
  tasks(world).put(String(taskId), record);
  return record;
}

/** @throws 404, 403 without UPDATE, 412, 400, 409 */
export function updateTask(
  world: World,
  caller: Caller,
  id: number | string,
  body: M.CurationTask,
): TaskRecord {
  const { task, status } = requireTask(world, caller, id, 'UPDATE');
  checkEtag(`curation task ${id}`, task.etag, body.etag);
  const content = checkedContent(world, { projectId: task.projectId, ...body });
  if (content.projectId !== task.projectId) {
    throw badRequest('The project of a curation task cannot change.');
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
export function listTasks(world: World, caller: Caller, projectId: string): M.CurationTask[] {
  const { id } = requireAccess(world, caller, parseEntityId(projectId), 'READ');
  return byProject(world)
    .find(id)
    .map(({ task }) => task)
    .sort((a, b) => a.taskId - b.taskId);
}

/**
 * Says how far a task is: its assignee may, and who may change the project.
 *
 * @throws 404, 403, 412, 400
 */
export function updateStatus(world: World, caller: Caller, id: string, body: unknown): TaskStatus {
  const known = requireTask(world, caller, id, 'READ');
  const assignee = Number(known.task.assigneePrincipalId);
  const { task, status } =
    !caller.isAnonymous && caller.groups.has(assignee)
      ? known
      : requireTask(world, caller, id, 'UPDATE');
  const { etag, state, executionDetails } = readStatus(body);
  checkEtag(`status of curation task ${id}`, status.etag, etag);
  const changed: TaskStatus = {
    taskId: task.taskId,
    etag: world.uuid(),
    state,
    ...(executionDetails && { executionDetails }),
    lastUpdatedBy: String(caller.userId),
    lastUpdatedOn: world.timestamp(),
  };
  tasks(world).put(String(task.taskId), { task, status: changed });
  return changed;
}

function readStatus(body: unknown): Partial<TaskStatus> & Pick<TaskStatus, 'state'> {
  const { etag, state, executionDetails } = isObject(body) ? body : {};
  const known = taskStates.find((candidate) => candidate === state);
  if (known === undefined) {
    throw badRequest(`The state must be one of: ${taskStates.join(', ')}`);
  }
  return {
    state: known,
    ...(typeof etag === 'string' && { etag }),
    ...(isObject(executionDetails) && { executionDetails }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkEtag(what: string, current: string, given: string | undefined): void {
  if (given === undefined) {
    throw badRequest(`The etag of the ${what} is required.`);
  }
  if (given !== current) {
    throw staleEtag(what);
  }
}

type TaskContent = M.CurationTask & Required<Pick<M.CurationTask, 'dataType' | 'projectId'>>;

function checkedContent(world: World, body: M.CurationTask): TaskContent {
  const { dataType, projectId, instructions, assigneePrincipalId, taskProperties } = body;
  if (dataType === undefined || dataType.trim() === '' || projectId === undefined) {
    throw badRequest('The projectId and the dataType are required.');
  }
  if (assigneePrincipalId !== undefined && getPrincipal(world, assigneePrincipalId) === undefined) {
    throw badRequest(`The assignee ${assigneePrincipalId.slice(0, 100)} does not exist.`);
  }
  if (taskProperties !== undefined) {
    checkProperties(world, taskProperties);
  }
  return {
    dataType,
    projectId: parseEntityId(projectId),
    ...(instructions !== undefined && { instructions }),
    ...(assigneePrincipalId !== undefined && { assigneePrincipalId }),
    ...(taskProperties !== undefined && { taskProperties }),
  };
}

function checkProperties(world: World, properties: M.CurationTaskProperties): void {
  const ids =
    'recordSetId' in properties || !('uploadFolderId' in properties || 'fileViewId' in properties)
      ? [(properties as M.RecordBasedMetadataTaskProperties).recordSetId]
      : [properties.uploadFolderId, properties.fileViewId];
  for (const id of ids) {
    if (id !== undefined) {
      getEntityRecord(world, parseEntityId(id));
    }
  }
}

function requireFree(world: World, { projectId, dataType }: TaskContent, taskId?: number): void {
  const other = byProject(world)
    .find(projectId)
    .find(({ task }) => task.dataType === dataType && task.taskId !== taskId);
  if (other !== undefined) {
    throw conflict(
      `A curation task with the data type ${dataType} exists in ${projectId} already.`,
    );
  }
}

/** Forgets the tasks of projects that are gone for good. */
export function watchTasks(world: World): void {
  entityHooks(world).onChange(({ kind, entity }) => {
    if (kind === 'purge' && entity.record.type === 'project') {
      for (const { task } of byProject(world).find(entity.record.id)) {
        tasks(world).delete(String(task.taskId));
      }
    }
  });
}
