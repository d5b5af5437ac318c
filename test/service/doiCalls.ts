import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import type { Session } from '../server/entitySession.js';

/** The description of an entity that gets a DOI. */
export function doiOf(objectId: string, fields: M.Doi = {}): M.Doi {
  return {
    objectId,
    objectType: 'ENTITY',
    publicationYear: 2018,
    titles: [{ title: 'A DOI for a test.' }],
    creators: [{ creatorName: 'Someone running a test' }],
    resourceType: { resourceTypeGeneral: 'Dataset' },
    ...fields,
  };
}

/** Makes or changes a DOI. */
export async function mint(session: Session, doi: M.Doi): Promise<Answer> {
  const concreteType = 'org.sagebionetworks.repo.model.doi.v2.DoiRequest';
  const started = await session.post('/doi/async/start', { concreteType, doi });
  return session.get(`/doi/async/get/${(started.body as { token: string }).token}`);
}
