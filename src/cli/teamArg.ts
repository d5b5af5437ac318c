import { Args } from '@oclif/core';

/** The team of a command. */
export const teamArg = Args.string({ description: 'Id or full name of the team.', required: true });
