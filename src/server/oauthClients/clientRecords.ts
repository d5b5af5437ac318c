import { createHash, randomBytes } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, notFound, staleEtag } from '../kernel/serviceError.js';
import {
  grantObject,
  hasObjectAccess,
  removeObjectAcl,
  requireObjectAccess,
  type AclOwner,
} from '../permissions/objectAcls.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** An OAuth client. */
export interface ClientRecord {
  readonly client: M.OAuthClient &
    Required<
      Pick<
        M.OAuthClient,
        | 'client_id'
        | 'client_name'
        | 'createdBy'
        | 'etag'
        | 'redirect_uris'
        | 'sector_identifier'
        | 'verified'
      >
    >;
  /** SHA-256 of the secret, which is only returned when it is created. */
  readonly secretHash?: string;
}

const ownerAccess: readonly M.ACCESS_TYPE[] = [
  'READ',
  'CREATE',
  'UPDATE',
  'DELETE',
  'CHANGE_PERMISSIONS',
];
/** The public properties of a client. */
const publicFields = [
  'client_id',
  'client_name',
  'client_uri',
  'policy_uri',
  'tos_uri',
  'verified',
] as const satisfies readonly (keyof M.OAuthClient)[];

/** All clients by id. */
export function clients(world: World): Collection<ClientRecord> {
  return world.store.collection<ClientRecord>('oauthClients');
}

/** The ACL owner of a client. */
export function aclOwner({ client }: ClientRecord): AclOwner {
  return { kind: 'oauthClient', id: client.client_id, createdBy: Number(client.createdBy) };
}

/** @throws 404 */
export function getClient(world: World, id: string): ClientRecord {
  const record = clients(world).get(id);
  if (record === undefined) {
    throw notFound(`The OAuth client ${id.slice(0, 100)} does not exist.`);
  }
  return record;
}

/** Returns a client if the caller has the permission. @throws 404, 403 */
export function requireClient(
  world: World,
  caller: Caller,
  id: string,
  accessType: M.ACCESS_TYPE,
): ClientRecord {
  requireLogin(caller);
  const record = getClient(world, id);
  requireObjectAccess(world, caller, aclOwner(record), accessType);
  return record;
}

/** A client as the caller may see it: all of its properties or the public ones. */
export function clientModel(world: World, caller: Caller, record: ClientRecord): M.OAuthClient {
  const { client } = record;
  if (hasObjectAccess(world, caller, aclOwner(record), 'READ')) {
    return client;
  }
  const shown = publicFields.flatMap((name) =>
    client[name] === undefined ? [] : [[name, client[name]] as const],
  );
  return Object.fromEntries(shown);
}

/**
 * Registers a client; it must be verified before it can be used.
 *
 * @throws 403 for anonymous callers, 400, 409 for a name that is taken
 * @see https://rest-docs.synapse.org/rest/POST/oauth2/client.html
 */
export function createClient(world: World, caller: Caller, body: M.OAuthClient): ClientRecord {
  requireLogin(caller);
  const content = checkedContent(world, body);
  const now = world.timestamp();
  const record: ClientRecord = {
    client: {
      ...content,
      client_id: String(world.store.sequence('oauthClients', 100_001)()),
      verified: false,
      createdBy: String(caller.userId),
      createdOn: now,
      modifiedOn: now,
      etag: world.uuid(),
    },
  };
  clients(world).put(record.client.client_id, record);
  grantObject(world, aclOwner(record), ownerAccess);
  return record;
}

/** @throws 404, 403 without UPDATE, 412, 400, 409 */
export function updateClient(
  world: World,
  caller: Caller,
  id: string,
  body: M.OAuthClient,
): ClientRecord {
  const current = requireClient(world, caller, id, 'UPDATE');
  if (body.etag === undefined) {
    throw badRequest('The etag of the OAuth client is required.');
  }
  if (body.etag !== current.client.etag) {
    throw staleEtag(`OAuth client ${id}`);
  }
  const content = checkedContent(world, body, id);
  const { client_id, createdBy, createdOn, verified } = current.client;
  const record: ClientRecord = {
    ...current,
    client: {
      ...content,
      client_id,
      verified: verified && !needsVerification(current, content),
      createdBy,
      ...(createdOn !== undefined && { createdOn }),
      modifiedOn: world.timestamp(),
      etag: world.uuid(),
    },
  };
  clients(world).put(id, record);
  return record;
}

/** Sets whether a client is verified. @throws 404 */
export function verifyClient(world: World, id: string, verified: boolean): M.OAuthClient {
  const record = getClient(world, id);
  const client = { ...record.client, verified, etag: world.uuid() };
  clients(world).put(id, { ...record, client });
  return client;
}

/** Whether a change requires a new verification. */
export function wouldNeedVerification(
  world: World,
  caller: Caller,
  id: string,
  body: M.OAuthClient,
): boolean {
  const current = requireClient(world, caller, id, 'UPDATE');
  return needsVerification(current, checkedContent(world, body, id));
}

function needsVerification({ client }: ClientRecord, content: ClientContent): boolean {
  return (
    client.sector_identifier !== content.sector_identifier ||
    JSON.stringify(client.redirect_uris) !== JSON.stringify(content.redirect_uris)
  );
}

/** @throws 404, 403 without DELETE */
export function deleteClient(world: World, caller: Caller, id: string): void {
  const record = requireClient(world, caller, id, 'DELETE');
  removeObjectAcl(world, aclOwner(record));
  clients(world).delete(id);
}

/** Creates a new secret, which replaces the previous one. @throws 404, 403 without UPDATE */
export function createSecret(world: World, caller: Caller, id: string): M.OAuthClientIdAndSecret {
  const record = requireClient(world, caller, id, 'UPDATE');
  const secret = randomBytes(32).toString('base64url');
  const secretHash = createHash('sha256').update(secret).digest('hex');
  clients(world).put(id, { ...record, secretHash });
  return { client_id: id, client_secret: secret };
}

type ClientContent = Pick<
  ClientRecord['client'],
  'client_name' | 'redirect_uris' | 'sector_identifier'
>;

function checkedContent(world: World, body: M.OAuthClient, id?: string): ClientContent {
  const { client_name, redirect_uris = [], sector_identifier_uri } = body;
  const { client_uri, policy_uri, tos_uri, userinfo_signed_response_alg } = body;
  if (client_name === undefined || client_name.trim() === '') {
    throw badRequest('The OAuth client needs a client_name.');
  }
  if (redirect_uris.length === 0) {
    throw badRequest('The OAuth client needs at least one of the redirect_uris.');
  }
  const optional = { client_uri, policy_uri, tos_uri, sector_identifier_uri };
  const given = Object.entries(optional).filter(([, uri]) => uri !== undefined);
  for (const uri of [...redirect_uris, ...given.map(([, one]) => one ?? '')]) {
    if (!URL.canParse(uri)) {
      throw badRequest(`Not a valid URI: ${uri.slice(0, 200)}`);
    }
  }
  const isTaken = [...clients(world).values()].some(
    ({ client }) => client.client_id !== id && client.client_name === client_name,
  );
  if (isTaken) {
    throw conflict(`An OAuth client with the name ${client_name} exists already.`);
  }
  return {
    client_name,
    redirect_uris,
    ...Object.fromEntries(given),
    ...(userinfo_signed_response_alg && { userinfo_signed_response_alg }),
    sector_identifier: sectorOf(redirect_uris, sector_identifier_uri),
  };
}

/** The host of a client. Clients of the same host get the same identifier of a user. */
function sectorOf(redirectUris: readonly string[], sectorUri: string | undefined): string {
  if (sectorUri !== undefined) {
    return new URL(sectorUri).host;
  }
  const [host = '', ...others] = new Set(redirectUris.map((uri) => new URL(uri).host));
  if (others.length > 0) {
    throw badRequest('redirect_uris of several hosts need a sector_identifier_uri.');
  }
  return host;
}
