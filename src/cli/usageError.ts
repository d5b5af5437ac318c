import { exitCodes } from './exitCodes.js';

/** A mistake in the command line: reported as the parser's own are, with the usage exit status. */
export function usageError(message: string): Error {
  return Object.assign(new Error(message), { oclif: { exit: exitCodes.usage } });
}
