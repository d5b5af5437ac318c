import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { doiOf, mint } from './doiCalls.js';

const server = withSessions();

describe('DoiWorkerIntegrationTest', () => {
  test('testCreateDoi: the job answers the DOI of a project', async () => {
    const { alice } = server;
    const { id } = await alice.create('project', { name: 'An old project' });
    const wanted = doiOf(id, { publicationYear: 1787 });
    const { body } = await mint(alice, wanted);
    expect(body).toMatchObject({ doi: wanted });
    expect((body as Required<M.DoiResponse>).doi).not.toHaveProperty('objectVersion');
  });
});
