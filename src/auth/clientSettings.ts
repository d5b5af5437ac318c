import { resolve } from 'node:path';
import { redactText } from '../redact.js';
import type { HttpOptions } from '../api/createHttp.js';
import {
  checkEndpoint,
  defaultEndpoint,
  portalOf,
  type ServiceEndpoints,
} from '../api/endpoints.js';
import { readConfig, type SynapseConfig } from './config.js';
import type { Keychain } from './keychain.js';

/** Options of {@link Synapse}. They take precedence over the environment and the configuration file. */
export interface SynapseOptions extends Omit<
  HttpOptions,
  'accessToken' | 'clock' | 'endpoints' | 'onCall'
> {
  /**
   * URL of the Synapse server. Takes precedence over `endpoints` in the configuration file.
   * @default the environment variable `SYNAPSE_ENDPOINT`, else 'https://repo-prod.prod.sagebase.org'
   */
  endpoint?: string;
  /** Addresses of single services, each with its base path (`https://.../repo/v1`). */
  endpoints?: ServiceEndpoints & {
    /** The web site. @default the one of the server, such as 'https://www.synapse.org/' */
    portal?: string;
  };
  /** @default '~/.synapseConfig' */
  configPath?: string;
  /** Default profile of {@link Synapse.login}: a section of the configuration file. */
  profile?: string;
  /**
   * Where downloaded files are kept.
   * @default the environment variable `SYNAPSE_CACHE_DIR`, else `location` in `[cache]` of the configuration file, else
   * '~/.synapseCache'
   */
  cacheDir?: string;
  /**
   * Whether to use cached files instead of downloading them again, and to record downloads in the cache.
   * @default true
   */
  useCache?: boolean;
  /**
   * Maximum number of connections to file storage.
   * @default `max_threads` in `[transfer]` of the configuration file, else 16
   */
  maxConnections?: number;
  /** Maximum total transfer rate in bytes per second. @default no limit */
  limitRate?: number;
  /** Receives warnings and notes. @default writes to stderr */
  log?: ((message: string) => void) | undefined;
  /** Where tokens are saved. @default the keychain of the operating system */
  keychain?: Keychain;
  /** Variables such as `SYNAPSE_AUTH_TOKEN`. @default process.env */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** The settings of a client, from options, environment and configuration file. */
export interface ClientSettings {
  config: SynapseConfig;
  environment: Readonly<Record<string, string | undefined>>;
  log: (message: string) => void;
  endpoint: string;
  endpoints: ServiceEndpoints;
  /** The web site, ending in `/`. */
  portal: string;
  /** Absolute; absent for the default. */
  cacheDir: string | undefined;
  storage: { maxConnections?: number; limitRate?: number };
}

/**
 * Combines the settings of a client: options take precedence over the environment, and that over the configuration file.
 *
 * @throws {@link ConfigError} when the configuration file cannot be used.
 */
export function clientSettings(options: SynapseOptions): ClientSettings {
  const config = readConfig(options.configPath);
  const environment = options.environment ?? process.env;
  const cacheDir = options.cacheDir ?? (environment['SYNAPSE_CACHE_DIR'] || config.cacheLocation);
  return {
    config,
    environment,
    log: (message) => (options.log ?? warn)(redactText(message)),
    ...endpointsFor(options, config, environment),
    cacheDir: cacheDir && resolve(cacheDir),
    storage: storageOptions(options, config),
  };
}

function warn(message: string): void {
  console.warn(message);
}

interface Addresses {
  endpoint: string;
  endpoints: ServiceEndpoints;
  portal: string;
}

function endpointsFor(
  options: SynapseOptions,
  config: SynapseConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Addresses {
  const endpoint = options.endpoint ?? (environment['SYNAPSE_ENDPOINT'] || undefined);
  // With an explicit endpoint, the endpoints in the file are ignored: they belong to another server.
  const configured = endpoint === undefined ? config.endpoints : {};
  const endpoints = withoutEmpty({ ...configured, ...options.endpoints });
  const portal =
    options.endpoints?.portal ??
    (configured.portal || portalOf(endpoints.repo ?? endpoint ?? defaultEndpoint));
  return {
    endpoint: endpoint ?? defaultEndpoint,
    endpoints,
    portal: `${checkEndpoint(portal, 'endpoints.portal')}/`,
  };
}

function withoutEmpty({ repo, auth, file }: ServiceEndpoints): ServiceEndpoints {
  return { repo: repo || undefined, auth: auth || undefined, file: file || undefined };
}

function storageOptions(
  { maxConnections, limitRate }: SynapseOptions,
  config: SynapseConfig,
): { maxConnections?: number; limitRate?: number } {
  const threads = config.transfer().maxThreads;
  // The same limits as in the Python client.
  const configured = threads === undefined ? undefined : Math.min(Math.max(threads, 1), 128);
  return { maxConnections: maxConnections ?? configured, limitRate };
}
