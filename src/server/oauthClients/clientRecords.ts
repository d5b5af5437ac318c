import { createHash, randomBytes } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound, preconditionFailed } from '../kernel/serviceError.js';
import {
  grantObject,
  hasObjectAccess,
  removeObjectAcl,
  requireObjectAccess,
  type AclOwner,
} from '../permissions/objectAcls.js';
import { isAct, requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
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

function byName(world: World): Index<ClientRecord> {
  return clients(world).index('name', ({ client }) => client.client_name);
}

/** @throws 404 */
export function getClient(world: World, id: string): ClientRecord {
  const record = clients(world).get(id);
  if (record === undefined) {
    throw notFound(`OAuth client: '${id.slice(0, 100)}' does not exist`);
  }
  return record;
}

/** Whether there is a client with this id, and it is verified. */
export function clientIsVerified(world: World, id: string): boolean {
  return clients(world).get(id)?.client.verified === true;
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
  return hasObjectAccess(world, caller, aclOwner(record), 'READ')
    ? record.client
    : publicClient(record);
}

/** The public properties of a client. */
export function publicClient({ client }: ClientRecord): M.OAuthClient {
  const shown = publicFields.flatMap((name) =>
    client[name] === undefined ? [] : [[name, client[name]] as const],
  );
  return Object.fromEntries(shown);
}

/**
 * Registers a client; it must be verified before it can be used.
 *
 * @throws 403 for anonymous callers, 400
 * @see https://rest-docs.synapse.org/rest/POST/oauth2/client.html
 */
export function createClient(world: World, caller: Caller, body: M.OAuthClient): ClientRecord {
  if (caller.isAnonymous) {
    throw forbidden('Anonymous user may not create an OAuth Client');
  }
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

/**
 * Changes the client that the body names.
 *
 * @throws 404, 403 without UPDATE, 412, 400
 */
export function updateClient(world: World, caller: Caller, body: M.OAuthClient): ClientRecord {
  const { current, content } = readUpdate(world, caller, body);
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
  clients(world).put(client_id, record);
  return record;
}

/** Whether a change requires a new verification. @throws as {@link updateClient} */
export function wouldNeedVerification(world: World, caller: Caller, body: M.OAuthClient): boolean {
  const { current, content } = readUpdate(world, caller, body);
  return needsVerification(current, content);
}

function readUpdate(
  world: World,
  caller: Caller,
  body: M.OAuthClient,
): { current: ClientRecord; content: ClientContent } {
  const { client_id: id = '', etag = '' } = body;
  if (id === '') {
    throw badRequest('Client ID is required and must not be the empty string.');
  }
  const current = requireClient(world, caller, id, 'UPDATE');
  const content = checkedContent(world, body, id);
  if (etag === '') {
    throw badRequest('etag is required and must not be the empty string.');
  }
  if (etag !== current.client.etag) {
    throw preconditionFailed(
      'OAuth Client was updated since you last fetched it.  Retrieve it again and reapply the update.',
    );
  }
  return { current, content };
}

/** Clients of another host get other identifiers of users, which is why they are verified anew. */
function needsVerification({ client }: ClientRecord, content: ClientContent): boolean {
  return client.sector_identifier !== content.sector_identifier;
}

/** A verification as its client and its etag; without an etag, the current one is meant. */
export interface Verification {
  readonly id: string;
  readonly etag?: string;
  readonly verified: boolean;
}

/**
 * Sets whether a client is verified.
 *
 * @throws 403 for callers outside the ACT, 404, 412
 */
export function verifyClient(
  world: World,
  caller: Caller,
  { id, etag, verified }: Verification,
): ClientRecord {
  if (!isAct(caller)) {
    throw forbidden(
      'You must be an administrator or a member of the ACT team to update the verification status of a client',
    );
  }
  const record = getClient(world, id);
  if (etag !== undefined && etag !== record.client.etag) {
    throw preconditionFailed(
      'The client etag does not match, the client information might have been updated.',
    );
  }
  if (record.client.verified === verified) {
    return record;
  }
  const modifiedOn = world.timestamp();
  const changed = { ...record.client, verified, modifiedOn, etag: world.uuid() };
  clients(world).put(id, { ...record, client: changed });
  return { ...record, client: changed };
}

/** @throws 404, 403 without DELETE */
export function deleteClient(world: World, caller: Caller, id: string): ClientRecord {
  const record = requireClient(world, caller, id, 'DELETE');
  removeObjectAcl(world, aclOwner(record));
  clients(world).delete(id);
  return record;
}

/** Creates a new secret, which replaces the previous one. @throws 404, 403 without UPDATE */
export function createSecret(
  world: World,
  caller: Caller,
  id: string,
): { record: ClientRecord; secret: string } {
  const record = requireClient(world, caller, id, 'UPDATE');
  const secret = randomBytes(32).toString('base64url');
  const secretHash = createHash('sha256').update(secret).digest('hex');
  const client = { ...record.client, etag: world.uuid() };
  clients(world).put(id, { ...record, client, secretHash });
  return { record, secret };
}

type ClientContent = Pick<
  ClientRecord['client'],
  'client_name' | 'redirect_uris' | 'sector_identifier'
>;

function checkedContent(world: World, body: M.OAuthClient, id?: string): ClientContent {
  const { client_name, redirect_uris, sector_identifier_uri = '' } = body;
  const { client_uri, policy_uri, tos_uri, userinfo_signed_response_alg } = body;
  if (client_name === undefined) {
    throw badRequest('OAuth client name is required.');
  }
  checkUris(redirect_uris, sector_identifier_uri);
  const namesake = byName(world).first(client_name);
  if (namesake !== undefined && namesake.client.client_id !== id) {
    throw badRequest(`OAuth client already exists with name ${client_name}`);
  }
  const optional = { client_uri, policy_uri, tos_uri, userinfo_signed_response_alg };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    client_name,
    redirect_uris,
    ...Object.fromEntries(given),
    ...(sector_identifier_uri !== '' && { sector_identifier_uri }),
    sector_identifier: sectorOf(redirect_uris, sector_identifier_uri),
  };
}

function checkUris(
  redirectUris: string[] | undefined,
  sectorUri: string,
): asserts redirectUris is string[] {
  if (redirectUris === undefined) {
    throw badRequest('OAuth client redirect URI list. is required.');
  }
  if (redirectUris.length === 0) {
    throw badRequest('OAuth client must register at least one redirect URI.');
  }
  const wrong = redirectUris.find((uri) => !isUri(uri));
  if (wrong !== undefined) {
    throw badRequest(`Redirect URI is not a valid url: ${wrong.slice(0, 200)}`);
  }
  if (sectorUri !== '' && !isUri(sectorUri)) {
    throw badRequest(`Sector Identifier URI is not a valid url: ${sectorUri.slice(0, 200)}`);
  }
}

/**
 * Whether a text is a URL of any scheme with a host. As in the service, the host is an IP address
 * or has a domain, so it is not `localhost`.
 */
export function isUri(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s/]/.test(text) || /\s/.test(text) || !URL.canParse(text)) {
    return false;
  }
  const { hostname } = new URL(text);
  return /^\[.*\]$|^[\d.]+$/.test(hostname) || /^[^.].*\.[A-Za-z][A-Za-z0-9-]+$/.test(hostname);
}

/** The host of a client. Clients of the same host get the same identifier of a user. */
function sectorOf(redirectUris: readonly string[], sectorUri: string): string {
  if (sectorUri !== '') {
    const { protocol, hostname } = new URL(sectorUri);
    if (protocol !== 'https:') {
      throw badRequest(`${sectorUri} must use the https scheme.`);
    }
    return hostname;
  }
  const [host = '', ...others] = new Set(redirectUris.map((uri) => new URL(uri).hostname));
  if (others.length > 0) {
    throw badRequest(
      'if redirect URIs do not share a common host then you must register a sector identifier URI.',
    );
  }
  return host;
}
