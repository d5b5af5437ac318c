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

function checkEndpoint(url: string, name: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const usable =
    parsed !== undefined &&
    /^https?:$/.test(parsed.protocol) &&
    parsed.username === '' &&
    parsed.search === '' &&
    parsed.hash === '';
  if (!usable) {
    throw new ArgumentError(
      `${name} should be the address of a Synapse service, such as ${defaultEndpoint}, without user, query and fragment.`,
    );
  }
  return withoutTrailing(url, '/');
}
