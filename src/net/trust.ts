import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import type { SecureContext } from 'node:tls';
import { ConfigError, systemCode } from '../errors.js';
import { readVariable, type Environment, type Variable } from './environment.js';

/** Bundles of certificates to trust besides Node's own, as a Python client on the same machine reads them. */
const certificateVariables = ['ssl_cert_file', 'requests_ca_bundle'] as const;

const contexts = new Map<string, Promise<SecureContext>>();

/**
 * The certificates that TLS connections trust: Node's own, and those in the bundles that `SSL_CERT_FILE` and
 * `REQUESTS_CA_BUNDLE` name. They are read and parsed once in a process: that takes longer than a request.
 * @throws ConfigError when a bundle cannot be read
 */
export function secureContextFor(env: Environment): Promise<SecureContext> {
  const key = JSON.stringify([
    ...certificateVariables.map((name) => readVariable(env, name)?.value),
    env['NODE_EXTRA_CA_CERTS'],
  ]);
  let context = contexts.get(key);
  if (context === undefined) {
    context = createContext(env);
    contexts.set(key, context);
    // The file may be there the next time.
    context.catch(() => contexts.delete(key));
  }
  return context;
}

async function createContext(env: Environment): Promise<SecureContext> {
  return tls.createSecureContext({ ca: await readCertificates(env) });
}

/**
 * Node's certificates and those of the bundles that the environment names. They add to Node's: a bundle that holds
 * nothing but the CA of a company's proxy must not cut off the rest.
 * @returns `undefined` when the environment names none
 */
export async function readCertificates(env: Environment): Promise<string[] | undefined> {
  const named = certificateVariables.flatMap((name) => readVariable(env, name) ?? []);
  if (named.length === 0) return undefined;
  const bundles = await Promise.all(named.map(readBundle));
  return [...(await defaultCertificates(env)), ...bundles];
}

async function readBundle({ name, value: path }: Variable): Promise<string> {
  const wrong = (why: string, cause?: unknown): ConfigError =>
    new ConfigError(
      `${name} names ${path}, which ${why}. Let it name a file of PEM certificates, or unset it.`,
      { path, cause },
    );
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw wrong(`cannot be read (${systemCode(cause) ?? 'unknown error'})`, cause);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw wrong('holds no certificate');
  return text;
}

/** What Node trusts by itself, which a list of our own would replace. */
async function defaultCertificates(env: Environment): Promise<string[]> {
  const newerTls: typeof tls & { getCACertificates?: (type: 'default') => string[] } = tls;
  // Since Node.js 22.15; includes NODE_EXTRA_CA_CERTS and the certificates of --use-system-ca.
  if (newerTls.getCACertificates !== undefined) return newerTls.getCACertificates('default');
  const extra = env['NODE_EXTRA_CA_CERTS']?.trim();
  const bundle =
    extra === undefined || extra === ''
      ? []
      : [await readBundle({ name: 'NODE_EXTRA_CA_CERTS', value: extra })];
  return [...tls.rootCertificates, ...bundle];
}
