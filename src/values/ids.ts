import { ArgumentError } from '../errors.js';
import { quoted } from './quoted.js';

/** A Synapse entity id with the requested version, if any. */
export interface EntityVersion {
  /** `syn` and digits. */
  id: string;
  /** Version number; absent means the current version. */
  version?: number;
}

/** An entity: its id, or a stored object. */
export type EntityRef = string | { id?: string | undefined; versionNumber?: number | undefined };

// A pasted id may end in a newline. Anything else around it is reported as a mistake.
const synapseId = /^(syn\d+)(?:\.(\d+))?\n?$/;

/** Whether a text is an entity id (`syn123`) or an id with a version (`syn123.4`). */
export function isSynapseId(text: unknown): text is string {
  return typeof text === 'string' && synapseId.test(text);
}

/** Whether a text is the path of an entity: `syn://Project/folder/file`. */
export function isSynapsePath(text: unknown): text is string {
  return typeof text === 'string' && text.slice(0, 6).toLowerCase() === 'syn://';
}

/**
 * Splits `syn123.4` into the id and the version.
 *
 * @throws {@link ArgumentError} when the text is not an entity id.
 */
export function parseSynapseId(text: string): EntityVersion {
  const [, id, version] = synapseId.exec(text) ?? [];
  if (id === undefined) {
    if (isSynapsePath(text)) {
      throw new ArgumentError(
        `${quoted(text)} is a path, and an id is needed here: find it with \`syn.findByPath()\`.`,
      );
    }
    throw new ArgumentError(
      `${quoted(text)} is not a Synapse id: expected "syn" and digits, such as syn123 or syn123.4`,
    );
  }
  if (version === undefined) return { id };
  if (!Number.isSafeInteger(Number(version))) {
    throw new ArgumentError(`${quoted(text)} has an invalid version number.`);
  }
  return { id, version: Number(version) };
}

/** A Synapse object: its id, or an object that has one. */
export type Identified =
  | string
  | number
  | { id?: string | null }
  | { ownerId?: string | null }
  | { tableId?: string | null };

/**
 * The id of a Synapse object: an entity, an evaluation, a team (`id`), a user profile (`ownerId`), a query
 * result (`tableId`); a text or a number is an id already.
 *
 * @throws {@link ArgumentError} when there is none, for example for an entity that has not been stored yet.
 */
export function idOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isNumber(value)) return String(value);
  if (typeof value === 'object' && value !== null) {
    for (const key of ['id', 'ownerId', 'tableId'] as const) {
      const id: unknown = (value as Partial<Record<typeof key, unknown>>)[key];
      if (typeof id === 'string' || isNumber(id)) return String(id);
    }
  }
  throw new ArgumentError(
    `No Synapse id in ${describe(value)}: pass an id, or an object that has been stored`,
  );
}

/**
 * The id and version of an entity, from an id with or without a version or from an object with `id` and
 * `versionNumber`.
 *
 * @throws {@link ArgumentError} when a text is not an entity id or an object has none.
 */
export function entityVersionOf(value: unknown): EntityVersion {
  if (typeof value === 'string' || isNumber(value)) return parseSynapseId(String(value));
  const id = idOf(value);
  const version = (value as { versionNumber?: unknown }).versionNumber;
  return typeof version === 'number' ? { id, version } : { id };
}

/**
 * The id and version of an entity, where the version is in the id, in an option, or in both.
 *
 * @param entity - An id; or an object that has one.
 * @param version - The version of the option.
 * @param ownVersion - Whether an object's `versionNumber` is used when there is no option. @default false
 * @throws {@link ArgumentError} when the id and the option differ, and for what is not a version.
 */
export function versionOf(
  entity: unknown,
  version: number | undefined,
  { ownVersion = false }: { ownVersion?: boolean } = {},
): EntityVersion {
  const { id, version: inId } = namedVersion(entity);
  if (version !== undefined && inId !== undefined && version !== inId) {
    throw new ArgumentError(
      `The id names version ${inId} of ${id}, but the option names version ${version}: give only one of them.`,
    );
  }
  const own = ownVersion ? entityVersionOf(entity).version : undefined;
  const wanted = version ?? inId ?? own;
  if (wanted === undefined) return { id };
  if (Number.isSafeInteger(wanted) && wanted >= 1) return { id, version: wanted };
  throw new ArgumentError(`${wanted} is not a version of ${id}: versions begin at 1`);
}

/**
 * The id of an entity, for a call that has no version.
 *
 * @param entity - An id; or an object that has one, whatever its `versionNumber`.
 * @param rule - Why there is no version, as a clause.
 * @throws {@link ArgumentError} when the id names a version.
 */
export function currentOf(entity: unknown, rule: string): string {
  const { id, version } = namedVersion(entity);
  if (version === undefined) return id;
  throw new ArgumentError(`The id names version ${version} of ${id}, but ${rule}: write ${id}.`);
}

/** {@link currentOf} for the id of a project or folder. */
export function containerOf(parent: unknown): string {
  return currentOf(parent, 'a project or folder has no versions');
}

/** The version that the id itself names. */
function namedVersion(entity: unknown): EntityVersion {
  const id = idOf(entity);
  return isSynapseId(id) || typeof entity !== 'object' ? parseSynapseId(id) : { id };
}

/** The digits of a submission id; a decimal number, to which spreadsheets convert ids, is truncated. */
export function submissionIdOf(value: unknown): string {
  const text = idOf(value).trim();
  const whole = /^(\d+)(?:\.\d*)?$/.exec(text)?.[1];
  if (whole === undefined) {
    throw new ArgumentError(`${quoted(text)} is not a submission id: use digits only`);
  }
  return whole;
}

/**
 * The full type name (`org.sagebionetworks...`) of an entity or of an entity header.
 *
 * @throws {@link ArgumentError} when the value carries none.
 */
export function concreteTypeOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const { concreteType, type } = value as { concreteType?: unknown; type?: unknown };
    const name = concreteType || type;
    if (typeof name === 'string' && name.startsWith('org.sagebionetworks.repo.model')) return name;
  }
  throw new ArgumentError(`No concrete type in ${describe(value)}`);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function describe(value: unknown): string {
  if (value === undefined || isNumber(value)) return String(value);
  const json = quoted(value);
  return json.length > 100 ? `${json.slice(0, 100)}...` : json;
}
