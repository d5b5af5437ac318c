import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, withSessions, type Session, type Stored } from './entitySession.js';

const server = withSessions();
let project: Stored;
let counts: Stored;

beforeAll(async () => {
  const { alice } = server;
  project = await alice.create('project', { name: 'Alzheimer atlas', description: 'about brains' });
  counts = await alice.create('file', {
    parentId: project.id,
    name: 'gene_counts.csv',
    dataFileHandleId: await alice.createHandle(md5s.a),
  });
  const annotations = {
    tissue: { type: 'STRING', value: ['cortex'] },
    note: { type: 'STRING', value: ['made by Zweig'] },
  };
  const body = { id: counts.id, etag: counts.etag, annotations };
  expect((await alice.put(`/entity/${counts.id}/annotations2`, body)).status).toBe(200);
  await alice.create('folder', { parentId: project.id, name: 'raw counts' });
});

async function search(query: object, session: Session = server.alice): Promise<M.SearchResults> {
  const answer = await session.post('/search', query);
  expect(answer.status).toBe(201);
  return answer.body as M.SearchResults;
}

async function names(query: object, session?: Session): Promise<string[]> {
  const { hits = [] } = await search(query, session);
  return hits.map(({ name = '' }) => name).sort();
}

describe('search', () => {
  test('finds words in any text of an entity', async () => {
    expect(await names({ queryTerm: ['counts'] })).toEqual(['gene_counts.csv', 'raw counts']);
    expect(await names({ queryTerm: ['BRAINS'] })).toEqual(['Alzheimer atlas']);
    expect(await names({ queryTerm: ['zweig', 'made'] })).toEqual(['gene_counts.csv']);
    expect(await names({ queryTerm: ['alz*'] })).toEqual(['Alzheimer atlas']);
    expect(await names({ queryTerm: ['alz'] })).toEqual([]);
    expect(await names({ queryTerm: ['counts -raw'] })).toEqual(['gene_counts.csv']);
    expect(await names({ queryTerm: [counts.id] })).toEqual(['gene_counts.csv']);
  });

  test('counts facets of what it filters', async () => {
    const result = await search({
      queryTerm: ['counts'],
      booleanQuery: [{ key: 'node_type', value: 'file' }],
      facetOptions: [{ name: 'EntityType' }, { name: 'Tissue' }],
    });
    expect(result).toMatchObject({
      found: 1,
      start: 0,
      hits: [
        {
          id: counts.id,
          name: 'gene_counts.csv',
          node_type: 'file',
          tissue: 'cortex',
          created_by: String(server.userId('alice')),
          created_on: expect.any(Number),
        },
      ],
      facets: [
        { name: 'EntityType', type: 'LITERAL', constraints: [{ value: 'file', count: 1 }] },
        { name: 'Tissue', constraints: [{ value: 'cortex', count: 1 }] },
      ],
    });
  });

  test('filters by fields or ranges', async () => {
    const notFile = { key: 'node_type', value: 'file', not: true };
    expect(await names({ queryTerm: ['counts'], booleanQuery: [notFile] })).toEqual(['raw counts']);
    const range = (bounds: object) => names({ rangeQuery: [{ key: 'created_on', ...bounds }] });
    expect(await range({ min: '0' })).toHaveLength(3);
    expect(await range({ max: '1000' })).toEqual([]);
    expect(await search({ queryTerm: ['counts'], start: 1, size: 1 })).toMatchObject({
      found: 2,
      hits: [{}],
    });
  });

  test('shows nobody what they may not read', async () => {
    expect(await names({ queryTerm: ['counts'] }, server.bob)).toEqual([]);
    expect(await names({ queryTerm: ['counts'] }, server.anonymous)).toEqual([]);
  });

  test.each([
    [{}],
    [{ queryTerm: ['  '] }],
    [{ queryTerm: ['x'], size: 101 }],
    [{ queryTerm: ['x'], start: -1 }],
    [{ queryTerm: ['x'], facetOptions: [{ name: 'Colour' }] }],
    [{ queryTerm: 'x' }],
  ])('refuses %j', async (query) => {
    expect(await server.alice.post('/search', query)).toMatchObject({ status: 400 });
  });

  test('suggests words that differ little', async () => {
    const answer = await server.alice.post('/suggestion', { searchTerm: ['counst', 'zzzzzz'] });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        suggestions: [
          { key: 'counst', values: [{ term: 'counts', frequency: 2 }] },
          { key: 'zzzzzz', values: [] },
        ],
      },
    });
    expect(await server.alice.post('/suggestion', {})).toMatchObject({ status: 400 });
    expect(await server.alice.post('/suggestion', { searchTerm: ['x'], maxEdit: 9 })).toMatchObject(
      {
        status: 400,
      },
    );
  });
});
