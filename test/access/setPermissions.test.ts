import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as M from '../../generated/models.js';
import {
  ArgumentError,
  type Principal,
  type Project,
  type SetPermissionsOptions,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
const everyone = 273949;
const loggedIn = 273948;
let syn: Synapse;
let project: Project & Stored;
let teamId: string;
let bob: string;

beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  bob = clients.server.users.bob.userId;
  const team = await syn.services.team.createTeam({ body: { name: 'Mouse Lab' } });
  teamId = team.id ?? '';
});

/** What a principal is granted, by id. */
async function granted(
  principal: Principal,
  options: SetPermissionsOptions = {},
): Promise<Map<number | undefined, M.ACCESS_TYPE[] | undefined>> {
  const acl = await syn.setPermissions(project, principal, options);
  const entries = acl.resourceAccess ?? [];
  return new Map(entries.map(({ principalId, accessType }) => [principalId, accessType?.sort()]));
}

describe('a principal', () => {
  test.each(['PUBLIC', 'public', 'Public', everyone, String(everyone)])(
    '%j is everybody, who may view',
    async (principal) => {
      expect((await granted(principal)).get(everyone)).toEqual(['READ']);
      expect(await syn.getAcl(project)).toEqual(['READ']);
      expect(await syn.getAcl(project, { principal })).toEqual(['READ']);
      expect((await granted(principal, { accessType: [] })).has(everyone)).toBe(false);
    },
  );

  test.each(['AUTHENTICATED_USERS', 'authenticated users', 'authenticatedUsers', loggedIn])(
    '%j is everybody who is logged in',
    async (principal) => {
      expect((await granted(principal)).get(loggedIn)).toEqual(['DOWNLOAD', 'READ']);
      expect((await granted(principal, { accessType: [] })).has(loggedIn)).toBe(false);
    },
  );

  test('is a user by name, id or profile', async () => {
    const profile = await syn.users.get('bob');
    for (const principal of ['bob', 'BOB', '@bob', ' bob ', bob, Number(bob), profile]) {
      expect((await granted(principal)).get(Number(bob))).toEqual(['DOWNLOAD', 'READ']);
      expect((await granted(principal, { accessType: [] })).has(Number(bob))).toBe(false);
    }
  });

  test('is a team by name, id or object', async () => {
    const team = await syn.services.team.getTeam({ id: teamId });
    for (const principal of ['Mouse Lab', 'mouse lab', teamId, team]) {
      expect((await granted(principal, { accessType: 'view' })).get(Number(teamId))).toEqual([
        'READ',
      ]);
      expect((await granted(principal, { accessType: [] })).has(Number(teamId))).toBe(false);
    }
  });

  test('is found although many names begin with its name', async () => {
    for (let count = 0; count < 12; count += 1) {
      await clients.server.createUser({ username: `ann${count}` });
    }
    const { userId } = await clients.server.createUser({ username: 'ann' });
    expect((await granted('ann')).has(Number(userId))).toBe(true);
    expect(await syn.users.get('Ann')).toMatchObject({ ownerId: userId });
  });

  test('that is only the beginning of a name is refused with similar names', async () => {
    const error: unknown = await syn.setPermissions(project, 'mouse').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as Error).message).toBe(
      `There is no user and no team named "mouse". Similar: Mouse Lab (team ${teamId}). Pass a full name or an id.`,
    );
    await expect(syn.users.get('bo')).rejects.toThrow(
      `There is no user named "bo". Similar: bob (user ${bob}).`,
    );
    await expect(syn.users.get('Mouse Lab')).rejects.toThrow('There is no user named "Mouse Lab".');
  });

  test.each([undefined, null, '', '  ', '@', '王', {}, { id: 'syn1' }, NaN, -1, 1.5])(
    'that is %j is refused before anything is changed',
    async (principal) => {
      const calls = await clients.calls(async () => {
        await expect(syn.setPermissions(project, principal as Principal)).rejects.toThrow(
          ArgumentError,
        );
      });
      expect(calls).not.toContain('entity.updateEntityAcl');
    },
  );
});

describe('the access', () => {
  test.each<[SetPermissionsOptions['accessType'], string[]]>([
    [undefined, ['DOWNLOAD', 'READ']],
    ['view', ['READ']],
    ['download', ['DOWNLOAD', 'READ']],
    ['edit', ['CREATE', 'DOWNLOAD', 'READ', 'UPDATE']],
    ['edit-delete', ['CREATE', 'DELETE', 'DOWNLOAD', 'READ', 'UPDATE']],
    [
      'admin',
      [
        'CHANGE_PERMISSIONS',
        'CHANGE_SETTINGS',
        'CREATE',
        'DELETE',
        'DOWNLOAD',
        'MODERATE',
        'READ',
        'UPDATE',
      ],
    ],
    ['READ', ['READ']],
    [
      ['READ', 'UPDATE', 'READ'],
      ['READ', 'UPDATE'],
    ],
    [['read'] as unknown as M.ACCESS_TYPE[], ['READ']],
  ])('%j', async (accessType, types) => {
    expect((await granted('bob', { accessType })).get(Number(bob))).toEqual(types);
  });

  test('that is unknown is refused with the words for it', async () => {
    for (const accessType of ['REED', ['READ', 'write'], 'toString']) {
      const given = accessType as unknown as M.ACCESS_TYPE;
      const calls = await clients.calls(async () => {
        await expect(syn.setPermissions(project, 'bob', { accessType: given })).rejects.toThrow(
          /is not an access type: use view, download, edit, edit-delete, admin, or some of READ, DOWNLOAD/,
        );
      });
      expect(calls).toEqual([]);
    }
  });

  test('to download is refused for everybody with the reason of Synapse', async () => {
    await expect(syn.setPermissions(project, 'PUBLIC', { accessType: 'download' })).rejects.toThrow(
      'Only READ permissions can be assigned to the public group',
    );
  });
});
