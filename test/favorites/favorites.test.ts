import { beforeAll, describe, expect, test } from '@jest/globals';
import { ArgumentError, Folder, NotFoundError, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let bob: Synapse;
beforeAll(async () => {
  alice = await clients.open('alice');
  bob = await clients.open('bob');
});

describe('favorites', () => {
  test('are added, listed in both orders, and removed', async () => {
    const project = await clients.project(alice);
    const folders = [];
    for (const name of ['b', 'c', 'd']) {
      folders.push(await alice.store(new Folder({ name, parent: project })));
    }
    for (const folder of folders) await alice.favorites.add(folder);
    const [first] = folders;
    expect(await alice.favorites.add(first?.id ?? '')).toMatchObject({ id: first?.id, name: 'b' });
    const names = async (options?: object): Promise<string[]> => {
      const list = await alice.favorites.list(options).toArray();
      return list.map(({ name }) => name);
    };
    expect(await names()).toEqual(['d', 'c', 'b']);
    expect(await names({ sort: 'FAVORITED_ON', sortDirection: 'ASC' })).toEqual(['b', 'c', 'd']);
    expect((await names({ sort: 'NAME', sortDirection: 'ASC' })).toSorted()).toEqual([
      'b',
      'c',
      'd',
    ]);
    await alice.favorites.remove(first ?? '');
    await alice.favorites.remove(first ?? '');
    expect(await names()).toEqual(['d', 'c']);
    expect(await bob.favorites.list().toArray()).toEqual([]);
  });

  test('are read in pages of 200', async () => {
    const project = await clients.project(bob);
    for (let index = 0; index < 203; index += 1) {
      const { id } = await bob.store(new Folder({ name: `f${index}`, parent: project }));
      await bob.favorites.add(id);
    }
    let count = 0;
    const calls = await clients.calls(async () => {
      count = (await bob.favorites.list().toArray()).length;
    });
    expect([count, calls.length]).toEqual([203, 2]);
  });

  test('are entities that exist, not versions; an answer that is lost does not matter', async () => {
    await expect(alice.favorites.add('syn99999999')).rejects.toThrow(NotFoundError);
    const calls = await clients.calls(async () => {
      await expect(alice.favorites.add('syn1.2')).rejects.toThrow('with all its versions');
      await expect(alice.favorites.add('x')).rejects.toThrow(ArgumentError);
      await expect(alice.favorites.remove('')).rejects.toThrow(ArgumentError);
    });
    expect(calls).toEqual([]);
    const project = await clients.project(alice);
    const faults = [{ operation: 'userProfile.addFavorite', times: 1, loseAnswer: true }];
    clients.server.conditions.set({ faults });
    expect(await alice.favorites.add(project)).toMatchObject({ id: project.id });
  });
});
