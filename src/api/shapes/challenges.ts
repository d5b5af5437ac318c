import { anything, listOf, members, text, type Shape } from '../shape.js';
import { page } from './common.js';

const challenge = members({ id: text, projectId: text, participantTeamId: text }, { etag: text });

const challengeTeam = members(
  { id: text, challengeId: text, teamId: text },
  { etag: text, message: text },
);

const ids = members({ results: listOf(text) });

export const challengesShapes: readonly (readonly [string, Shape])[] = [
  ['challenge.createChallenge', challenge],
  ['challenge.createChallengeTeam', challengeTeam],
  ['challenge.deleteChallenge', anything],
  ['challenge.deleteChallengeTeam', anything],
  ['challenge.getChallenge', challenge],
  ['challenge.getEntityChallenge', challenge],
  ['challenge.listChallengeParticipantIds', ids],
  ['challenge.listChallengeRegistratableTeamIds', ids],
  ['challenge.listChallengeSubmissionTeamIds', ids],
  ['challenge.listChallengeTeams', page(challengeTeam)],
  ['challenge.listChallenges', page(challenge)],
  ['challenge.updateChallenge', challenge],
];
