import { beforeAll, expect, test } from '@jest/globals';
import {
  ArgumentError,
  NotFoundError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let study: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  study = await clients.project(syn);
});

test('a repository of another registry is stored, read, updated and deleted', async () => {
  const repositoryName = 'quay.io/someone/tool';
  const stored = await syn.docker.store({ parent: study, repositoryName });
  expect(await syn.docker.get(stored)).toMatchObject({
    repositoryName,
    name: 'quay.io_someone_tool',
    isManaged: false,
  });
  await syn.setAnnotations(stored, { tissue: ['liver'] });
  expect((await syn.docker.store({ parent: study.id, repositoryName })).id).toBe(stored.id);
  expect(await syn.getAnnotations(stored)).toEqual({ tissue: ['liver'] });
  const { name } = stored;
  const other = await syn.docker.store({ parent: study, repositoryName: 'someone/other', name });
  expect(other.id).toBe(stored.id);
  expect((await syn.docker.get(other.id)).repositoryName).toBe('someone/other');
  await syn.delete(other);
  await expect(syn.docker.get(other.id)).rejects.toThrow(NotFoundError);
});

test('a repository of Synapse is not stored, but pushed', async () => {
  const repositoryName = `docker.synapse.org/${study.id}/tool`;
  const calls = await clients.calls(async () => {
    await expect(syn.docker.store({ parent: study, repositoryName })).rejects.toThrow('push');
  });
  expect(calls).toEqual([]);
  await expect(syn.docker.get(repositoryName)).rejects.toThrow(NotFoundError);
});

test('the tags of a repository are listed over many pages, with the latest digest of each', async () => {
  const repositoryName = 'quay.io/someone/tagged';
  const { id } = await syn.docker.store({ parent: study, repositoryName });
  expect(await syn.docker.tags(id).toArray()).toEqual([]);
  const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
  const tags = Array.from({ length: 25 }, (_, i) => `v${String(i).padStart(2, '0')}`);
  for (const tag of [...tags, 'v00']) {
    const body = { tag, digest: digest(tag === 'v00' ? 'b' : 'a') };
    await syn.services.dockerCommit.addDockerCommit({ id, body });
  }
  const newest = await syn.docker.tags(id).toArray();
  expect(newest.map(({ tag }) => tag)).toEqual(['v00', ...tags.slice(1).toReversed()]);
  const byTag = await syn.docker.tags(id, { sortBy: 'TAG' }).toArray();
  expect(byTag.map(({ tag }) => tag)).toEqual(tags);
  expect(byTag[0]?.digest).toBe(digest('b'));
});

test('what is not a repository is told', async () => {
  await expect(syn.docker.get(study)).rejects.toThrow('not a Docker repository');
  await expect(syn.docker.get('')).rejects.toThrow(ArgumentError);
  await expect(syn.docker.tags('syn999999').toArray()).rejects.toThrow(NotFoundError);
});
