/** Milliseconds by which the clock of the service may be behind that of this machine. */
const clockSkew = 10 * 60_000;

/**
 * Whether something was created by a request that began at a time, or later. For lookups after a lost answer.
 *
 * @param createdOn - As the service gives it.
 * @param begun - Milliseconds since 1970, by the clock of this machine.
 */
export function isSince(createdOn: string | undefined, begun: number): boolean {
  return Date.parse(createdOn ?? '') >= begun - clockSkew;
}
