import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { createTask, deleteTask, listTasks, updateTask } from './curationTasks.js';
import { requireTask, statusModel } from './taskRecords.js';
import { updateStatus } from './taskStatus.js';

/** Serves curation tasks and their status. */
export function curationRoutes(router: Router, world: World): void {
  router.post('/repo/v1/curation/task', ({ caller, body }) => createTask(world, caller, body).task);
  router.post('/repo/v1/curation/task/list', ({ caller, body }) => {
    const { page, ...token } = tokenPage(listTasks(world, caller, body), body.nextPageToken);
    return {
      page: page.map(({ task }) => task),
      bundlePage: page.map((record) => ({ task: record.task, status: statusModel(record) })),
      ...token,
    };
  });
  router.get(
    '/repo/v1/curation/task/{taskId}',
    ({ caller, path }) => requireTask(world, caller, path.taskId, 'READ').task,
  );
  router.put(
    '/repo/v1/curation/task/{taskId}',
    ({ caller, path, body }) => updateTask(world, caller, path.taskId, body).task,
  );
  router.delete('/repo/v1/curation/task/{taskId}', ({ caller, path }) =>
    deleteTask(world, caller, path.taskId),
  );
  router.get('/repo/v1/curation/task/{taskId}/status', ({ caller, path }) =>
    statusModel(requireTask(world, caller, path.taskId, 'READ')),
  );
  router.put('/repo/v1/curation/task/{taskId}/status', ({ caller, path, body }) =>
    updateStatus(world, caller, path.taskId, body),
  );
}
