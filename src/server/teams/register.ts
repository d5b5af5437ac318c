import { isInEntityAcl } from '../access/entityAcls.js';
import type { World } from '../world.js';
import { defineTeamReference } from './teamHooks.js';
import { teams } from './teamRecords.js';

/** Registers the icons of teams, which are public, and the ACLs of entities, which keep teams. */
export function registerTeams(world: World): void {
  const byIcon = teams(world).index('icon', ({ icon }) => icon);
  world.files.defineLink((fileHandleId) => byIcon.count(fileHandleId) > 0);
  world.files.defineAssociation('TeamAttachment', (_caller, objectId, fileHandleId) =>
    byIcon.find(fileHandleId).some(({ id }) => String(id) === objectId.trim()),
  );
  defineTeamReference(world, (teamId) => isInEntityAcl(world, teamId));
}
