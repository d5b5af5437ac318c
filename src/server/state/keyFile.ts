import {
  createPrivateKey,
  createPublicKey,
  generatePrime,
  hkdfSync,
  randomBytes,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../kernel/errorCode.js';

/** The secrets of one server. */
export interface Keys {
  /** Signs access tokens (RS256). */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** A separate 32-byte key for each purpose. */
  secret(purpose: string): Buffer;
}

interface StoredKeys {
  readonly signingKey: JsonWebKey;
  /** 32 random bytes in base64, from which all other keys are derived. */
  readonly master: string;
}

/**
 * Reads the keys of a data directory, or creates new ones and stores them there, readable only by
 * the owner.
 */
export async function openKeys(dataDir?: string): Promise<Keys> {
  const file = dataDir === undefined ? undefined : join(dataDir, 'keys.json');
  const stored = file === undefined ? undefined : await readKeys(file);
  if (stored !== undefined) {
    return toKeys(stored);
  }
  const made = { signingKey: await makeSigningKey(), master: randomBytes(32).toString('base64') };
  if (file !== undefined) {
    await writeFile(`${file}.tmp`, JSON.stringify(made), { mode: 0o600, flush: true });
    await rename(`${file}.tmp`, file);
  }
  return toKeys(made);
}

async function readKeys(file: string): Promise<StoredKeys | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  try {
    return JSON.parse(text) as StoredKeys;
  } catch {
    throw new Error(`${file} is damaged: remove it, and tokens issued so far will be refused`);
  }
}

function toKeys({ signingKey, master }: StoredKeys): Keys {
  const privateKey = createPrivateKey({ key: signingKey, format: 'jwk' });
  const root = Buffer.from(master, 'base64');
  const secrets = new Map<string, Buffer>();
  return {
    privateKey,
    publicKey: createPublicKey(privateKey),
    secret: (purpose) => {
      const known = secrets.get(purpose);
      const secret = known ?? Buffer.from(hkdfSync('sha256', root, '', purpose, 32));
      secrets.set(purpose, secret);
      return secret;
    },
  };
}

const exponent = 65537n;

/**
 * Generates a 2048-bit RSA key. Generating the two primes concurrently takes a third of the time of
 * `generateKeyPair`, which shortens the start.
 */
async function makeSigningKey(): Promise<JsonWebKey> {
  const [p, q] = await Promise.all([makePrime(), makePrime()]);
  if (p === q) {
    return makeSigningKey();
  }
  const n = p * q;
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  return {
    kty: 'RSA',
    n: encode(n),
    e: encode(exponent),
    d: encode(d),
    p: encode(p),
    q: encode(q),
    dp: encode(d % (p - 1n)),
    dq: encode(d % (q - 1n)),
    qi: encode(inverse(q, p)),
  };
}

/** OpenSSL sets the two highest bits, so that the product of two such primes has 2048 bits. */
async function makePrime(): Promise<bigint> {
  for (;;) {
    const prime = await new Promise<bigint>((resolve, reject) => {
      generatePrime(1024, { bigint: true }, (error, drawn) =>
        // On success, Node.js passes undefined instead of null, contrary to its types.
        error ? reject(error) : resolve(drawn),
      );
    });
    if ((prime - 1n) % exponent !== 0n) {
      return prime;
    }
  }
}

/** `value`⁻¹ modulo `modulus`, by the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1] = [modulus, value % modulus];
  let [t0, t1] = [0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  return ((t0 % modulus) + modulus) % modulus;
}

function encode(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}
