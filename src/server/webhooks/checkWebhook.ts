import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { parseEntityId, rootId, trashId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';

/** The properties of a webhook that users set. */
export type WebhookContent = Required<M.CreateOrUpdateWebhookRequest>;

/** A host name with a country code, or one of the common generic endings. */
const publicHost =
  /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,30}(?:[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|name|app|dev|cloud|science|health)$/i;
/** Folders of the service itself. */
const reserved: ReadonlySet<string> = new Set([rootId, trashId]);

/** Checks the content of a webhook. @throws 400, 403 without READ on the object */
export function checkWebhook(
  world: World,
  caller: Caller,
  body: M.CreateOrUpdateWebhookRequest,
): WebhookContent {
  requireFields(body, ['objectId', 'objectType'], (field) => `The ${field}`);
  if (body.eventTypes === undefined || body.eventTypes.length === 0) {
    throw badRequest('The eventTypes is required and must not be empty.');
  }
  const host = hostOf(body.invokeEndpoint);
  requireFields(body, ['isEnabled', 'invokeEndpoint']);
  requireLogin(caller);
  const objectId = parseEntityId(body.objectId);
  if (reserved.has(objectId)) {
    throw badRequest('The specified object is not valid.');
  }
  if (body.invokeEndpoint !== `https://${host}${new URL(body.invokeEndpoint).pathname}`) {
    throw badRequest(
      'The invokedEndpoint only supports https and cannot contain a port, query or fragment',
    );
  }
  if (!isGateway(host.toLowerCase())) {
    throw badRequest('Unsupported invoke endpoint, please contact support for more information.', {
      errorCode: 'UNSUPPORTED_WEBHOOK_DOMAIN',
    });
  }
  requireReadable(world, caller, objectId);
  return {
    objectId,
    objectType: body.objectType,
    eventTypes: [...new Set(body.eventTypes)],
    invokeEndpoint: body.invokeEndpoint,
    isEnabled: body.isEnabled,
  };
}

/** The host of an endpoint, as it is written. @throws 400 unless it is a URL of a public host */
function hostOf(endpoint: string | undefined): string {
  const host = /^[a-z][a-z\d+.-]{0,20}:\/\/(?:[^@/?#]{0,200}@)?([^:/?#]{1,253})/i.exec(
    endpoint ?? '',
  )?.[1];
  if (host === undefined || !publicHost.test(host) || !URL.canParse(endpoint ?? '')) {
    throw badRequest(`The invokeEndpoint is not a valid url: ${endpoint?.slice(0, 300) ?? 'null'}`);
  }
  return host;
}

function requireReadable(world: World, caller: Caller, objectId: string): void {
  if (!caller.isAdmin && !hasAccess(world, caller, objectId, 'READ')) {
    throw forbidden('You lack READ access to the synapse object specified by the webhook.');
  }
}

/** Whether a host is the API gateway of AWS, the only one that the service calls. */
function isGateway(host: string): boolean {
  const [service, domain] = ['.execute-api.', '.amazonaws.com'];
  const start = host.indexOf(service, 1);
  const regionLength = host.length - domain.length - service.length - start;
  return start > 0 && regionLength > 0 && host.endsWith(domain);
}
