import type * as M from '../../generated/models.js';
import { idOf } from '../values/ids.js';

/** A project in which participants compete. */
export interface Challenge extends M.Challenge {
  id: string;
  /** The project, which has at most one challenge. */
  projectId: string;
  /** The team of all participants. */
  participantTeamId: string;
}

/** A team that is registered for a challenge. */
export interface ChallengeTeam extends M.ChallengeTeam {
  id: string;
  challengeId: string;
  teamId: string;
}

/** A challenge: its id, or an object that has one. */
export type ChallengeRef = string | number | { id?: string | undefined };

export const challengeOf = (answer: M.Challenge): Challenge => answer as Challenge;
export const challengeTeamOf = (answer: M.ChallengeTeam): ChallengeTeam => answer as ChallengeTeam;

/** The arguments that name a challenge. */
export function challengeArgs(challenge: ChallengeRef): { challengeId: string } {
  return { challengeId: idOf(challenge) };
}
