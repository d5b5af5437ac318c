import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { containerOf } from '../values/ids.js';
import { quoted } from '../values/quoted.js';
import { factsOf, kindNames } from './locationKinds.js';
import type { StorageLocationInput } from './storageLocation.js';

/** What Synapse sets. It is ignored, so that `{ ...location, baseKey: 'v2' }` describes a changed copy of a location. */
const setBySynapse = [
  'concreteType',
  'createdBy',
  'createdOn',
  'etag',
  'storageLocationId',
  'uploadType',
];

/** Characters; the service refuses shorter keys. */
const shortestSecret = 36;

/** @returns What is wrong with a value, as the end of a sentence; `undefined` when nothing is */
type Check = (value: unknown, schemes: readonly string[]) => string | undefined;

const text: Check = (value) => (typeof value === 'string' ? undefined : 'is not a text');
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'is not true or false');

/** The rules of S3, which the service applies to all buckets. */
const bucketName: Check = (value) => {
  if (typeof value !== 'string') return 'is not a text';
  const isName =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value) &&
    !/\.[.-]|-\./.test(value) &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(value);
  return isName
    ? undefined
    : 'is not the name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends';
};

const baseKey: Check = (value) => {
  if (typeof value !== 'string') return 'is not a text';
  if (value.trim() === '') return 'is empty: leave it out to use the whole bucket';
  return value.endsWith('/') ? 'ends with a slash: leave the slash out' : undefined;
};

const address: Check = (value, schemes) => {
  const expected = `expected ${schemes.map((scheme) => `${scheme}://...`).join(' or ')}`;
  if (typeof value !== 'string') return `is not a text: ${expected}`;
  if (/\s/.test(value) || !URL.canParse(value)) return `is not an address: ${expected}`;
  const { protocol, hostname, password, search, hash } = new URL(value);
  if (!schemes.includes(protocol.slice(0, -1))) return `has the wrong scheme: ${expected}`;
  if (hostname === '') return `has no host: ${expected}`;
  if (password !== '') {
    return 'contains a password, which all users of the location would see: put it into the section of the server in ~/.synapseConfig';
  }
  return search === '' && hash === ''
    ? undefined
    : 'has a query or a fragment, but paths are added at its end';
};

const secret: Check = (value) => {
  if (typeof value !== 'string') return 'is not a text';
  return value.length >= shortestSecret
    ? undefined
    : `has ${value.length} characters, and needs ${shortestSecret} or more`;
};

const checks: Readonly<Record<string, Check>> = {
  banner: text,
  baseKey,
  bucket: bucketName,
  description: text,
  endpointUrl: address,
  proxyUrl: address,
  secretKey: secret,
  stsEnabled: flag,
  supportsSubfolders: flag,
  url: address,
};

/**
 * The request that creates a storage location.
 *
 * @throws {@link ArgumentError} for an unknown kind, and for members that are missing, wrong, or of another kind.
 */
export function locationRequest(input: StorageLocationInput): M.StorageLocationSetting {
  const { kind, ...rest } = input;
  const facts = factsOf(kind);
  if (facts === undefined) throw unknownKind(kind);
  const given = Object.entries<unknown>(rest).filter(
    ([name, value]) => value !== undefined && !setBySynapse.includes(name),
  );
  const { type, uploadType, required, optional, schemes } = facts;
  const known = [...required, ...optional];
  const foreign = given.map(([name]) => name).filter((name) => !known.includes(name));
  if (foreign.length > 0) {
    throw new ArgumentError(
      `A storage location of the kind ${kind} has no ${foreign.join(' and no ')}. Its settings are: ${known.join(', ')}.`,
    );
  }
  const names = new Set(given.map(([name]) => name));
  const missing = required.filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw new ArgumentError(
      `A storage location of the kind ${kind} needs ${missing.join(' and ')}.`,
    );
  }
  const members = given.map(([name, value]) => [name, memberOf(name, value, schemes)] as const);
  return {
    concreteType: type,
    uploadType,
    ...Object.fromEntries(members),
  } as M.StorageLocationSetting;
}

function memberOf(name: string, value: unknown, schemes: readonly string[]): unknown {
  if (name === 'benefactorId') return containerOf(value);
  const problem = checks[name]?.(value, schemes);
  if (problem === undefined) return value;
  // Secrets are not repeated: the key, and passwords in addresses.
  const isSecret = name === 'secretKey' || (typeof value === 'string' && value.includes('@'));
  const shown = isSecret ? '' : ` ${quoted(value)}`;
  throw new ArgumentError(`The ${name}${shown} ${problem}.`);
}

function unknownKind(kind: unknown): ArgumentError {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const similar =
    typeof kind === 'string' ? kindNames.find((name) => plain(name) === plain(kind)) : undefined;
  const hint = similar === undefined ? '' : ` Did you mean ${quoted(similar)}?`;
  return new ArgumentError(
    `${quoted(kind)} is not a kind of storage location: use ${kindNames.join(', ')}.${hint}`,
  );
}
