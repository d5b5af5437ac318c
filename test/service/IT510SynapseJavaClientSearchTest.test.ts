import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('IT510SynapseJavaClientSearchTest', () => {
  test('testSearch: a project is found by its id', async () => {
    const { alice } = server;
    const { id } = await alice.create('project', { name: 'Searched for', description: 'a base' });
    const query = { booleanQuery: [{ key: '_id', value: id }] };
    expect((await alice.post('/search', query)).body).toMatchObject({ found: 1, hits: [{ id }] });
  });
});
