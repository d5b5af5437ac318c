import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { readObjectAcl, updateObjectAcl } from '../permissions/objectAcls.js';
import type { World } from '../world.js';
import {
  aclOwner,
  createForm,
  createGroup,
  deleteForm,
  listForms,
  requireGroup,
  reviewForm,
  submitForm,
  updateForm,
} from './formRecords.js';

/** Serves forms and form groups. */
export function formRoutes(router: Router, world: World): void {
  router.post('/repo/v1/form/group', ({ caller, query }) => createGroup(world, caller, query.name));
  router.get('/repo/v1/form/group/{id}', ({ caller, path }) =>
    requireGroup(world, caller, path.id, 'READ'),
  );
  router.get('/repo/v1/form/group/{id}/acl', ({ caller, path }) =>
    readObjectAcl(world, aclOwner(requireGroup(world, caller, path.id, 'READ'))),
  );
  router.put('/repo/v1/form/group/{id}/acl', ({ caller, path, body }) => {
    const owner = aclOwner(requireGroup(world, caller, path.id, 'CHANGE_PERMISSIONS'));
    return updateObjectAcl(world, caller, owner, body);
  });
  router.post('/repo/v1/form/data', ({ caller, query, body }) =>
    createForm(world, caller, query.groupId, body),
  );
  router.put('/repo/v1/form/data/{id}', ({ caller, path, body }) =>
    updateForm(world, caller, path.id, body),
  );
  router.delete('/repo/v1/form/data/{id}', ({ caller, path }) =>
    deleteForm(world, caller, path.id),
  );
  router.post('/repo/v1/form/data/{id}/submit', ({ caller, path }) =>
    submitForm(world, caller, path.id),
  );
  router.post('/repo/v1/form/data/list', ({ caller, body }) =>
    tokenPage(listForms(world, caller, body, false), body.nextPageToken),
  );
  router.post('/repo/v1/form/data/list/reviewer', ({ caller, body }) =>
    tokenPage(listForms(world, caller, body, true), body.nextPageToken),
  );
  router.put('/repo/v1/form/data/{id}/accept', ({ caller, path }) =>
    reviewForm(world, caller, path.id, { state: 'ACCEPTED' }),
  );
  router.put('/repo/v1/form/data/{id}/reject', ({ caller, path, body }) =>
    reviewForm(world, caller, path.id, { state: 'REJECTED', reason: body.reason }),
  );
}
