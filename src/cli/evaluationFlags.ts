import { Args, Flags } from '@oclif/core';
import { statusNames } from '../evaluations/statusNames.js';
import type { SubmissionFilter } from '../index.js';
import { ofKind } from './valueKind.js';

export const evaluationArg = ofKind(
  'evaluation',
  Args.string({
    description: 'Id or name of the evaluation.',
    required: true,
  }),
);

/** Which submissions of an evaluation are meant. */
export const submissionFlags = {
  status: Flags.custom<NonNullable<SubmissionFilter['status']>>({
    description: 'Only submissions with this status.',
    helpValue: '<status>',
    options: [...statusNames],
    parse: (given) => {
      const name = statusNames.find((known) => known === given);
      // oclif has compared it with the options.
      return name === undefined ? Promise.reject(new Error(given)) : Promise.resolve(name);
    },
  })(),
  mine: Flags.boolean({ description: 'Only your own submissions.' }),
};
