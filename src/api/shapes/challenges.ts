import { members, text, type Shape } from '../shape.js';

export const challengesShapes: readonly (readonly [string, Shape])[] = [
  [
    'challenge.getChallenge',
    members({ id: text, projectId: text, participantTeamId: text }, { etag: text }),
  ],
];
