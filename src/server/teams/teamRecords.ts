import type * as M from '../../../generated/models.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';

/** A team. Its name is that of its principal. */
export interface TeamRecord {
  readonly id: number;
  readonly etag: string;
  readonly description?: string;
  /** File handle of the picture. */
  readonly icon?: string;
  readonly canPublicJoin?: boolean;
  readonly canRequestMembership?: boolean;
  readonly createdBy: number;
  readonly createdOn: string;
  readonly modifiedBy: number;
  readonly modifiedOn: string;
}

/** Built-in groups that are also teams. Without a record, they have default properties. */
const builtInTeams: ReadonlySet<number> = new Set([
  fixedPrincipals.administrators,
  fixedPrincipals.trustedMessengers,
  fixedPrincipals.reportGroup,
  fixedPrincipals.testingGroup,
  fixedPrincipals.accessAndCompliance,
  fixedPrincipals.sage,
]);

/** The teams that were created or changed. */
export function teams(world: World): Collection<TeamRecord> {
  return world.store.collection<TeamRecord>('teams');
}

/** Whether the team is built-in and cannot be deleted. */
export function isBuiltInTeam(id: number): boolean {
  return builtInTeams.has(id);
}

export function findTeam(world: World, id: number | string): TeamRecord | undefined {
  const team = teams(world).get(String(id));
  const principal = getPrincipal(world, id);
  if (team !== undefined || principal === undefined || !builtInTeams.has(principal.id)) {
    return team;
  }
  const { etag, createdOn } = principal;
  const createdBy = fixedPrincipals.admin;
  return {
    id: principal.id,
    etag,
    createdBy,
    createdOn,
    modifiedBy: createdBy,
    modifiedOn: createdOn,
  };
}

/** The team with the id in a request. @throws 400 when it is not a number, 404 */
export function getTeam(world: World, id: number | string): TeamRecord {
  const number = parsePrincipalId(id);
  const team = findTeam(world, number);
  if (team === undefined) {
    throw notFound(`Team id: '${number}' does not exist`);
  }
  return team;
}

/** Every team, by name. */
export function allTeams(world: World): TeamRecord[] {
  const ids = new Set([...builtInTeams, ...[...teams(world).values()].map(({ id }) => id)]);
  return [...ids].flatMap((id) => findTeam(world, id) ?? []).sort(byName(world));
}

/** Orders teams by name. */
export function byName(world: World): (a: TeamRecord, b: TeamRecord) => number {
  return (a, b) => teamName(world, a.id).localeCompare(teamName(world, b.id), 'en') || a.id - b.id;
}

export function teamName(world: World, id: number): string {
  return getPrincipal(world, id)?.name ?? '';
}

/** Reads the id of a user or team. @throws 400 */
export function parsePrincipalId(text: number | string): number {
  const number = /^\d{1,15}$/.test(String(text).trim()) ? Number(text) : undefined;
  if (number === undefined) {
    throw badRequest(`Invalid principal id: '${String(text).slice(0, 100)}'.`);
  }
  return number;
}

/** A team as the API shows it. */
export function teamModel(world: World, team: TeamRecord): M.Team {
  return {
    ...team,
    id: String(team.id),
    name: teamName(world, team.id),
    createdBy: String(team.createdBy),
    modifiedBy: String(team.modifiedBy),
  };
}
