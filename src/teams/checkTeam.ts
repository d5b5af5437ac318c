import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import type { TeamChange } from './team.js';

const namePattern = /^[A-Za-z0-9 ._-]+$/;
const shortestName = 3;
const longestName = 256;
const longestDescription = 3000;

/**
 * Checks what Synapse requires of a team, before anything is sent.
 *
 * @throws {@link ArgumentError}
 */
export function checkTeam(team: TeamChange): void {
  if (team.name !== undefined) checkTeamName(team.name);
  const { length } = team.description ?? '';
  if (length > longestDescription) {
    throw new ArgumentError(
      `The description of a team has at most ${longestDescription} characters, but this one has ${length}.`,
    );
  }
  if (team.canPublicJoin === true && team.canRequestMembership === true) {
    throw new ArgumentError(
      'A team cannot have both canPublicJoin and canRequestMembership: nobody has to ask to join a team that is open for everybody.',
    );
  }
}

/** @throws {@link ArgumentError} for a name that a team cannot have */
export function checkTeamName(name: unknown): void {
  const bare = typeof name === 'string' ? name.trim() : '';
  const isAllowed =
    namePattern.test(bare) && bare.length >= shortestName && bare.length <= longestName;
  if (isAllowed) return;
  throw new ArgumentError(
    `${quoted(name)} is not a team name: it has ${shortestName} to ${longestName} characters, which are letters (A to Z), digits, spaces, dots, dashes and underscores.`,
  );
}
