/** The parts of an address that a request needs. */
export interface PlainAddress {
  origin: string;
  /** With the query. */
  path: string;
}

/** Characters that `URL` leaves as they are. */
const plain = /^(https?:\/\/(?:[a-z\d.-]+|\[[\da-f:]+\])(?::\d+)?)(\/[\w\-~!$&()*+,;=:@%/.?]*)$/;

/** Segments that `URL` resolves, and hidden names, which are rare. */
const dots = /\/(?:\.|%2e)/i;

/**
 * Splits an http or https address that `URL` would not change. Parsing the address of each request takes longer than formatting
 * the request.
 * @returns `undefined` for an address that has to be parsed, or that names a user
 */
export function plainAddress(address: string): PlainAddress | undefined {
  const [, origin, path] = plain.exec(address) ?? [];
  if (origin === undefined || path === undefined || dots.test(path)) return undefined;
  return { origin, path };
}
