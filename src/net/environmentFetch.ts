import { ConfigError } from '../errors.js';
import { createNodeFetch } from './nodeFetch.js';
import type { WireFetch } from './wireFetch.js';

/** A `fetch` that goes through the proxy, and trusts the certificates, that the environment names. */
export interface EnvironmentFetch {
  fetch: WireFetch;
  /** Closes what connections it keeps. */
  close(): Promise<void>;
}

interface Wire {
  fetch: WireFetch;
  close(): void | Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Bundles of certificates to trust besides Node's own; Node reads NODE_EXTRA_CA_CERTS by itself. */
const certificateVariables = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'] as const;

/** A proxy's localhost is another machine than ours. */
const neverProxied = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Honours `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (in lower case too, which goes first), and `SSL_CERT_FILE` and
 * `REQUESTS_CA_BUNDLE`, which a Python client on the same machine reads. Their certificates are trusted in addition to
 * Node's, not in their place: a bundle that holds nothing but the CA of a company's proxy must not cut off the rest.
 *
 * `HTTP_PROXY` serves https too where `HTTPS_PROXY` is not set.
 *
 * Without a proxy undici is never loaded. Everything is read at the first request.
 */
export function createEnvironmentFetch(env: Environment = process.env): EnvironmentFetch {
  let ready: Promise<Wire> | undefined;
  return {
    fetch: async (url, init) => {
      ready ??= openWire(env);
      const { fetch } = await ready;
      return fetch(url, init);
    },
    close: async () => {
      const wire = await ready?.catch(() => undefined);
      await wire?.close();
    },
  };
}

async function openWire(env: Environment): Promise<Wire> {
  const ca = await readCertificates(env);
  const isProxied = ['http_proxy', 'https_proxy'].some((name) => read(env, name) !== undefined);
  return isProxied ? openDispatcher(env, ca) : createNodeFetch({ ca });
}

async function openDispatcher(env: Environment, ca: string[] | undefined): Promise<Wire> {
  const { EnvHttpProxyAgent, fetch: undiciFetch } = await import('undici');
  const tls = ca === undefined ? {} : { connect: { ca }, requestTls: { ca }, proxyTls: { ca } };
  const dispatcher = new EnvHttpProxyAgent({
    ...tls,
    httpProxy: proxyAddress(env, 'http_proxy'),
    httpsProxy: proxyAddress(env, 'https_proxy'),
    noProxy: exceptions(env),
  });
  // The package's own fetch: Node's is of another version of undici than the dispatcher, and they do not mix.
  const send = undiciFetch as unknown as (input: unknown, init: object) => Promise<Response>;
  return {
    fetch: (url, init) => send(url, { ...init, dispatcher }),
    close: () => dispatcher.close(),
  };
}

/** Lower case goes first; empty is unset, as elsewhere. */
function read(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || env[name.toUpperCase()]?.trim() || undefined;
}

/** Empty where none is meant: undici would look at `process.env` for what is undefined. */
function proxyAddress(env: Environment, name: 'http_proxy' | 'https_proxy'): string {
  const value = read(env, name);
  if (value === undefined) return '';
  const url = value.includes('://') ? value : `http://${value}`;
  if (!URL.canParse(url) || !/^(https?|socks5?):$/.test(new URL(url).protocol)) {
    const variable = env[name]?.trim() ? name : name.toUpperCase();
    // Without the value: it can hold a password.
    throw new ConfigError(
      `${variable} is not the address of a proxy, such as http://proxy.example.org:3128.`,
      {
        path: variable,
      },
    );
  }
  return url;
}

function exceptions(env: Environment): string {
  const value = read(env, 'no_proxy') ?? '';
  // undici knows the wildcard only when it stands alone.
  if (value.split(/[,\s]+/).includes('*')) return '*';
  return [value, ...neverProxied].filter((part) => part !== '').join(',');
}

/** Node's certificates and those of the bundles that the environment names; `undefined` when it names none. */
export async function readCertificates(
  env: Environment = process.env,
): Promise<string[] | undefined> {
  const named = certificateVariables.flatMap((variable) => {
    const path = read(env, variable);
    return path === undefined ? [] : [{ variable, path }];
  });
  if (named.length === 0) return undefined;
  const bundles = await Promise.all(named.map(readBundle));
  return [...(await defaultCertificates(env)), ...bundles];
}

async function readBundle({ variable, path }: { variable: string; path: string }): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const wrong = (why: string, cause?: unknown): ConfigError =>
    new ConfigError(
      `${variable} names ${path}, which ${why}. Let it name a file of PEM certificates, or unset it.`,
      { path, cause },
    );
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    throw wrong(`cannot be read (${code ?? 'unknown error'})`, cause);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw wrong('holds no certificate');
  return text;
}

/** What Node trusts by itself, which a list of our own would replace. */
async function defaultCertificates(env: Environment): Promise<string[]> {
  const tls: {
    rootCertificates: readonly string[];
    getCACertificates?: (type: 'default') => string[];
  } = await import('node:tls');
  // Since Node 22.15; knows of NODE_EXTRA_CA_CERTS and of --use-system-ca too.
  if (tls.getCACertificates !== undefined) return tls.getCACertificates('default');
  const extra = read(env, 'NODE_EXTRA_CA_CERTS');
  const bundle =
    extra === undefined ? [] : [await readBundle({ variable: 'NODE_EXTRA_CA_CERTS', path: extra })];
  return [...tls.rootCertificates, ...bundle];
}
