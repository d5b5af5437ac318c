import { conflict } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** Ids of the built-in principals. */
export const fixedPrincipals = {
  admin: 1,
  administrators: 2,
  certifiedUsers: 3,
  trustedMessengers: 4,
  reportGroup: 5,
  testingGroup: 6,
  authenticatedUsers: 273948,
  public: 273949,
  anonymous: 273950,
  accessAndCompliance: 464532,
  sage: 273957,
} as const;

/** A user, group or team: any principal of an access control list. */
export interface PrincipalRecord {
  readonly id: number;
  /** User, group or team name; unique among all principals, ignoring case and punctuation. */
  readonly name: string;
  readonly isIndividual: boolean;
  readonly createdOn: string;
  readonly etag: string;
}

/** All principals by id. */
export function principals(world: World): Collection<PrincipalRecord> {
  return world.store.collection<PrincipalRecord>('principals');
}

export function getPrincipal(world: World, id: number | string): PrincipalRecord | undefined {
  return principals(world).get(String(id));
}

/** Normalizes a name. Names that differ only in case or punctuation are equal. */
export function aliasKey(alias: string): string {
  return alias.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function byAlias(world: World): Index<PrincipalRecord> {
  return principals(world).index('alias', ({ name }) => aliasKey(name));
}

export function findPrincipalByAlias(world: World, alias: string): PrincipalRecord | undefined {
  return byAlias(world).first(aliasKey(alias));
}

/** The properties of a new principal. */
export interface NewPrincipal {
  readonly name: string;
  readonly isIndividual: boolean;
  /** @default the next free id */
  readonly id?: number;
}

/** Adds a user, group or team. @throws 409 when the name is taken */
export function createPrincipal(world: World, { name, isIndividual, id }: NewPrincipal): number {
  requireFreeAlias(world, name);
  const principal = {
    id: id ?? world.store.sequence('principal', 3_400_001)(),
    name,
    isIndividual,
    createdOn: world.timestamp(),
    etag: world.uuid(),
  };
  principals(world).put(String(principal.id), principal);
  return principal.id;
}

/** Renames a principal. @throws 409 when the name is taken */
export function renamePrincipal(world: World, id: number, name: string): void {
  const principal = getPrincipal(world, id);
  if (principal !== undefined && principal.name !== name) {
    requireFreeAlias(world, name, id);
    principals(world).put(String(id), { ...principal, name, etag: world.uuid() });
  }
}

/** Removes a principal, e.g. of a team that was deleted. */
export function removePrincipal(world: World, id: number): void {
  principals(world).delete(String(id));
}

function requireFreeAlias(world: World, name: string, owner?: number): void {
  const holder = findPrincipalByAlias(world, name);
  if (holder !== undefined && holder.id !== owner) {
    throw conflict(`The provided principal alias (${name}) is already used by another principal.`);
  }
}
