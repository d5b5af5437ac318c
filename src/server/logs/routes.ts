import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';

/** Accepts log entries of clients. A canned reply: entries are not stored. */
export function logRoutes(router: Router): void {
  router.post('/repo/v1/log', ({ body }) => {
    if (body.label === undefined) {
      throw badRequest('The label is required.');
    }
  });
}
