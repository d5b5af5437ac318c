/**
 * The exit statuses of commands. They are documented in the README and do not change, so that shell scripts can
 * use them instead of reading stderr.
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

/** Error `code`s with a specific exit status. Every other error exits with the general failure status. */
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
