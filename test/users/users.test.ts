import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  ConflictError,
  NotFoundError,
  PreconditionFailedError,
  Project,
  type Synapse,
} from '../../src/index.js';
import { UserNames } from '../../src/users/userNames.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let bob: Synapse;
beforeAll(async () => {
  alice = await clients.open('alice');
  bob = await clients.open('bob');
});

const idOf = (name: 'alice' | 'bob' | 'carol'): string => clients.server.users[name].userId;

/** Creates users, who have no login. */
async function newUsers(prefix: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const username = `${prefix}${String(index).padStart(3, '0')}`;
    ids.push((await clients.server.createUser({ username })).userId);
  }
  return ids;
}

describe('a user', () => {
  test('is the one who is logged in, or has an id, a name or a profile', async () => {
    const own = await bob.users.get();
    expect(own).toMatchObject({ userName: 'bob', ownerId: idOf('bob') });
    for (const user of ['bob', ' @BOB', idOf('bob'), Number(idOf('bob')), own]) {
      expect((await alice.users.get(user)).ownerId).toBe(idOf('bob'));
    }
    expect((await bob.getUserProfile('alice')).ownerId).toBe(idOf('alice'));
  });

  test('that is meant without a reference is the one of the last login', async () => {
    const syn = await clients.open('bob');
    await syn.teams.create({ name: 'A team of bob' });
    expect(await syn.teams.list().toArray()).toMatchObject([{ name: 'A team of bob' }]);
    await syn.login({ authToken: clients.server.users.carol.authToken });
    expect(await syn.teams.list().toArray()).toEqual([]);
    await expect(syn.login({ authToken: 'wrong' })).rejects.toThrow();
    await expect(syn.teams.list().toArray()).rejects.toThrow('No credentials found');
  });

  test('that nobody is, is an error with similar names', async () => {
    await expect(alice.users.get('bobby')).rejects.toThrow(
      `There is no user named "bobby". Similar: bob (user ${idOf('bob')})`,
    );
    await expect(alice.users.get('测试')).rejects.toThrow(ArgumentError);
    await expect(alice.users.get('99999999')).rejects.toThrow(NotFoundError);
    for (const user of ['', {}, -1, 0.5]) {
      await expect(alice.users.get(user)).rejects.toThrow('is not a user');
    }
  });
});

describe('many users', () => {
  test('have a result each, in order: a profile, or why there is none', async () => {
    const users = ['carol', idOf('bob'), 'nobody', '99999999', 'Carol', '99999999999999999999', ''];
    await expect(alice.users.getMany(users)).rejects.toThrow('is not a user');
    const found = await alice.users.getMany(users.slice(0, -1));
    expect(found.map(({ user }) => user)).toEqual(users.slice(0, -1));
    expect(found.map(({ profile, problem }) => profile?.userName ?? problem)).toEqual([
      'carol',
      'bob',
      'There is no user named "nobody".',
      'There is no user with the id 99999999.',
      'carol',
      'There is no user named "99999999999999999999".',
    ]);
    expect(await alice.users.getMany([])).toEqual([]);
  });

  test('are read with one request for 100, and so are their names', async () => {
    const ids = await newUsers('many', 205);
    let found: readonly { profile?: { ownerId?: string } | undefined }[] = [];
    const calls = await clients.calls(async () => {
      found = await alice.users.getMany(ids.toReversed());
    });
    expect(calls).toEqual(new Array<string>(3).fill('userProfile.listUserProfilesByIds'));
    expect(found.map(({ profile }) => profile?.ownerId)).toEqual(ids.toReversed());

    const names = new UserNames(alice);
    const lookups = await clients.calls(() => names.of([...ids, ...ids, '99999999', undefined]));
    expect(lookups).toEqual(new Array<string>(3).fill('userProfile.listUserGroupHeadersByIds'));
    const known = await names.of(ids);
    expect([known.get(ids[0] ?? ''), known.get(ids[204] ?? ''), known.get('99999999')]).toEqual([
      'many000',
      'many204',
      '99999999',
    ]);
  });

  test('are searched by the beginning of their names, and so are teams', async () => {
    await newUsers('look', 120);
    await bob.teams.create({ name: 'Look at this' });
    const names = async (options?: { type: 'user' | 'team' }): Promise<string[]> => {
      const found = await alice.users.search('LOOK', options).toArray();
      return found.map(({ userName }) => userName);
    };
    expect(await names()).toHaveLength(121);
    expect(await names({ type: 'user' })).toHaveLength(120);
    expect(await names({ type: 'team' })).toEqual(['Look at this']);
    expect(await alice.users.search('no such beginning').toArray()).toEqual([]);
  });
});

describe('what Synapse knows about a user', () => {
  test('is whether the user is certified, verified and a member of the ACT', async () => {
    const [newcomer = ''] = await newUsers('newcomer', 1);
    expect(await alice.users.isCertified()).toBe(true);
    expect(await alice.users.isCertified('bob')).toBe(true);
    expect(await alice.users.isCertified(newcomer)).toBe(false);
    expect(await alice.users.flags(newcomer)).toEqual({
      isCertified: false,
      isVerified: false,
      isACTMember: false,
      isARReviewer: false,
    });
    await expect(alice.users.isCertified('99999999')).rejects.toThrow(NotFoundError);
    const calls = await clients.calls(() => alice.users.flags());
    expect(calls).toEqual(['userProfile.getMyUserBundle']);
  });
});

describe('the own profile', () => {
  test('is changed where a change is given, and null removes a value', async () => {
    const changed = await bob.users.update({ company: 'Ünïcödé', position: 'Curator' });
    expect(changed).toMatchObject({ company: 'Ünïcödé', position: 'Curator', userName: 'bob' });
    const again = await bob.users.update({ ...changed, position: null, etag: null });
    expect(again).toMatchObject({ company: 'Ünïcödé', firstName: changed.firstName });
    expect(again).not.toHaveProperty('position');
    const calls = await clients.calls(() => bob.users.update({ company: 'Ünïcödé' }));
    expect(calls).toEqual(['userProfile.getMyUserProfile']);
  });

  test('that changes meanwhile is changed on top of that, unless an etag is given', async () => {
    const before = await bob.users.get();
    await Promise.all([
      bob.users.update({ location: 'Here' }),
      bob.users.update({ summary: 'Text' }),
    ]);
    expect(await bob.users.get()).toMatchObject({ location: 'Here', summary: 'Text' });
    const stale = bob.users.update({ summary: 'Other', etag: before.etag });
    await expect(stale).rejects.toThrow(PreconditionFailedError);
    await expect(stale).rejects.toThrow('Get it again');
  });

  test('is that of nobody else, and has a name that Synapse allows and nobody has', async () => {
    const profile = await alice.users.get('bob');
    await expect(alice.users.update({ ...profile, company: 'x' })).rejects.toThrow(
      'users change their own profile only',
    );
    await expect(bob.users.update({ userName: 'carol' })).rejects.toThrow(ConflictError);
    const own = await bob.users.get();
    const email = bob.users.update({ ...own, emails: ['other@example.org'] });
    await expect(email).rejects.toThrow('emails cannot be changed with the profile');
    const calls = await clients.calls(async () => {
      for (const userName of ['ab', 'with space', 'Zoë', '']) {
        await expect(bob.users.update({ userName })).rejects.toThrow('is not a user name');
      }
    });
    expect(calls).toEqual([]);
  });

  test('has a picture that is uploaded and downloaded', async () => {
    const destination = join(clients.folder, 'picture.png');
    await expect(alice.users.downloadPicture('bob', { destination })).rejects.toThrow(
      'The user bob has no picture.',
    );
    await expect(alice.users.pictureUrl('bob')).rejects.toThrow(NotFoundError);
    const path = await clients.file('face.png', 'not really a picture');
    const changed = await bob.users.setPicture(path);
    expect(changed.profilePicureFileHandleId).toMatch(/^\d+$/);
    expect(await alice.users.downloadPicture('bob', { destination })).toBe(destination);
    expect(await readFile(destination, 'utf8')).toBe('not really a picture');
    const response = await fetch(await bob.users.pictureUrl());
    expect(await response.text()).toBe('not really a picture');
  });
});

describe('the projects of a user', () => {
  test('are those that were shared with the user or a team, in the order that is asked for', async () => {
    const team = await alice.teams.create({ name: 'Readers of projects' });
    const names = ['Zebra', 'Ant'].map((name) => `${name} ${process.pid}`);
    const [zebra] = await Promise.all(names.map((name) => alice.store(new Project({ name }))));
    await alice.setPermissions(zebra?.id ?? '', team, { accessType: 'view' });
    const sorted = { sort: 'PROJECT_NAME', sortDirection: 'ASC' } as const;
    const list = async (found: AsyncIterable<{ name?: string }>): Promise<unknown[]> => {
      const all: unknown[] = [];
      for await (const { name } of found) all.push(name);
      return all;
    };
    expect(await list(alice.users.projects(undefined, sorted))).toEqual(names.toReversed());
    expect(await list(alice.users.projects('alice', { filter: 'PARTICIPATED' }))).toEqual([]);
    expect(await list(alice.users.projects(undefined, { team: team.name }))).toEqual([names[0]]);
    expect(await list(bob.users.projects('alice'))).toEqual([]);
    await expect(list(alice.users.projects(undefined, { team: 'No such team' }))).rejects.toThrow(
      'There is no team named',
    );
  });
});
