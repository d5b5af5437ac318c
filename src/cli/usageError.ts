import { exitCodes } from './exitCodes.js';

/** Creates an error for an invalid command line. It is reported like a parser error, with the usage exit status. */
export function usageError(message: string): Error {
  return Object.assign(new Error(message), { oclif: { exit: exitCodes.usage } });
}
