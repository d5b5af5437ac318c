import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ended } from './runSynapse.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();

/** Runs a command as alice, or as another user. */
function run(args: readonly string[], user: 'alice' | 'bob' | 'carol' = 'alice'): Promise<Ended> {
  const { endpoint, users } = commands.server;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users[user].authToken };
  return commands.run(args, { env });
}

const said = ({ status, stdout }: Ended): unknown[] => [status, stdout];

describe('synapse team', () => {
  const name = 'Lab of commands';
  let id: string;
  beforeAll(async () => {
    await writeFile(join(commands.home, 'icon.png'), 'an icon');
    const created = await run([
      'team',
      'create',
      name,
      '--description',
      'Ünïcödé\u001b[31m',
      '--icon',
      'icon.png',
    ]);
    [, id = ''] = /^Created team: (\d+)\tLab of commands\n$/.exec(created.stdout) ?? [];
    expect([created.status, id]).toEqual([0, expect.stringMatching(/^\d+$/)]);
  }, 60_000);

  test('shows a team, lists those of a user, and finds them by name', async () => {
    const shown = await run(['team', 'show', 'LAB-OF commands'], 'bob');
    expect(shown.stdout).toContain(`Team:     ${name} (${id})\n`);
    expect(shown.stdout).toContain('Managers: alice\n');
    expect(shown.stdout).not.toContain('\u001b');
    expect(said(await run(['team', 'list', '--user', 'alice'], 'bob'))).toEqual([
      0,
      `ID       NAME\n${id}  ${name}\n`,
    ]);
    const found = await run(['team', 'list', '--search', 'lab of', '--json'], 'bob');
    expect(JSON.parse(found.stdout)).toMatchObject([{ id, icon: expect.stringMatching(/^\d+$/) }]);
    const none = await run(['team', 'list'], 'carol');
    expect([none.status, none.stdout, none.stderr]).toEqual([0, '', 'There are no such teams.\n']);
  }, 60_000);

  test('invites, keeps and withdraws invitations; one that fails does not stop the others', async () => {
    const some = await run(['team', 'invite', name, 'bob', 'nobodyy', 'alice', 'x@example.org']);
    expect(said(some)).toEqual([
      5,
      'Invited: bob\nAlready a member: alice\nInvited: x@example.org\n',
    ]);
    expect(some.stderr).toContain('nobodyy: There is no user named "nobodyy".');
    expect(said(await run(['team', 'invite', id, 'bob', '--keep-open']))).toEqual([
      0,
      'Already invited: bob\n',
    ]);
    const again = await run(['team', 'invite', id, 'bob', '--message', 'Hi', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject([
      { invitee: 'bob', state: 'replaced', invitation: { message: 'Hi' } },
    ]);
    expect(said(await run(['team', 'invite', id, 'x@example.org', 'carol', '--withdraw']))).toEqual(
      [0, 'Withdrew the invitation of: x@example.org\nNot invited: carol\n'],
    );
    expect((await run(['team', 'invite', id, 'bobb'])).status).toBe(2);
    expect((await run(['team', 'invite', id, 'bob', '--expires', '2001-01-01'])).status).toBe(2);
    const refused = await run(['team', 'invite', id, 'carol'], 'bob');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('which the managers of the team have: alice.');
  }, 90_000);

  test('lets users join, ask and leave, and managers decide', async () => {
    expect(said(await run(['team', 'join', name], 'bob'))).toEqual([
      0,
      `Joined the team: ${name}\n`,
    ]);
    const refused = await run(['team', 'join', name], 'carol');
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('`synapse team join --request`'),
    ]);
    await run(['team', 'join', name, '--request', '--message', 'Please'], 'carol');
    const asked = await run(['team', 'requests', name]);
    expect(asked.stdout).toMatch(/^USER +SINCE +MESSAGE\ncarol +\S+ +Please\n$/);
    const unknown = await run(['team', 'requests', name, '--accept', 'bob']);
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('bob does not ask to join the team.'),
    ]);
    expect(said(await run(['team', 'requests', name, '--accept', 'carol']))).toEqual([
      0,
      'Accepted: carol\n',
    ]);
    const leaving = await run(['team', 'leave', name, '--yes']);
    expect([leaving.status, leaving.stderr]).toEqual([
      2,
      expect.stringContaining('is the only manager of the team'),
    ]);
    expect(said(await run(['team', 'members', name, '--promote', 'bob']))).toEqual([
      0,
      'Now a manager: bob\n',
    ]);
    expect(said(await run(['team', 'members', name, '--demote', 'alice']))).toEqual([
      0,
      'Now a member: alice\n',
    ]);
    const members = await run(['team', 'members', name]);
    const roles = members.stdout.split('\n').map((line) => line.split(/ +/).at(-1));
    expect(roles).toEqual(['ROLE', 'member', 'manager', 'member', '']);
    expect(said(await run(['team', 'leave', name, '--yes']))).toEqual([
      0,
      `Left the team: ${name}\n`,
    ]);
    const removed = await run(['team', 'remove', name, 'carol', 'nobodyy', '--yes'], 'bob');
    expect(said(removed)).toEqual([5, `Removed from the team ${id}: carol\n`]);
  }, 120_000);

  test('deletes a team only when that is confirmed', async () => {
    const unsure = await run(['team', 'delete', name], 'bob');
    expect([unsure.status, unsure.stderr]).toEqual([2, expect.stringContaining('add --yes')]);
    const deleted = await run(['team', 'delete', name, '--yes'], 'bob');
    expect(said(deleted)).toEqual([0, `Deleted team: ${id}\t${name}\n`]);
    expect((await run(['team', 'delete', name, '--yes'], 'bob')).status).toBe(2);
    expect((await run(['team', 'delete', id, '--yes'], 'bob')).status).toBe(4);
  }, 60_000);
});

describe('synapse user', () => {
  test('shows a user, by default the own profile', async () => {
    const own = await run(['user', 'show'], 'bob');
    expect(own.stdout).toMatch(/^User: +bob \(\d+\)\n/);
    expect(own.stdout).toContain('Certified: yes\n');
    const json = await run(['user', 'show', 'alice', '--json'], 'bob');
    expect(JSON.parse(json.stdout)).toMatchObject({ userName: 'alice', isCertified: true });
    const unknown = await run(['user', 'show', 'alicia'], 'bob');
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('There is no user named "alicia". Similar: alice (user'),
    ]);
  }, 60_000);

  test('finds users and teams by the beginning of their names', async () => {
    const found = await run(['user', 'search', 'CAR', '--type', 'user']);
    expect(found.stdout).toMatch(/^ID +TYPE +NAME +FULL NAME\n\d+ +user +carol +Carol Example\n$/);
    const none = await run(['user', 'search', 'no such name']);
    expect([none.status, none.stdout, none.stderr]).toEqual([0, '', 'Nobody has such a name.\n']);
    const limited = await run(['user', 'search', '', '--limit', '2', '--json']);
    expect(JSON.parse(limited.stdout)).toHaveLength(2);
  }, 60_000);
});
