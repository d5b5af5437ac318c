import { badRequest, type ServiceError } from '../kernel/serviceError.js';

/** The root folder, which contains all projects. */
export const rootId = 'syn4489';
/** The trash folder, which contains deleted entities. */
export const trashId = 'syn1681355';

/** An entity, or one version of it. */
export interface EntityReference {
  /** `syn` and digits. */
  readonly id: string;
  readonly version?: number;
}

const maxLong = 9_223_372_036_854_775_807n;

/**
 * Reads `syn123`, `123`, `SYN123` and `syn123.4`.
 *
 * @throws 400 when the text is not an id.
 */
export function parseEntityReference(text: string): EntityReference {
  const reference = readReference(text);
  if (reference === undefined) {
    throw invalidId(text);
  }
  return reference;
}

/**
 * Reads the same for tables and DRS objects, for which the service words the error in another way.
 *
 * @throws 400 when the text is not an id.
 */
export function parseIdAndVersion(text: string): EntityReference {
  const reference = readReference(text);
  if (reference === undefined) {
    throw badRequest(`Invalid Entity ID: ${text.slice(0, 100)}`);
  }
  return reference;
}

function readReference(text: string): EntityReference | undefined {
  const match = /^\s*(?:syn)?(\d{1,19})(?:\.(\d{1,19}))?\s*$/i.exec(text);
  const digits = match?.[1];
  if (digits === undefined || BigInt(digits) > maxLong) {
    return undefined;
  }
  const id = `syn${BigInt(digits)}`;
  const version = match?.[2];
  return version === undefined ? { id } : { id, version: Number(version) };
}

/**
 * Reads an entity id without a version.
 *
 * @throws 400 when the text is not an id, or has a version: acting on the whole entity could delete
 * more than the named version.
 */
export function parseEntityId(text: string): string {
  const { id, version } = parseEntityReference(text);
  if (version !== undefined) {
    throw invalidId(text);
  }
  return id;
}

function invalidId(text: string): ServiceError {
  return badRequest(`${text.slice(0, 100)} is not a valid Synapse ID.`);
}

/** Reads a version number of a path. @throws 400 when it is not a positive number. */
export function parseVersionNumber(value: string | number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw badRequest(`Invalid version number: ${String(value).slice(0, 100)}`);
  }
  return number;
}

/** The bare number of an id, as `benefactorId` and `objectId` have it. */
export function numericId(id: string): number {
  return Number(id.slice('syn'.length));
}
