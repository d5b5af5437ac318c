import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import type * as M from '../../../generated/models.js';
import { isInTrash } from '../access/entityAcls.js';
import { hasAccess } from '../access/requireAccess.js';
import { basicCredentials } from '../auth/basicCredentials.js';
import { basicLogin } from '../auth/basicLogin.js';
import { findManagedRepository } from '../entities/entityLookups.js';
import { entityTables, type EntityRecord } from '../entities/entityRecords.js';
import type { Caller, Scope } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { callerOf } from '../users/callerOf.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';

/** Seconds before and after which a token is valid. */
const lifetime = 120;

/** A caller of the registry, and what the token of the caller allows. */
interface DockerUser {
  readonly caller: Caller;
  readonly scopes: readonly Scope[];
}

/** What a client of the registry asks for. */
interface DockerScope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/**
 * A token for the managed registry, which names the actions that the user is allowed. The user is
 * in HTTP Basic credentials. No registry accepts the token of this server.
 *
 * @throws 400 for an invalid scope, 401 for wrong credentials
 */
export async function dockerBearerToken(
  world: World,
  headers: IncomingHttpHeaders,
  { service, scope = [] }: { service: string; scope?: readonly string[] },
): Promise<M.DockerAuthorizationToken> {
  const user = await dockerUser(world, headers);
  const access = scope.map((text) => {
    const wanted = parseScope(text);
    const actions = permittedActions(world, user, { ...wanted, service });
    return { type: wanted.type, name: wanted.name, actions: [...actions].sort() };
  });
  const now = Math.floor(world.now().getTime() / 1000);
  return {
    token: sign(world, {
      iss: 'www.synapse.org',
      aud: service,
      exp: now + lifetime,
      nbf: now - lifetime,
      iat: now,
      jti: world.uuid(),
      sub: String(user.caller.userId),
      access,
    }),
  };
}

async function dockerUser(world: World, headers: IncomingHttpHeaders): Promise<DockerUser> {
  const credentials = basicCredentials(headers);
  if (credentials === undefined) {
    const caller = callerOf(world, fixedPrincipals.anonymous);
    return { caller: { ...caller, isAnonymous: true }, scopes: [] };
  }
  const { userId, scopes } = await basicLogin(world, credentials);
  return { caller: callerOf(world, userId), scopes };
}

function parseScope(text: string): DockerScope {
  const parts = text.split(':');
  const [type = '', name = '', actions = ''] = parts;
  if (parts.length !== 3) {
    throw badRequest(
      `Expected 3 parts in scope param but found ${parts.length}. Scope param was ${text.slice(0, 200)}`,
    );
  }
  return { type, name, actions: actions.split(',') };
}

type WantedScope = DockerScope & { readonly service: string };

function permittedActions(world: World, user: DockerUser, wanted: WantedScope): Set<string> {
  const type = wanted.type.toLowerCase();
  if (type === 'registry') {
    const isAllowed = wanted.name.toLowerCase() === 'catalog' && user.caller.isAdmin;
    return new Set(isAllowed && user.scopes.includes('view') ? wanted.actions : []);
  }
  if (type !== 'repository') throw badRequest(`Unexpected type ${wanted.type.slice(0, 200)}`);
  const repository = findManagedRepository(world, `${wanted.service}/${wanted.name}`);
  return new Set(
    wanted.actions.flatMap((action) => {
      if (action === 'push') return pushActions(world, user, { name: wanted.name, repository });
      if (action === 'pull') return mayPull(world, user, repository) ? ['pull'] : [];
      throw badRequest(`Unexpected action type: ${action.slice(0, 100)}`);
    }),
  );
}

/** Who may create a repository by a push may also pull it. */
function pushActions(
  world: World,
  { caller, scopes }: DockerUser,
  { name, repository }: { name: string; repository: EntityRecord | undefined },
): string[] {
  if (!scopes.includes('modify')) return [];
  if (repository !== undefined) {
    const isAllowed =
      !isInTrash(world, repository) && hasAccess(world, caller, repository.id, 'UPDATE');
    return isAllowed ? ['push'] : [];
  }
  const project = entityTables(world).entities.get(name.split('/')[0] ?? '');
  const mayCreate =
    project?.type === 'project' &&
    !isInTrash(world, project) &&
    hasAccess(world, caller, project.id, 'CREATE');
  return mayCreate ? ['push', 'pull'] : [];
}

function mayPull(
  world: World,
  { caller, scopes }: DockerUser,
  repository: EntityRecord | undefined,
): boolean {
  return (
    scopes.includes('download') &&
    repository !== undefined &&
    !isInTrash(world, repository) &&
    hasAccess(world, caller, repository.id, 'DOWNLOAD')
  );
}

function sign(world: World, claims: object): string {
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
  const signature = createHmac('sha256', world.secret('docker')).update(text).digest('base64url');
  return `${text}.${signature}`;
}
