import { usageError } from '../usageError.js';
import { planRequest, type CreateClient } from './planRequest.js';

/** Where a service is. */
export interface ServiceAddress {
  /** The beginning of its paths. */
  prefix: string;
  /** Its URL, which may end in something else. */
  address: string;
}

const prefixes = ['/repo/v1', '/auth/v1', '/file/v1', ''];

/** The addresses of the services of a client, from the requests that it would send. */
export function serviceAddresses(create: CreateClient): Promise<ServiceAddress[]> {
  return Promise.all(
    prefixes.map(async (prefix) => {
      const { url } = await planRequest(create, (syn) => syn.call(`GET ${prefix}/any`));
      return { prefix, address: url.slice(0, -'/any'.length) };
    }),
  );
}

/**
 * The path of a URL of this Synapse.
 *
 * @throws a usage error for a URL of another server, which must not receive the access token
 */
export function pathOfUrl(url: string, services: readonly ServiceAddress[]): string {
  const { origin, pathname, search, username, password } = URL.canParse(url)
    ? new URL(url)
    : nowhere;
  const place = origin + pathname;
  const found = services.find(({ address }) => place.startsWith(`${address}/`));
  if (found !== undefined && username + password === '') {
    const path = found.prefix + place.slice(found.address.length);
    // A service with an address of its own does not exist at the common one.
    const isService =
      found.prefix === '' && prefixes.some((each) => each && path.startsWith(`${each}/`));
    if (!isService) return path + search;
  }
  const known = [...new Set(services.map(({ address }) => address))].slice(0, 3);
  throw usageError(
    `${JSON.stringify(withoutQuery(url))} is not below ${known.join(', ')}: another server would receive the access token. ` +
      'Give the path alone, or choose the server with --endpoint.',
  );
}

const nowhere = { origin: '', pathname: '', search: '', username: '', password: '' };

/** A query can contain a signature, and the rest a password. */
function withoutQuery(url: string): string {
  const [place = ''] = url.split(/[?#]/, 1);
  const afterUser = place.split('@').at(-1) ?? '';
  return afterUser === place ? place : `https://${afterUser}`;
}
