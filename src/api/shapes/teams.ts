import { anything, type Shape } from '../shape.js';

export const teamsShapes: readonly (readonly [string, Shape])[] = [['team.deleteTeam', anything]];
