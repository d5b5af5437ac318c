import { anything, count, flag, listOf, members, text, type Shape } from '../shape.js';
import { header, page } from './common.js';

const message = members(
  { id: text, fileHandleId: text },
  {
    createdBy: text,
    createdOn: text,
    recipients: listOf(text),
    subject: text,
    inReplyTo: text,
    inReplyToRoot: text,
  },
);

const postMembers = {
  forumId: text,
  projectId: text,
  createdBy: text,
  createdOn: text,
  modifiedOn: text,
  messageKey: text,
  isEdited: flag,
  isDeleted: flag,
};
const thread = members(
  { id: text, title: text },
  {
    ...postMembers,
    numberOfViews: count,
    numberOfReplies: count,
    lastActivity: text,
    activeAuthors: listOf(text),
    isPinned: flag,
  },
);
const reply = members({ id: text, threadId: text }, postMembers);
const forum = members({ id: text, projectId: text });
const counted = members({ count });

const subscription = members(
  { subscriptionId: text, objectId: text },
  { subscriberId: text, objectType: text, createdOn: text },
);

export const talkShapes: readonly (readonly [string, Shape])[] = [
  ['discussion.createReply', reply],
  ['discussion.createThread', thread],
  ['discussion.deleteReply', anything],
  ['discussion.deleteThread', anything],
  [
    'discussion.getEntityThreadCounts',
    members({ list: listOf(members({ entityId: text, count })) }),
  ],
  ['discussion.getForum', forum],
  ['discussion.getForumThreadCount', counted],
  ['discussion.getProjectForum', forum],
  ['discussion.getReply', reply],
  ['discussion.getReplyMessageUrl', members({ messageUrl: text })],
  ['discussion.getThread', thread],
  ['discussion.getThreadMessageUrl', members({ messageUrl: text })],
  ['discussion.getThreadReplyCount', counted],
  ['discussion.listEntityThreads', page(thread)],
  ['discussion.listForumModeratorIds', page(text)],
  ['discussion.listForumThreads', page(thread)],
  ['discussion.listThreadReplies', page(reply)],
  ['discussion.pinThread', anything],
  ['discussion.restoreThread', anything],
  [
    'discussion.searchForum',
    members(
      { matches: listOf(members({}, { forumId: text, threadId: text, replyId: text })) },
      { nextPageToken: text },
    ),
  ],
  ['discussion.unpinThread', anything],
  ['discussion.updateReplyMessage', reply],
  ['discussion.updateThreadMessage', thread],
  ['discussion.updateThreadTitle', thread],
  ['doi.getDoi', members({}, { doiUri: text, etag: text })],
  ['doi.getDoiObjectUrl', text],
  ['doi.getDoiRegistrationResult', members({ doi: members({ doiUri: text, etag: text }) })],
  ['message.forwardMessage', message],
  ['message.getMessage', message],
  ['message.listConversationMessages', page(message)],
  [
    'message.listInboxMessages',
    page(members({ message }, { status: members({}, { status: text }) })),
  ],
  ['message.listOutboxMessages', page(message)],
  ['message.sendMessage', message],
  ['message.sendMessageToEntityOwner', message],
  ['message.updateMessageStatus', anything],
  ['subscription.createSubscription', subscription],
  ['subscription.deleteAllSubscriptions', anything],
  ['subscription.deleteSubscription', anything],
  ['subscription.getSubscriberCount', counted],
  ['subscription.listSubscribers', members({}, { subscribers: listOf(text), nextPageToken: text })],
  ['subscription.listSubscriptions', page(subscription)],
  ['subscription.listSubscriptionsByObjectIds', page(subscription)],
  ['subscription.subscribeToAll', subscription],
  ['userProfile.addFavorite', header],
  ['userProfile.listFavorites', page(header)],
  ['userProfile.removeFavorite', anything],
];
