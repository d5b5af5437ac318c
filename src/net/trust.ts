import { resolve } from 'node:path';
import type { SecureContext } from 'node:tls';
import { ArgumentError, ConfigError, systemCode } from '../errors.js';
import { readInput } from '../files/readInput.js';
import { readVariable, type Environment, type Variable } from './environment.js';

/** Variables that name certificate bundles to trust in addition to those of Node.js. The Python client reads the same ones. */
const certificateVariables = ['ssl_cert_file', 'requests_ca_bundle'] as const;

const contexts = new Map<string, Promise<SecureContext>>();

/**
 * The certificates that TLS connections trust: those of Node.js, and those in the bundles that `SSL_CERT_FILE` and
 * `REQUESTS_CA_BUNDLE` name. They are read and parsed once per process, because that takes longer than a request.
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
    // Not cached, because the file may exist the next time.
    context.catch(() => contexts.delete(key));
  }
  return context;
}

async function createContext(env: Environment): Promise<SecureContext> {
  const { createSecureContext } = await import('node:tls');
  return createSecureContext({ ca: await readCertificates(env) });
}

/**
 * The certificates of Node.js and of the bundles that the environment names. The bundles are added to those of Node.js, so
 * that a bundle that contains only the CA of a company's proxy does not break other connections.
 * @returns `undefined` when the environment names no bundle
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
      `${name} names ${path}, which ${why}. Set it to a file of PEM certificates, or unset it.`,
      { path, cause },
    );
  // A relative path: `-` is not standard input here.
  const content = await readInput(resolve(path)).catch((cause: unknown) => {
    const why = cause instanceof ArgumentError ? 'it is not a file' : systemCode(cause);
    throw wrong(`cannot be read (${why ?? 'unknown error'})`, cause);
  });
  const text = content.toString('utf8');
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw wrong('contains no certificate');
  return text;
}

/** The default certificates of Node.js, which a custom list would replace. */
async function defaultCertificates(env: Environment): Promise<string[]> {
  const { default: tls } = await import('node:tls');
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
