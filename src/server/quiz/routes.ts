import { pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { notFound } from '../kernel/serviceError.js';
import { requireAdmin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { quiz, quizResponses, submitQuiz } from './quizResponses.js';

/** Serves the certification quiz. */
export function quizRoutes(router: Router, world: World): void {
  router.get('/repo/v1/certifiedUserTest', () => quiz());
  router.post('/repo/v1/certifiedUserTestResponse', ({ caller, body }) =>
    submitQuiz(world, caller, body),
  );
  router.get('/repo/v1/admin/certifiedUserTestResponse', ({ caller, query }) => {
    requireAdmin(caller);
    const { offset, limit } = pageWindow(query);
    const { principalId } = query;
    const found = [...quizResponses(world).values()].filter(
      ({ createdBy }) => principalId === undefined || createdBy === String(principalId),
    );
    return { results: found.slice(offset, offset + limit), totalNumberOfResults: found.length };
  });
  router.delete('/repo/v1/admin/certifiedUserTestResponse/{id}', ({ caller, path }) => {
    requireAdmin(caller);
    if (!quizResponses(world).has(String(path.id))) {
      throw notFound(`The quiz response ${path.id} does not exist.`);
    }
    quizResponses(world).delete(String(path.id));
  });
}
