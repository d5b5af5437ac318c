import type { Description } from '../description.js';

/**
 * One systematic correction. It changes the draft that it is handed and returns how many places it changed; `applyPasses` gives it
 * a copy, so from outside it is a function from description to description.
 */
export type Pass = (draft: Description) => number;
