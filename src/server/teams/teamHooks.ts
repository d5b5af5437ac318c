import type { World } from '../world.js';

/** Whether a user has unmet requirements for joining a team. */
export type TeamRequirementCheck = (teamId: number, userId: number) => boolean;

/** Whether something names a team that has to stay while it does. */
export type TeamReferenceCheck = (teamId: number) => boolean;

interface TeamHooks {
  hasUnmetRequirement: TeamRequirementCheck;
  readonly references: TeamReferenceCheck[];
}

const makeTeamHooks = (): TeamHooks => ({ hasUnmetRequirement: () => false, references: [] });

/** Sets the requirements that users have to meet before they join a team. @default none */
export function defineTeamRequirements(world: World, check: TeamRequirementCheck): void {
  world.service(makeTeamHooks).hasUnmetRequirement = check;
}

/** Whether a user has unmet requirements for joining a team. */
export function hasUnmetTeamRequirement(world: World, teamId: number, userId: number): boolean {
  return world.service(makeTeamHooks).hasUnmetRequirement(teamId, userId);
}

/** Adds something that names teams, which are not deleted while it does. */
export function defineTeamReference(world: World, check: TeamReferenceCheck): void {
  world.service(makeTeamHooks).references.push(check);
}

/** Whether something names a team, so that it has to stay. */
export function isReferencedTeam(world: World, teamId: number): boolean {
  return world.service(makeTeamHooks).references.some((check) => check(teamId));
}
