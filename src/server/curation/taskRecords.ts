import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound, preconditionFailed } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import type { TaskContent } from './taskContent.js';

/** The states of a task. A new task has the first one. */
export const taskStates = ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'CANCELED'] as const;

/** The stored status of a task. It shares the etag of the task. */
export type TaskStatus = Required<Pick<M.CurationTaskStatus, 'state' | 'taskId'>> &
  Pick<M.CurationTaskStatus, 'executionDetails' | 'lastUpdatedBy' | 'lastUpdatedOn'>;

/** A curation task of a project. */
export interface TaskRecord {
  readonly task: TaskContent &
    Required<
      Pick<
        M.CurationTask,
        'createdBy' | 'createdOn' | 'etag' | 'modifiedBy' | 'modifiedOn' | 'taskId'
      >
    >;
  readonly status: TaskStatus;
}

/** The status of a task as the API shows it. */
export function statusModel({ task, status }: TaskRecord): M.CurationTaskStatus {
  return { ...status, etag: task.etag };
}

/** All tasks by id. */
export function tasks(world: World): Collection<TaskRecord> {
  return world.store.collection<TaskRecord>('curationTasks');
}

/** The tasks of each project. */
export function tasksByProject(world: World): Index<TaskRecord> {
  return tasks(world).index('project', ({ task }) => task.projectId);
}

/** The task, without checking permissions. @throws 404 */
export function getTask(world: World, id: number | string): TaskRecord {
  const record = tasks(world).get(String(id));
  if (record === undefined) {
    throw notFound(`Task not found: ${String(id).slice(0, 100)}`);
  }
  return record;
}

/** The task, if the caller has the permission on its project. @throws 404, 403 */
export function requireTask(
  world: World,
  caller: Caller,
  id: number | string,
  accessType: 'DELETE' | 'READ' | 'UPDATE',
): TaskRecord {
  const record = getTask(world, id);
  requireAccess(world, caller, record.task.projectId, accessType);
  return record;
}

/** Checks the name of a state. @throws 400 for an unknown state */
export function checkedState(state: unknown): TaskStatus['state'] {
  const known = taskStates.find((candidate) => candidate === state);
  if (known === undefined) {
    throw badRequest(`The state of a task must be one of: ${taskStates.join(', ')}`);
  }
  return known;
}

/** @throws 400 without an etag, 412 when it is not the current one */
export function checkTaskEtag(
  { task: { etag: current } }: TaskRecord,
  given: string | undefined,
  subject: 'curation task' | 'task status' = 'curation task',
): void {
  if (given === undefined) {
    throw badRequest('etag is required.');
  }
  if (given !== current) {
    throw preconditionFailed(
      `The ${subject} was updated since you last fetched it, please fetch it again and reapply your changes.`,
    );
  }
}

/** Deletes the tasks of purged projects. */
export function watchTasks(world: World): void {
  entityHooks(world).onChange(({ kind, entity }) => {
    if (kind === 'purge' && entity.record.type === 'project') {
      for (const { task } of tasksByProject(world).find(entity.record.id)) {
        tasks(world).delete(String(task.taskId));
      }
    }
  });
}
