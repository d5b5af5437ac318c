import {
  createPrivateKey,
  createPublicKey,
  generatePrime,
  hkdfSync,
  randomBytes,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../kernel/errorCode.js';
import { DataCheck } from './dataCheck.js';
import { noPrevious, sealLine, unsealLine } from './sealedLine.js';
import { keysName } from './stateFiles.js';

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

/** Where keys are kept. */
interface KeyPlace {
  /** Id of the data directory. @default '' */
  readonly directory?: string;
  /** Whether the file must be there. @default false */
  readonly isRequired?: boolean;
  /** Whether the file may be of the first version, without a checksum. @default false */
  readonly isLegacy?: boolean;
  /** Collects damages. @default they are refused */
  readonly check?: DataCheck;
}

/**
 * Reads the keys of a data directory, or creates new ones and stores them there, readable only by
 * the owner.
 *
 * @throws DataDamageError when the file is damaged, and no `check` collects that
 */
export async function openKeys(dataDir?: string, place: KeyPlace = {}): Promise<Keys> {
  if (dataDir === undefined) {
    return toKeys(await makeKeys());
  }
  const { directory = '', check = new DataCheck(dataDir) } = place;
  const found = await readKeys(dataDir, { ...place, directory });
  if (typeof found === 'object') {
    return toKeys(found);
  }
  if (typeof found === 'string') {
    check.add({ file: keysName, offset: 0, problem: found });
    if (place.check === undefined) check.refuse();
    if (!check.recovers) return toKeys(await makeKeys());
    check.copy(keysName);
    const what = 'the keys: tokens and URLs that were signed with them are refused from now on';
    check.lose({ file: keysName, what, ids: [] });
  }
  const keys = await makeKeys();
  writeKeys(dataDir, { keys, directory });
  return toKeys(keys);
}

/** Adds a checksum to keys of the first version. */
export function sealOldKeys(dataDir: string, directory: string): void {
  const path = join(dataDir, keysName);
  const keys = existsSync(path) ? parseOldKeys(readFileSync(path)) : undefined;
  if (keys !== undefined) writeKeys(dataDir, { keys, directory });
}

function writeKeys(
  dataDir: string,
  { keys, directory }: { keys: StoredKeys; directory: string },
): void {
  const path = join(dataDir, keysName);
  const { line } = sealLine(JSON.stringify(keys), { directory, previous: noPrevious });
  writeFileSync(`${path}.tmp`, line, { mode: 0o600, flush: true });
  renameSync(`${path}.tmp`, path);
}

async function makeKeys(): Promise<StoredKeys> {
  return { signingKey: await makeSigningKey(), master: randomBytes(32).toString('base64') };
}

/** The keys of a file, or its damage; `undefined` when a file that is not required is missing. */
async function readKeys(
  dataDir: string,
  { directory = '', isRequired = false, isLegacy = false }: KeyPlace,
): Promise<StoredKeys | string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(dataDir, keysName));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return isRequired ? 'the file is missing' : undefined;
    }
    throw error;
  }
  const isEnded = bytes.at(-1) === 0x0a;
  const sealed = isEnded ? unsealLine(bytes.subarray(0, -1), directory) : undefined;
  if (sealed !== undefined) {
    return sealed.value as StoredKeys;
  }
  const old = isLegacy ? parseOldKeys(bytes) : undefined;
  if (old !== undefined) {
    return old;
  }
  return 'its checksum does not match, or it belongs to another data directory';
}

function parseOldKeys(bytes: Buffer): StoredKeys | undefined {
  try {
    const keys = JSON.parse(bytes.toString()) as StoredKeys;
    toKeys(keys);
    return keys;
  } catch {
    return undefined;
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
