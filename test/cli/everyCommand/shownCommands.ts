import { readCommands } from '../../../build/readCommands.js';

/** The commands that help lists. */
export const shownCommands = readCommands().commands.filter(({ hidden }) => !hidden);
