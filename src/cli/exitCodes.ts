/**
 * What a command's exit status means; documented in the README and kept stable.
 * A shell script can branch on it without reading stderr.
 */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  login: 3,
  notFound: 4,
  partial: 5,
  interrupted: 130,
} as const;

/** Error `code`s with an exit status of their own; every other error is a plain failure. */
const exitCodeOfError: Readonly<Record<string, number>> = {
  ARGUMENT: exitCodes.usage,
  AUTHENTICATION: exitCodes.login,
  NO_CREDENTIALS: exitCodes.login,
  NOT_FOUND: exitCodes.notFound,
  PARTIAL_FAILURE: exitCodes.partial,
};

export function exitCodeFor(errorCode: string | undefined): number {
  return (errorCode && exitCodeOfError[errorCode]) || exitCodes.failure;
}
