import { Args } from '@oclif/core';
import { ofKind } from './valueKind.js';

/** The team of a command. */
export const teamArg = ofKind(
  'team',
  Args.string({ description: 'Id or full name of the team.', required: true }),
);
