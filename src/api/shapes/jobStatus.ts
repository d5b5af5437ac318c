import { members, number, text } from '../shape.js';

/** The state of an asynchronous job. */
export const jobStatus = members(
  {},
  {
    jobState: text,
    progressCurrent: number,
    progressTotal: number,
    progressMessage: text,
    errorMessage: text,
    errorDetails: text,
  },
);
