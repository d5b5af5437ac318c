import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  ConflictError,
  NotFoundError,
  PreconditionFailedError,
  type Synapse,
  type Team,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let bob: Synapse;
let carol: Synapse;
let count = 0;
beforeAll(async () => {
  alice = await clients.open('alice');
  bob = await clients.open('bob');
  carol = await clients.open('carol');
});

function newTeam(more: object = {}): Promise<Team> {
  count += 1;
  return alice.teams.create({ name: `Lab ${count} of alice`, ...more });
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('a team', () => {
  test('is created with its properties, and read by id, by name and by itself', async () => {
    const team = await alice.teams.create({
      name: ' Mouse-lab 1 ',
      description: 'Ünïcödé',
      canPublicJoin: true,
    });
    expect(team).toMatchObject({
      name: 'Mouse-lab 1',
      description: 'Ünïcödé',
      canPublicJoin: true,
    });
    for (const ref of [
      team,
      team.id,
      Number(team.id),
      'Mouse-lab 1',
      ' mouse lab.1',
      '@MOUSELAB1',
    ]) {
      expect(await bob.teams.get(ref)).toEqual(team);
    }
  });

  test.each([
    ['of two letters', 'ab'],
    ['that is empty', '  '],
    ['with other characters', 'Lab of Zoë'],
    ['with a line end within', 'Lab\nof alice'],
    ['of 257 characters', 'x'.repeat(257)],
  ])('with a name %s is refused before anything is sent', async (_, name) => {
    const calls = await clients.calls(async () => {
      await expect(alice.teams.create({ name })).rejects.toThrow('is not a team name');
      await expect(alice.teams.update('1', { name })).rejects.toThrow(ArgumentError);
    });
    expect(calls).toEqual([]);
  });

  test('with a long description, or two ways to join, is refused before anything is sent', async () => {
    const calls = await clients.calls(async () => {
      const name = 'Allowed name';
      const long = alice.teams.create({ name, description: 'x'.repeat(3001) });
      await expect(long).rejects.toThrow('at most 3000 characters, but this one has 3001');
      const both = alice.teams.create({ name, canPublicJoin: true, canRequestMembership: true });
      await expect(both).rejects.toThrow('cannot have both');
    });
    expect(calls).toEqual([]);
  });

  test('cannot have the name of another team or of a user, whatever its case and punctuation', async () => {
    const { name, id } = await newTeam();
    const taken = bob.teams.create({ name: name.toUpperCase() });
    await expect(taken).rejects.toThrow(ConflictError);
    await expect(taken).rejects.toThrow(`is taken by the team ${name} (${id})`);
    await expect(bob.teams.create({ name: 'Car-ol' })).rejects.toThrow('by the user carol');
    const other = await newTeam();
    await expect(alice.teams.update(other, { name })).rejects.toThrow('is taken by the team');
  });

  test('that nobody has is an error with similar names', async () => {
    const { name, id } = await newTeam();
    await expect(bob.teams.get(`${name} x`)).rejects.toThrow(`${name} (team ${id})`);
    await expect(bob.teams.get('alice')).rejects.toThrow('There is no team named "alice".');
    await expect(bob.teams.get('测试')).rejects.toThrow('There is no team named "测试".');
    await expect(bob.teams.get('99999999')).rejects.toThrow(NotFoundError);
    for (const ref of ['', '  ', {}, -1, 1.5]) {
      await expect(bob.teams.get(ref)).rejects.toThrow('is not a team');
    }
  });

  test('is changed where a change is given, and null removes a value', async () => {
    const team = await newTeam({ description: 'old' });
    const name = `${team.name} B`;
    expect(await alice.teams.update(team, { name })).toMatchObject({ name, description: 'old' });
    const changed = await alice.teams.update(name, { description: null, canPublicJoin: true });
    expect(changed).toMatchObject({ name, canPublicJoin: true });
    expect(changed).not.toHaveProperty('description');
    const calls = await clients.calls(() => alice.teams.update(team.id, { canPublicJoin: true }));
    expect(calls).toEqual(['team.getTeam']);
  });

  test('that changes meanwhile is changed on top of that, unless an etag is given', async () => {
    const team = await newTeam();
    await alice.teams.update(team, { description: 'first' });
    const stale = alice.teams.update(team.id, { name: `${team.name} C`, etag: team.etag });
    await expect(stale).rejects.toThrow(PreconditionFailedError);
    await expect(stale).rejects.toThrow('Get it again, and repeat the change');
    await Promise.all([
      alice.teams.update(team, { description: 'second' }),
      alice.teams.update(team, { canPublicJoin: true }),
      alice.teams.update(team, { name: `${team.name} D` }),
    ]);
    expect(await alice.teams.get(team.id)).toMatchObject({
      name: `${team.name} D`,
      description: 'second',
      canPublicJoin: true,
    });
  });

  test('is changed and deleted by its managers only, whom the error names', async () => {
    const team = await newTeam();
    const refused = bob.teams.update(team, { description: 'x' });
    await expect(refused).rejects.toThrow(AuthorizationError);
    await expect(refused).rejects.toThrow(
      `You may not change the team ${team.id}: you lack the UPDATE permission, which the managers of the team have: alice.`,
    );
    await expect(bob.teams.delete(team)).rejects.toThrow('you lack the DELETE permission');
    await alice.teams.delete(team);
    await expect(alice.teams.get(team.id)).rejects.toThrow(NotFoundError);
    await expect(alice.teams.delete(team.name)).rejects.toThrow('There is no team named');
  });

  test.each([
    ['handled, and its answer lost', { loseAnswer: true }],
    ['lost on the way', { dropRequestAt: 0 }],
    ['given up by a gateway', { status: 504 }],
  ])('whose request is %s is created once', async (_, loss) => {
    const faults = [{ operation: 'team.createTeam', times: 1, ...loss }];
    clients.server.conditions.set({ faults });
    const team = await newTeam({ description: 'once' });
    expect(await alice.teams.search(team.name).toArray()).toEqual([team]);
  });

  test('whose change is applied, and its answer lost, is changed once', async () => {
    const team = await newTeam();
    const faults = [{ operation: 'team.updateTeam', times: 1, loseAnswer: true }];
    clients.server.conditions.set({ faults });
    const change = { description: 'new', etag: team.etag };
    expect(await alice.teams.update(team, change)).toMatchObject({ description: 'new' });
  });

  test('of somebody else is not taken for one whose answer was lost', async () => {
    const { name } = await newTeam();
    clients.server.conditions.set({
      faults: [{ operation: 'team.createTeam', times: 1, dropRequestAt: 0 }],
    });
    await expect(bob.teams.create({ name })).rejects.toThrow('is taken by the team');
  });
});

describe('lists of teams', () => {
  test('are those of a user, and those whose name begins with a text, in all their pages', async () => {
    const names = Array.from(
      { length: 57 },
      (_, index) => `Many ${String(index).padStart(2, '0')}`,
    );
    for (const name of names) await carol.teams.create({ name });
    const own = await carol.teams.list().toArray();
    expect(own.map(({ name }) => name)).toEqual(names);
    expect(await alice.teams.list('carol').toArray()).toEqual(own);
    expect(await alice.teams.search('mAny ').toArray()).toEqual(own);
    expect(await alice.teams.search('Many 56').toArray()).toHaveLength(1);
    expect(await alice.teams.search('Many 99').toArray()).toEqual([]);
    await expect(alice.teams.list('nobody at all').toArray()).rejects.toThrow('There is no user');
  });

  test('of members are filtered by kind and by name', async () => {
    const team = await newTeam({ canPublicJoin: true });
    await bob.teams.join(team);
    await carol.teams.join(team.name);
    const members = async (options?: object): Promise<string[]> => {
      const list = await bob.teams.members(team, options).toArray();
      return list.map(({ member, isAdmin }) => `${member.userName} ${isAdmin}`);
    };
    expect(await members()).toEqual(['alice true', 'bob false', 'carol false']);
    expect(await members({ type: 'ADMIN' })).toEqual(['alice true']);
    expect(await members({ type: 'MEMBER', fragment: 'BO' })).toEqual(['bob false']);
    expect(await alice.teams.count(team)).toBe(3);
    expect(await alice.teams.count(team.name, { fragment: 'car' })).toBe(1);
  });
});

describe('an icon', () => {
  test('is uploaded with a new team, replaced, read and removed', async () => {
    const path = await clients.file('icon.png', png);
    const team = await newTeam({ icon: { path } });
    expect(team.icon).toMatch(/^\d+$/);
    const local = await bob.teams.downloadIcon(team.name, {
      destination: join(clients.folder, 'down', 'icon.png'),
    });
    expect(await readFile(local)).toEqual(png);
    expect(await (await fetch(await bob.teams.iconUrl(team))).arrayBuffer()).toHaveProperty(
      'byteLength',
      png.length,
    );
    const other = await alice.teams.setIcon(team, Buffer.concat([png, Buffer.from('x')]), {
      fileName: 'other.png',
    });
    expect(other.icon).not.toBe(team.icon);
    expect(await alice.teams.update(team, { icon: team.icon ?? '' })).toMatchObject({
      icon: team.icon,
    });
    expect(await alice.teams.update(team, { icon: null })).not.toHaveProperty('icon');
    const destination = join(clients.folder, 'none.png');
    await expect(bob.teams.downloadIcon(team, { destination })).rejects.toThrow('has no icon');
    await expect(bob.teams.iconUrl(team)).rejects.toThrow(NotFoundError);
    await expect(bob.teams.setIcon(team, path)).rejects.toThrow('you lack the UPDATE permission');
  });

  test('that is no file of the machine is an error before anything is sent', async () => {
    const calls = await clients.calls(async () => {
      await expect(newTeam({ icon: { path: '/no/such.png' } })).rejects.toThrow('/no/such.png');
    });
    expect(calls).toEqual([]);
  });
});
