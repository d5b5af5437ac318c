import type * as M from '../../../generated/models.js';
import { estimatedTotal, itemsOf, pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import {
  aliasKey,
  findPrincipalByAlias,
  fixedPrincipals,
  getPrincipal,
  principals,
  type PrincipalRecord,
} from './principals.js';
import { findUserByEmail, getUser, isEmail, userGroupHeader } from './users.js';

/** Groups that every user belongs to, or that nothing is shared with. */
const unlisted = new Set<number>([
  fixedPrincipals.trustedMessengers,
  fixedPrincipals.reportGroup,
  fixedPrincipals.testingGroup,
]);

/** Serves lookups of users, teams and groups. */
export function groupHeaderRoutes(router: Router, world: World): void {
  router.get('/repo/v1/userGroupHeaders', ({ query }) => {
    const window = pageWindow(query);
    const prefix = query.prefix ?? '';
    const found = matching(world, prefix, query.typeFilter);
    const page = found.slice(window.offset, window.offset + window.limit);
    return {
      children: page.map((principal) => userGroupHeader(world, principal)),
      prefixFilter: prefix,
      totalNumberOfResults: estimatedTotal(window, page.length),
    };
  });

  router.get('/repo/v1/userGroupHeaders/batch', ({ query }) => {
    const children = query.ids.split(',').flatMap((text) => {
      const id = text.trim();
      if (!/^\d+$/.test(id)) {
        throw badRequest(`Invalid principal id: '${id}'.`);
      }
      const principal = getPrincipal(world, id);
      return principal ? [userGroupHeader(world, principal)] : [];
    });
    return { children, totalNumberOfResults: children.length };
  });

  router.post('/repo/v1/userGroupHeaders/aliases', ({ body }) => ({
    list: itemsOf(body).flatMap((alias) => {
      const principal = findPrincipalByAlias(world, alias);
      return principal ? [userGroupHeader(world, principal)] : [];
    }),
  }));

  router.get('/repo/v1/userGroup', ({ query }) => {
    const window = pageWindow(query, pageLimits.principals);
    const groups = [...principals(world).values()]
      .filter(({ isIndividual }) => !isIndividual)
      .sort((a, b) => a.id - b.id);
    return {
      results: groups.slice(window.offset, window.offset + window.limit).map(userGroup),
      totalNumberOfResults: groups.length,
    };
  });

  router.post('/repo/v1/principal/available', ({ body }) => checkAlias(world, body));

  router.post('/repo/v1/principal/alias', ({ body }) => {
    requireFields(body, ['alias', 'type'], (name) => `PrincipalAliasRequest.${name}`);
    const { alias, type } = body;
    if (type !== 'USER_NAME') {
      throw badRequest(`Unsupported alias type ${type}`);
    }
    const principal = findPrincipalByAlias(world, alias);
    if (principal?.isIndividual !== true) {
      throw notFound(`Alias: '${alias.slice(0, 200)}' of type: '${type}' does not exist`);
    }
    return { principalId: principal.id };
  });

  router.get('/repo/v1/realm/principals', () => realmPrincipals);
  router.get('/repo/v1/realm/list', () => ({ realms: [realmId] }));
  router.get('/repo/v1/realm/{id}/principals', () => realmPrincipals);
}

/** The only realm of this server. */
const realmId = '0';

const realmPrincipals: M.RealmPrincipal = {
  realmId,
  anonymousUser: String(fixedPrincipals.anonymous),
  publicGroup: String(fixedPrincipals.public),
  authenticatedUsers: String(fixedPrincipals.authenticatedUsers),
  administrativeGroup: String(fixedPrincipals.administrators),
};

/** Principals by the start of their name, first or last name; all of them for an empty prefix. */
function matching(
  world: World,
  prefix: string,
  typeFilter: M.TypeFilter = 'ALL',
): PrincipalRecord[] {
  const start = prefix.trim().toLowerCase();
  const key = aliasKey(prefix);
  const fits = ({ id, name }: PrincipalRecord) => {
    const { firstName = '', lastName = '' } = getUser(world, id)?.profile ?? {};
    const names = [firstName, lastName, `${firstName} ${lastName}`, name];
    return (
      names.some((candidate) => candidate.toLowerCase().startsWith(start)) ||
      (key !== '' && aliasKey(name).startsWith(key))
    );
  };
  return [...principals(world).values()]
    .filter(
      (principal) =>
        !unlisted.has(principal.id) &&
        (typeFilter === 'ALL' || principal.isIndividual === (typeFilter === 'USERS_ONLY')) &&
        fits(principal),
    )
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || a.id - b.id);
}

function userGroup({ id, isIndividual, etag, createdOn }: PrincipalRecord): M.UserGroup {
  return { id: String(id), isIndividual, etag, creationDate: createdOn, realmId };
}

function checkAlias(world: World, { alias, type }: M.AliasCheckRequest): M.AliasCheckResponse {
  if (alias === undefined || type === undefined) {
    throw badRequest(`${alias === undefined ? 'Alias' : 'AliasType'} cannot be null`);
  }
  if (type === 'USER_EMAIL') {
    const valid = isEmail(alias);
    return { valid, available: valid && findUserByEmail(world, alias) === undefined };
  }
  const pattern = type === 'TEAM_NAME' ? /^[A-Za-z0-9 ._-]{3,}$/ : /^[A-Za-z0-9._-]{3,}$/;
  const valid = pattern.test(alias);
  return { valid, available: valid && findPrincipalByAlias(world, alias) === undefined };
}
