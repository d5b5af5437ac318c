import type { World } from '../world.js';

/** Says whether a user has yet to meet a requirement before joining a team. */
export type TeamRequirementCheck = (teamId: number, userId: number) => boolean;

const checks = new WeakMap<World, TeamRequirementCheck>();

/** Lets access requirements stand between users and teams. @default nothing is required */
export function defineTeamRequirements(world: World, check: TeamRequirementCheck): void {
  checks.set(world, check);
}

/** Whether a user has yet to meet a requirement before joining a team. */
export function hasUnmetTeamRequirement(world: World, teamId: number, userId: number): boolean {
  return checks.get(world)?.(teamId, userId) ?? false;
}
