import type { World } from '../world.js';

/** Whether a user has unmet requirements for joining a team. */
export type TeamRequirementCheck = (teamId: number, userId: number) => boolean;

interface TeamHooks {
  hasUnmetRequirement: TeamRequirementCheck;
}

const makeTeamHooks = (): TeamHooks => ({ hasUnmetRequirement: () => false });

/** Sets the requirements that users have to meet before they join a team. @default none */
export function defineTeamRequirements(world: World, check: TeamRequirementCheck): void {
  world.service(makeTeamHooks).hasUnmetRequirement = check;
}

/** Whether a user has unmet requirements for joining a team. */
export function hasUnmetTeamRequirement(world: World, teamId: number, userId: number): boolean {
  return world.service(makeTeamHooks).hasUnmetRequirement(teamId, userId);
}
