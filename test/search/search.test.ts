import { beforeAll, describe, expect, test } from '@jest/globals';
import { ArgumentError, File, Folder, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let parent: string;
beforeAll(async () => {
  syn = await clients.open('alice');
  ({ id: parent } = await clients.project(syn));
  for (const [name, organ] of [
    ['rna liver', 'liver'],
    ['rna kidney', 'kidney'],
    ['dna liver', 'liver'],
  ] as const) {
    const annotations = { organ, consortium: 'Ünïon' };
    await syn.store(new Folder({ name, parentId: parent, annotations }));
  }
  const path = await clients.file('rna.txt', 'x');
  await syn.store(new File({ path, parentId: parent, name: 'rna file' }));
});

async function names(text: string, options = {}): Promise<(string | undefined)[]> {
  const hits = await (await syn.search(text, options)).hits.toArray();
  return hits.map(({ name }) => name).sort();
}

describe('a search', () => {
  test('finds words, and how many entities have them', async () => {
    const { found, hits } = await syn.search('rna');
    expect(found).toBe(3);
    const [first] = (await hits.toArray()).filter(({ name }) => name === 'rna liver');
    expect(first).toMatchObject({ type: 'folder', organ: 'liver', consortium: 'Ünïon' });
    expect(first?.createdOn).toMatch(/^\d{4}-.*Z$/);
  });

  test('finds values of fields, and leaves out others', async () => {
    expect(await names('', { where: { organ: 'liver' } })).toEqual(['dna liver', 'rna liver']);
    expect(await names('rna', { where: { type: 'file' } })).toEqual(['rna file']);
    expect(await names('rna', { not: { type: ['file', 'project'], organ: 'kidney' } })).toEqual([
      'rna liver',
    ]);
  });

  test('finds what a user made, by name or id, and when', async () => {
    const { ownerId = '' } = await syn.getUserProfile();
    const all = ['rna file', 'rna kidney', 'rna liver'];
    expect(await names('rna', { where: { createdBy: 'alice' } })).toEqual(all);
    expect(await names('rna', { where: { createdBy: Number(ownerId) } })).toEqual(all);
    expect(await names('rna', { where: { modifiedBy: 'bob' } })).toEqual([]);
    const createdOn = { from: new Date(Date.now() - 3_600_000), to: '2999-01-01' };
    expect(await names('rna', { createdOn })).toEqual(all);
    expect(await names('rna', { modifiedOn: { to: '2001-01-01T00:00:00Z' } })).toEqual([]);
  });

  test('counts values', async () => {
    const facets = ['type', { field: 'organ', sort: 'alphabet', limit: 1 }] as const;
    const result = await syn.search('rna', { facets });
    expect(result.facets).toEqual([
      {
        field: 'type',
        values: [
          { value: 'folder', count: 2 },
          { value: 'file', count: 1 },
        ],
      },
      { field: 'organ', values: [{ value: 'kidney', count: 1 }] },
    ]);
  });

  test('requests pages as they are needed, and again for each loop', async () => {
    const calls = await clients.calls(async () => {
      const { hits } = await syn.search('rna', { pageSize: 2 });
      for await (const hit of hits) {
        expect(hit.id).toMatch(/^syn/);
        break;
      }
    });
    expect(calls).toHaveLength(1);
    const { hits } = await syn.search('rna', { pageSize: 1 });
    const first = await hits.toArray();
    expect(first).toHaveLength(3);
    expect(await hits.toArray()).toEqual(first);
  });

  test('finds nothing', async () => {
    const { found, hits, facets } = await syn.search('nothinghasthisword', { facets: ['organ'] });
    expect({ found, hits: await hits.toArray(), facets }).toEqual({
      found: 0,
      hits: [],
      facets: [{ field: 'organ', values: [] }],
    });
  });

  test.each<[string, string, object, string]>([
    ['for nothing', '  ', {}, 'no text and no conditions'],
    ['of an unknown field', 'x', { where: { Organ: 'liver' } }, 'Did you mean organ?'],
    ['for an unknown facet', 'x', { facets: ['color'] }, 'The search has no field "color"'],
    ['with a bad date', 'x', { createdOn: { from: 'yesterday' } }, 'is not a date'],
    ['with too large pages', 'x', { pageSize: 101 }, '1 to 100'],
  ])('%s is an error before anything is sent', async (_, text, options, message) => {
    const calls = await clients.calls(async () => {
      const call = syn.search(text, options);
      await expect(call).rejects.toThrow(ArgumentError);
      await expect(call).rejects.toThrow(message);
    });
    expect(calls).toEqual([]);
  });

  test('for an unknown user names similar ones', async () => {
    await expect(syn.search('x', { where: { createdBy: 'ali' } })).rejects.toThrow('alice');
  });
});

test('similar words are suggested', async () => {
  const [suggestion] = await syn.searchSuggestions('livre');
  expect(suggestion?.word).toBe('livre');
  expect(suggestion?.similar[0]).toMatchObject({ word: 'liver' });
  await expect(syn.searchSuggestions(' ')).rejects.toThrow(ArgumentError);
});
