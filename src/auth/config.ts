import { homedir } from 'node:os';
import { join } from 'node:path';
import { expandPath } from '../files/expandPath.js';
import { readInputSync } from '../files/readInput.js';
import { ConfigError, fileSystemError, systemCode } from '../errors.js';
import { parseIni, type IniSections } from './iniFile.js';

/** The login in a section of the configuration file. */
export interface ConfiguredLogin {
  /** Name of the profile; `authentication` for the section of that name that older clients wrote. */
  profile: string;
  username?: string;
  authToken?: string;
}

/** Base URLs of the services, each with its path (`https://.../repo/v1`); absent ones are not set. */
export interface ConfiguredEndpoints {
  repo?: string;
  auth?: string;
  file?: string;
  portal?: string;
}

/** The `[transfer]` section. */
export interface TransferSettings {
  maxThreads?: number;
  useBotoSts: boolean;
}

/** A section such as `[sftp://host]`. */
export interface ConfiguredSftp {
  username?: string;
  /** With a private key, its passphrase. */
  password?: string;
  /** `private_key`: the file of a private key. */
  privateKey?: string;
  /** `host_key`: the fingerprint of the server's key, `SHA256:...`. */
  hostKey?: string;
  /** `known_hosts`: the file with known host keys. */
  knownHosts?: string;
}

/** The content of the configuration file. */
export interface SynapseConfig {
  /** The path of the file. The file may not exist. */
  readonly path: string;
  /** The names of the sections that hold a login. */
  readonly profiles: readonly string[];
  /**
   * The login of a profile; without such a section, or with an empty one, that of `[authentication]`.
   * `undefined` when there is neither.
   */
  login(profile: string): ConfiguredLogin | undefined;
  hasProfile(profile: string): boolean;
  readonly endpoints: ConfiguredEndpoints;
  /** `[cache] location`, with `~` and environment variables filled in. */
  readonly cacheLocation: string | undefined;
  /** Whether there is a `[debug]` section. */
  readonly debug: boolean;
  /** @throws {@link ConfigError} when a setting of `[transfer]` is not of its type. */
  transfer(): TransferSettings;
  /** Login and host key of an SFTP server, by scheme and host name. */
  sftp(url: string): ConfiguredSftp;
  /** The AWS profile of an object store's bucket, from the section `[<endpoint>/<bucket>]`. @default 'default' */
  awsProfile(endpointUrl: string, bucket: string): string;
}

/** The default path of the file. */
export function defaultConfigPath(): string {
  return join(homedir(), '.synapseConfig');
}

/**
 * Reads the configuration file. A file that does not exist counts as empty.
 *
 * @throws {@link ConfigError} with the line number, for a file that cannot be parsed.
 * @throws {@link FileSystemError} for a file that cannot be read.
 */
export function readConfig(path: string = defaultConfigPath()): SynapseConfig {
  let bytes: Uint8Array;
  try {
    bytes = readInputSync(path);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return parseConfig('', path);
    throw fileSystemError('Cannot read the configuration file', path, cause);
  }
  return parseConfig(decodeConfig(bytes, path), path);
}

/** @throws {@link ConfigError} when the file is not UTF-8 text */
export function decodeConfig(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError(`Cannot read ${path}: it is not UTF-8 text.`, { path, cause });
  }
}

/** The environment that paths in the file refer to. */
export interface ConfigEnvironment {
  home?: string;
  variables?: Readonly<Record<string, string | undefined>>;
}

/** Parses the text of a configuration file. */
export function parseConfig(
  text: string,
  path: string,
  environment: ConfigEnvironment = {},
): SynapseConfig {
  const sections = parseIni(text, path);
  const option = (section: string, name: string): string | undefined =>
    sections.get(section)?.get(name);
  const location = option('cache', 'location');
  return {
    path,
    profiles: profileNames(sections),
    login: (profile) => findLogin(sections, profile),
    hasProfile: (profile) => profileNames(sections).includes(profile),
    endpoints: definedOnly({
      repo: option('endpoints', 'repoendpoint'),
      auth: option('endpoints', 'authendpoint'),
      file: option('endpoints', 'filehandleendpoint'),
      portal: option('endpoints', 'portalendpoint'),
    }),
    cacheLocation: location === undefined ? undefined : expandPath(location, environment),
    debug: sections.has('debug'),
    transfer: () => transferSettings(sections, path),
    sftp: (url) => {
      const { protocol, hostname } = new URL(url);
      const section = `${protocol}//${hostname}`;
      const file = (name: string): string | undefined => {
        const path = option(section, name);
        return path && expandPath(path, environment);
      };
      return definedOnly({
        username: option(section, 'username'),
        password: option(section, 'password'),
        privateKey: file('private_key'),
        hostKey: option(section, 'host_key'),
        knownHosts: file('known_hosts'),
      });
    },
    awsProfile: (endpointUrl, bucket) => {
      const section = bucketSection(sections, endpointUrl, bucket);
      return (section === undefined ? undefined : option(section, 'profile_name')) ?? 'default';
    },
  };
}

/**
 * The section of a bucket: its exact address, else another spelling of it, else the address that the Python client makes of an
 * endpoint with a path, without that path.
 */
function bucketSection(
  sections: IniSections,
  endpointUrl: string,
  bucket: string,
): string | undefined {
  const exact = `${endpointUrl.replace(/\/$/, '')}/${bucket}`;
  if (sections.has(exact)) return exact;
  const root = URL.canParse(endpointUrl) ? `${new URL(endpointUrl).origin}/${bucket}` : exact;
  const wanted = [exact, root].map(bucketAddress).filter((address) => address !== undefined);
  const names = [...sections.keys()];
  return wanted
    .map((address) => names.find((name) => bucketAddress(name) === address))
    .find((name) => name !== undefined);
}

/** An address without what does not matter: the case of the host, the default port, slashes at the end. */
function bucketAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { origin, pathname } = new URL(text);
  let end = pathname.length;
  while (pathname[end - 1] === '/') end -= 1;
  return origin + pathname.slice(0, end);
}

/** The name of a profile's section. */
export function sectionOf(profile: string): string {
  return profile === 'default' ? 'default' : `profile ${profile}`;
}

function profileNames(sections: IniSections): string[] {
  const names: string[] = [];
  for (const section of sections.keys()) {
    if (section === 'default' || section === 'authentication') names.push(section);
    else if (section.startsWith('profile ')) names.push(section.slice('profile '.length));
  }
  return names;
}

function findLogin(sections: IniSections, profile: string): ConfiguredLogin | undefined {
  const own = sections.get(sectionOf(profile));
  if (own !== undefined && own.size > 0) return loginOf(profile, own);
  const legacy = sections.get('authentication');
  return legacy && loginOf('authentication', legacy);
}

function loginOf(profile: string, options: ReadonlyMap<string, string>): ConfiguredLogin {
  return {
    profile,
    ...definedOnly({ username: options.get('username'), authToken: options.get('authtoken') }),
  };
}

function transferSettings(sections: IniSections, path: string): TransferSettings {
  const threads = sections.get('transfer')?.get('max_threads')?.trim();
  const sts = sections.get('transfer')?.get('use_boto_sts')?.toLowerCase();
  const invalid = (name: string, value: string, expected: string): ConfigError =>
    new ConfigError(`Cannot use ${path}: ${name}=${value} in [transfer] is not ${expected}.`, {
      path,
    });
  if (threads && !/^[+-]?\d+(_\d+)*$/.test(threads)) {
    throw invalid('max_threads', threads, 'a whole number');
  }
  if (sts && sts !== 'true' && sts !== 'false') {
    throw invalid('use_boto_sts', sts, 'true or false');
  }
  return {
    maxThreads: threads ? Number(threads.replaceAll('_', '')) : undefined,
    useBotoSts: sts === 'true',
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function definedOnly<T extends Record<string, string | undefined>>(options: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
