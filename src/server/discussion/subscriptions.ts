import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { parseLongId } from '../kernel/readLong.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { anonymousDenied } from './anonymousDenied.js';
import { discussionTables, getForum, getThread } from './discussionRecords.js';

/** A subscription of a user to a topic. */
export interface SubscriptionRecord {
  readonly id: string;
  readonly subscriberId: number;
  readonly objectId: string;
  readonly objectType: M.SubscriptionObjectType;
  readonly createdOn: string;
}

/** The objects that can be subscribed to. */
export type SubscriptionTopic = Pick<SubscriptionRecord, 'objectId' | 'objectType'>;

/** Id that represents all objects of a type. */
const everything = '0';

interface SubscriptionTables {
  readonly subscriptions: Collection<SubscriptionRecord>;
  readonly bySubscriber: Index<SubscriptionRecord>;
  readonly byTopic: Index<SubscriptionRecord>;
}

function tables(world: World): SubscriptionTables {
  const subscriptions = world.store.collection<SubscriptionRecord>('subscriptions');
  return {
    subscriptions,
    bySubscriber: subscriptions.index('subscriber', ({ subscriberId }) => String(subscriberId)),
    byTopic: subscriptions.index('topic', topicKey),
  };
}

function topicKey({ objectId, objectType }: SubscriptionTopic): string {
  return `${objectType}/${objectId}`;
}

/** Subscribes a user to a topic. It is no error if the subscription exists. */
export function subscribe(
  world: World,
  subscriberId: number,
  topic: SubscriptionTopic,
): SubscriptionRecord {
  const { byTopic, subscriptions } = tables(world);
  const known = byTopic
    .find(topicKey(topic))
    .find((subscription) => subscription.subscriberId === subscriberId);
  if (known !== undefined) {
    return known;
  }
  const { objectId, objectType } = topic;
  const id = String(world.store.sequence('subscriptions')());
  const record = { id, subscriberId, objectId, objectType, createdOn: world.timestamp() };
  subscriptions.put(id, record);
  return record;
}

/** The users who are subscribed to a topic. */
export function subscribersTo(world: World, topic: SubscriptionTopic): number[] {
  return tables(world)
    .byTopic.find(topicKey(topic))
    .map(({ subscriberId }) => subscriberId);
}

/** Deletes all subscriptions to a deleted object. */
export function removeSubscriptionsTo(world: World, topic: SubscriptionTopic): void {
  const { byTopic, subscriptions } = tables(world);
  for (const { id } of byTopic.find(topicKey(topic))) {
    subscriptions.delete(id);
  }
}

/** Checks that the caller may subscribe to a topic. @throws 404, 403, 400 */
export function requireTopic(world: World, caller: Caller, topic: M.Topic): SubscriptionTopic {
  requireFields(topic, ['objectId', 'objectType'], (field) => `Topic.${field}`);
  requireUser(caller);
  const { objectId, objectType } = topic;
  switch (objectType) {
    case 'FORUM':
      requireAccess(world, caller, getForum(world, objectId).projectId, 'READ');
      break;
    case 'THREAD':
      requireAccess(world, caller, getThread(world, objectId).projectId, 'READ');
      break;
    case 'DATA_ACCESS_SUBMISSION':
      if (!caller.isAdmin && !caller.groups.has(fixedPrincipals.accessAndCompliance)) {
        throw forbidden('Only ACT member can follow this topic.');
      }
      break;
    case 'DATA_ACCESS_SUBMISSION_STATUS':
      break;
  }
  return { objectId, objectType };
}

/** @throws 403 for the anonymous user, 404, 400 */
export function createSubscription(
  world: World,
  caller: Caller,
  topic: M.Topic,
): SubscriptionRecord {
  return subscribe(world, caller.userId, requireTopic(world, caller, topic));
}

/** Subscribes to every object of a type. @throws 403, 404 for types that have no such topic */
export function subscribeToAll(
  world: World,
  caller: Caller,
  objectType: M.SubscriptionObjectType,
): SubscriptionRecord {
  return createSubscription(world, caller, { objectId: everything, objectType });
}

/** @throws 404, 403 when it belongs to another user */
export function ownSubscription(world: World, caller: Caller, id: string): SubscriptionRecord {
  requireUser(caller);
  const record = tables(world).subscriptions.get(parseLongId(id));
  if (record === undefined) {
    throw notFound(`Subscription ${id.slice(0, 100)} does not exist`);
  }
  if (record.subscriberId !== caller.userId) {
    throw forbidden('Only the user who created this subscription can perform this action.');
  }
  return record;
}

/** Deletes a subscription, if it exists. @throws 403 when it belongs to another user */
export function deleteSubscription(world: World, caller: Caller, id: string): void {
  requireUser(caller);
  const { subscriptions } = tables(world);
  const record = subscriptions.get(id);
  if (record !== undefined && record.subscriberId !== caller.userId) {
    throw forbidden('Only the owner of this subscription can perform this action.');
  }
  subscriptions.delete(id);
}

/** Deletes all subscriptions of the caller. @throws 403 for the anonymous user */
export function deleteAllSubscriptions(world: World, caller: Caller): void {
  requireUser(caller);
  const { bySubscriber, subscriptions } = tables(world);
  for (const { id } of bySubscriber.find(String(caller.userId))) {
    subscriptions.delete(id);
  }
}

/** Query parameters of a list of subscriptions. */
export interface SubscriptionQuery {
  readonly objectType?: M.SubscriptionObjectType;
  readonly idList?: readonly string[];
  readonly sortBy?: M.SortByType;
  readonly sortDirection?: M.SubscriptionSortDirection;
}

const sortKeys: Readonly<Record<M.SortByType, (record: SubscriptionRecord) => number | string>> = {
  SUBSCRIPTION_ID: ({ id }) => Number(id),
  SUBSCRIBER_ID: ({ subscriberId }) => subscriberId,
  OBJECT_ID: ({ objectId }) => Number(objectId),
  OBJECT_TYPE: ({ objectType }) => objectType,
  CREATED_ON: ({ createdOn }) => createdOn,
};

/** The subscriptions of the caller to a type of object. @throws 403 for the anonymous user, 400 */
export function ownSubscriptions(
  world: World,
  caller: Caller,
  query: SubscriptionQuery,
): SubscriptionRecord[] {
  requireUser(caller);
  const { idList, objectType, sortBy = 'SUBSCRIPTION_ID', sortDirection = 'ASC' } = query;
  if (objectType === undefined) {
    throw badRequest('The objectType is required.');
  }
  const key = sortKeys[sortBy];
  const direction = sortDirection === 'DESC' ? -1 : 1;
  return tables(world)
    .bySubscriber.find(String(caller.userId))
    .filter(
      (record) =>
        record.objectType === objectType &&
        (idList?.includes(record.objectId) ?? mayReadTopic(world, caller, record)),
    )
    .sort((a, b) => {
      const [left, right] = [key(a), key(b)];
      const byKey = left < right ? -1 : left > right ? 1 : 0;
      return direction * (byKey || Number(a.id) - Number(b.id));
    });
}

/** Whether the caller may still read the project of a forum or thread. */
function mayReadTopic(
  world: World,
  caller: Caller,
  { objectId, objectType }: SubscriptionTopic,
): boolean {
  const { forums, threads } = discussionTables(world);
  const topic = { FORUM: forums, THREAD: threads }[objectType as string]?.get(objectId);
  return topic === undefined || hasAccess(world, caller, topic.projectId, 'READ');
}

/** The subscribers of a topic. @throws 404, 403, 400 */
export function subscribersOf(world: World, caller: Caller, topic: M.Topic): string[] {
  return subscribersTo(world, requireTopic(world, caller, topic)).map(String);
}

function requireUser(caller: Caller): void {
  if (caller.isAnonymous) {
    throw forbidden(anonymousDenied);
  }
}

/** A subscription as the API shows it. */
export function subscriptionModel({
  id,
  subscriberId,
  ...rest
}: SubscriptionRecord): M.Subscription {
  return { subscriptionId: id, subscriberId: String(subscriberId), ...rest };
}
