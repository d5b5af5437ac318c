import { resolve } from 'node:path';
import type { HttpOptions } from '../api/createHttp.js';
import { defaultEndpoint, type ServiceEndpoints } from '../api/endpoints.js';
import { readConfig, type SynapseConfig } from './config.js';
import type { Keychain } from './keychain.js';

/** Settings of a client. What is not given comes from the configuration file, else from the defaults. */
export interface SynapseOptions extends Omit<HttpOptions, 'accessToken' | 'clock' | 'endpoints'> {
  /**
   * The Synapse to talk to, such as a local one; goes before `endpoints` of the configuration file.
   * @default the environment variable `SYNAPSE_ENDPOINT`, else 'https://repo-prod.prod.sagebase.org'
   */
  endpoint?: string;
  /** Addresses of single services, each with its base path (`https://.../repo/v1`). */
  endpoints?: ServiceEndpoints & {
    /** The web site. @default 'https://www.synapse.org/' */
    portal?: string;
  };
  /** @default '~/.synapseConfig' */
  configPath?: string;
  /** Section of the configuration file that {@link Synapse.login} uses unless told otherwise. */
  profile?: string;
  /**
   * Where downloaded files are kept.
   * @default the environment variable `SYNAPSE_CACHE_DIR`, else `location` in `[cache]` of the configuration file, else
   * '~/.synapseCache'
   */
  cacheDir?: string;
  /**
   * Whether copies of files on this machine are used in place of downloads, and new ones recorded.
   * @default true
   */
  useCache?: boolean;
  /**
   * Connections to file stores at a time.
   * @default `max_threads` in `[transfer]` of the configuration file, else 16
   */
  maxConnections?: number;
  /** Bytes a second for all transfers together. @default no limit */
  limitRate?: number;
  /** Told what a person should know and is not an error. @default to stderr */
  log?: ((message: string) => void) | undefined;
  /** Where tokens are remembered. @default the keychain of the operating system */
  keychain?: Keychain;
  /** Variables such as `SYNAPSE_AUTH_TOKEN`. @default process.env */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** What a client is made of, once options, environment and configuration file have been put together. */
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
 * Puts the settings of a client together: options go before the environment, that before the configuration file.
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
    log: options.log ?? warn,
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
  // One address for all goes before those of the file: they are of another Synapse.
  const configured = endpoint === undefined ? config.endpoints : {};
  const portal = options.endpoints?.portal ?? (configured.portal || 'https://www.synapse.org/');
  return {
    endpoint: endpoint ?? defaultEndpoint,
    endpoints: withoutEmpty({ ...configured, ...options.endpoints }),
    portal: portal.replace(/\/*$/, '/'),
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
  // The bounds of the Python client.
  const configured = threads === undefined ? undefined : Math.min(Math.max(threads, 1), 128);
  return { maxConnections: maxConnections ?? configured, limitRate };
}
