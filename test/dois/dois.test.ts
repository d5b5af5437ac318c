import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  NotFoundError,
  PreconditionFailedError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let object: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
});
beforeEach(async () => {
  object = await clients.project(syn);
});
afterEach(() => clients.server.conditions.reset());

const input = {
  creators: [
    'Ünï Cödé',
    { name: 'B', identifiers: [{ id: '0000-0001', scheme: 'ORCID' as const }] },
  ],
  titles: 'The study',
};

test('a DOI is minted, read and located', async () => {
  const minted = await syn.dois.mint(object, input);
  expect(minted).toMatchObject({
    objectId: object.id,
    titles: ['The study'],
    creators: [
      { name: 'Ünï Cödé' },
      { name: 'B', identifiers: [{ id: '0000-0001', scheme: 'ORCID' }] },
    ],
    publicationYear: new Date().getFullYear(),
    resourceType: 'Dataset',
  });
  expect(minted.url).toBe(`https://doi.org/${minted.doi}`);
  expect(await syn.dois.get(object)).toEqual(minted);
  expect(await syn.dois.locate(object)).toContain(object.id);
});

test('the DOI of a version is another one', async () => {
  const { id } = object;
  const first = await syn.dois.mint(`${id}.1`, input);
  expect(first.version).toBe(1);
  expect(await syn.dois.find(id)).toBeUndefined();
  expect((await syn.dois.get(id, { version: 1 })).doi).toBe(first.doi);
  expect((await syn.dois.mint(id, input)).doi).not.toBe(first.doi);
});

describe('minting again', () => {
  test('sends nothing when nothing changes', async () => {
    const minted = await syn.dois.mint(object, input);
    const calls = await clients.calls(async () => {
      expect(await syn.dois.mint(object, input)).toEqual(minted);
    });
    expect(calls).toEqual(['doi.getDoi']);
  });

  test('updates what is different, and keeps what is not given', async () => {
    const first = { ...input, publicationYear: 2019, resourceType: 'Software' as const };
    const { doi } = await syn.dois.mint(object, first);
    const updated = await syn.dois.mint(object, { creators: ['C'], titles: ['One', 'Two'] });
    expect(updated).toMatchObject({
      doi,
      titles: ['One', 'Two'],
      publicationYear: 2019,
      resourceType: 'Software',
    });
  });

  test('with an old etag is refused', async () => {
    const { etag } = await syn.dois.mint(object, input);
    await syn.dois.mint(object, { ...input, titles: 'Other' });
    const call = syn.dois.mint(object, { ...input, etag });
    await expect(call).rejects.toThrow(PreconditionFailedError);
  });
});

test.each([{ loseAnswer: true }, { dropRequestAt: 0 }, { status: 504 }])(
  'a lost answer (%j) mints one DOI',
  async (loss) => {
    clients.server.conditions.set({
      faults: [{ operation: 'doi.startDoiRegistration', times: 1, ...loss }],
    });
    const minted = await syn.dois.mint(object, input);
    expect(await syn.dois.get(object)).toEqual(minted);
  },
);

describe('bad input', () => {
  test.each([
    ['no creator', { ...input, creators: [] }],
    ['a creator without a name', { ...input, creators: [' '] }],
    ['no title', { ...input, titles: [] }],
    ['an empty title', { ...input, titles: '' }],
    ['a year of two digits', { ...input, publicationYear: 19 }],
  ])('with %s is an error before anything is sent', async (_, bad) => {
    const calls = await clients.calls(() =>
      expect(syn.dois.mint(object, bad)).rejects.toThrow(ArgumentError),
    );
    expect(calls).toEqual([]);
  });

  test('an entity that does not exist is an error, and not one without a DOI', async () => {
    await expect(syn.dois.get(object)).rejects.toThrow(NotFoundError);
    await expect(syn.dois.find('syn99999999')).rejects.toThrow(NotFoundError);
    await expect(syn.dois.mint('syn99999999', input)).rejects.toThrow(NotFoundError);
  });

  test('somebody who may not change the entity cannot mint', async () => {
    const bob = await clients.open('bob');
    await expect(bob.dois.mint(object, input)).rejects.toThrow(AuthorizationError);
  });
});
