import { ArgumentError } from '../errors.js';
import { withoutTrailing } from '../values/whitespace.js';

/** URLs of single services, when they are not all under one endpoint. Each includes its base path, as in `~/.synapseConfig`. */
export interface ServiceEndpoints {
  /** @default `<endpoint>/repo/v1` */
  repo?: string;
  /** @default `<endpoint>/auth/v1` */
  auth?: string;
  /** @default `<endpoint>/file/v1` */
  file?: string;
}

export const defaultEndpoint = 'https://repo-prod.prod.sagebase.org';

/** The web sites that have another host than their server. */
const portals = new Map([
  ['repo-prod.prod.sagebase.org', 'https://www.synapse.org/'],
  ['repo-staging.prod.sagebase.org', 'https://staging.synapse.org/'],
]);

/** The web site of a server. On another site the same id is another entity. */
export function portalOf(endpoint: string): string {
  if (!URL.canParse(endpoint)) return 'https://www.synapse.org/';
  const { host, origin } = new URL(endpoint);
  return portals.get(host) ?? `${origin}/`;
}

const prefixes = { repo: '/repo/v1', auth: '/auth/v1', file: '/file/v1' } as const;

/** Splits the URL of an endpoint into the base URL of its service and the rest of its path. */
export type ResolveEndpoint = (path: string) => { baseUrl: string; path: string };

/** @throws {@link ArgumentError} when an address is not a URL of a service. */
export function resolveEndpoints(
  options: { endpoint?: string | undefined; endpoints?: ServiceEndpoints | undefined } = {},
): ResolveEndpoint {
  const root = checkEndpoint(options.endpoint ?? defaultEndpoint, 'endpoint');
  const services = Object.entries(prefixes).flatMap(([name, prefix]) => {
    const url = options.endpoints?.[name as keyof typeof prefixes];
    return url ? [{ prefix, baseUrl: checkEndpoint(url, `endpoints.${name}`) }] : [];
  });
  return (path) => {
    const service = services.find(({ prefix }) => path.startsWith(`${prefix}/`));
    if (service === undefined) return { baseUrl: root, path };
    return { baseUrl: service.baseUrl, path: path.slice(service.prefix.length) };
  };
}

/** What an address of a service must not have, in the order of the checks. */
const faults: readonly (readonly [has: (text: string) => boolean, words: string])[] = [
  [(text) => /[\s\u0000-\u001f\u007f]/.test(text), 'it has a space or a control character'],
  [(text) => /^[^/?#]*\/\/[^/?#]*@/.test(text), 'it has a user or a password'],
  [(text) => !/^https?:\/\/[^/?#]/i.test(text), 'it does not begin with https:// and a host'],
  [(text) => /[?#]/.test(text), 'it has a query or a fragment'],
  [(text) => /[\\@]/.test(text), 'it has a backslash or an @'],
  [(text) => !URL.canParse(text), 'it is not a URL'],
];

/**
 * Checks the address of a service.
 * @returns the address without slashes at its end
 * @throws {@link ArgumentError} that does not contain the address, which can include a password
 */
export function checkEndpoint(url: string, name: string): string {
  const fault = faults.find(([has]) => has(url));
  if (fault !== undefined) {
    throw new ArgumentError(
      `${name} should be the address of a Synapse service, such as ${defaultEndpoint}, without user, query and fragment: ${fault[1]}.`,
    );
  }
  return withoutTrailing(url, '/');
}
