// A team: create it, invite people, invite somebody again, withdraw an invitation, see who is a member, open it for everybody.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, ConflictError, Synapse, type Invitation } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const folder = await mkdtemp(join(tmpdir(), 'team-'));
// No other team and no user may have the name of a team.
const name = `Mouse lab ${randomUUID()}`;

console.log('== Create a team; you are its first member and manager');
const team = await syn.teams.create({ name, description: 'Who works with mice' });
for await (const { isAdmin } of syn.teams.members(team)) console.log('manager:', isAdmin);

async function printInvitations(): Promise<void> {
  const open = await syn.teams.invitations(team).toArray();
  const text = ({ inviteeEmail, message }: Invitation): string => `${inviteeEmail}: ${message}`;
  console.log(open.map(text).toSorted().join('\n'));
}

try {
  console.log('\n== Another team cannot have the name, however it is written');
  try {
    await syn.teams.create({ name: name.toUpperCase().replaceAll(' ', '_') });
  } catch (error) {
    console.log(error instanceof ConflictError && error.message.includes('is taken by the team'));
  }

  console.log('\n== Find it');
  console.log((await syn.teams.get(name)).description);
  console.log((await syn.teams.search(name).toArray()).length);

  console.log('\n== Give it an icon');
  const icon = join(folder, 'mouse.svg');
  await writeFile(icon, '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>');
  await syn.teams.setIcon(team, icon);
  const copy = await syn.teams.downloadIcon(team, { destination: join(folder, 'copy.svg') });
  console.log(copy.endsWith('copy.svg'));

  console.log('\n== Invite users and owners of email addresses; each has a result');
  const { userName = '' } = await syn.users.get();
  const people = ['carol@example.org', 'dora@example.org', userName];
  const results = await syn.teams.invite(team, people, { message: 'Welcome' });
  console.log(results.map(({ state }) => state).join(', '));

  console.log('\n== Invite somebody again: the new invitation replaces the open one');
  const again = await syn.teams.invite(team, 'dora@example.org', { message: 'Are you coming?' });
  console.log(again.state);
  await printInvitations();

  console.log('\n== Withdraw an invitation');
  await syn.teams.uninvite(team, 'carol@example.org');
  await printInvitations();

  console.log('\n== The last manager cannot leave');
  try {
    await syn.teams.leave(team);
  } catch (error) {
    console.log(error instanceof ArgumentError);
  }

  console.log('\n== Open the team for everybody');
  const open = await syn.teams.update(team, { canPublicJoin: true });
  console.log(open.canPublicJoin, open.description);
  console.log((await syn.teams.membershipStatus(team)).isMember, await syn.teams.count(team));
} finally {
  await syn.teams.delete(team);
  await syn.close();
  await rm(folder, { recursive: true });
}

// Output:
//   == Create a team; you are its first member and manager
//   manager: true
//
//   == Another team cannot have the name, however it is written
//   true
//
//   == Find it
//   Who works with mice
//   1
//
//   == Give it an icon
//   true
//
//   == Invite users and owners of email addresses; each has a result
//   invited, invited, member
//
//   == Invite somebody again: the new invitation replaces the open one
//   replaced
//   carol@example.org: Welcome
//   dora@example.org: Are you coming?
//
//   == Withdraw an invitation
//   dora@example.org: Are you coming?
//
//   == The last manager cannot leave
//   true
//
//   == Open the team for everybody
//   true Who works with mice
//   true 1
