import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { entityHooks, type EntityChange } from '../entities/entityHooks.js';
import { pathOf, subtreeOf } from '../entities/entityRecords.js';
import { callerOf } from '../users/callerOf.js';
import type { World } from '../world.js';
import { sendEvent } from './deliverWebhook.js';
import { webhooksByObject } from './webhookRecords.js';

const eventTypes: Readonly<Partial<Record<EntityChange['kind'], M.SynapseEventType>>> = {
  create: 'CREATE',
  update: 'UPDATE',
  version: 'UPDATE',
  removeVersion: 'UPDATE',
  trash: 'DELETE',
  restore: 'CREATE',
};

/** Registers the listener that tells webhooks about the changes of entities. */
export function registerWebhooks(world: World): void {
  if (world.options.webhookReceiver !== undefined) {
    entityHooks(world).onChange((change) => {
      const eventType = eventTypes[change.kind];
      if (eventType !== undefined) {
        tellWebhooks(world, change, eventType);
      }
    });
  }
}

/** Tells the webhooks of an entity and of everything above it, where it is or was before. */
function tellWebhooks(
  world: World,
  { kind, entity, previous }: EntityChange,
  eventType: M.SynapseEventType,
): void {
  const place = kind === 'trash' ? (previous ?? entity) : entity;
  const listening = pathOf(world, place.record)
    .flatMap(({ id }) => webhooksByObject(world).find(id))
    .map(({ webhook }) => webhook)
    .filter(
      ({ createdBy, isEnabled, objectId, verificationStatus, ...webhook }) =>
        isEnabled &&
        verificationStatus === 'VERIFIED' &&
        webhook.eventTypes.includes(eventType) &&
        hasAccess(world, callerOf(world, Number(createdBy)), objectId, 'READ'),
    );
  if (listening.length === 0) {
    return;
  }
  const isSubtree = kind === 'trash' || kind === 'restore';
  const changed = isSubtree ? [...subtreeOf(world, entity.record)] : [entity.record];
  for (const webhook of listening) {
    for (const { id } of changed) {
      sendEvent(world, webhook, { eventTimestamp: world.timestamp(), eventType, objectId: id });
    }
  }
}
