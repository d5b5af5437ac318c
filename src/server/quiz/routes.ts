import type { Caller } from '../kernel/caller.js';
import { pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { deleteResponse, quiz, quizResponses, submitQuiz } from './quizResponses.js';

/** Serves the certification quiz. */
export function quizRoutes(router: Router, world: World): void {
  router.get('/repo/v1/certifiedUserTest', ({ caller }) => quiz(caller));
  router.post('/repo/v1/certifiedUserTestResponse', ({ caller, body }) =>
    submitQuiz(world, caller, body),
  );
  router.get('/repo/v1/admin/certifiedUserTestResponse', ({ caller, query }) => {
    requireAdministrator(caller);
    const { offset, limit } = pageWindow(query);
    const { principalId } = query;
    const found = [...quizResponses(world).values()].filter(
      ({ createdBy }) => principalId === undefined || createdBy === String(principalId),
    );
    return { results: found.slice(offset, offset + limit), totalNumberOfResults: found.length };
  });
  router.delete('/repo/v1/admin/certifiedUserTestResponse/{id}', ({ caller, path }) => {
    requireAdministrator(caller);
    deleteResponse(world, path.id);
  });
}

function requireAdministrator(caller: Caller): void {
  if (!caller.isAdmin) {
    throw forbidden('Only Synapse administrators may make this request.');
  }
}
