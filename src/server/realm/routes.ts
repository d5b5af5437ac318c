import type { Router } from '../kernel/router.js';
import { notFound } from '../kernel/serviceError.js';

/** Serves the only realm of this server. */
export function realmRoutes(router: Router): void {
  router.get('/repo/v1/realm/{id}', ({ path }) => {
    if (path.id !== '0') {
      throw notFound(`The realm ${path.id.slice(0, 100)} does not exist.`);
    }
    return {
      id: '0',
      name: 'Synapse',
      createdOn: '2010-01-01T00:00:00.000Z',
      identityProvider: [
        { concreteType: 'org.sagebionetworks.repo.model.auth.SynapseIdentityProvider' as const },
      ],
    };
  });
}
