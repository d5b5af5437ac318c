import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import { pageWindow, paginated, tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import { discussionTables, replyModel, threadModel } from './discussionRecords.js';
import {
  checkMarkdown,
  checkTitle,
  forumOfProject,
  moderatorIds,
  readableForum,
} from './forums.js';
import {
  createReply,
  deleteReply,
  editReply,
  listReplies,
  readableReply,
  requireOwnReply,
} from './replies.js';
import { searchForum } from './searchForum.js';
import { subscriptionRoutes } from './subscriptionRoutes.js';
import {
  countThreads,
  createThread,
  editThread,
  listThreads,
  moderateThread,
  readableThread,
  requireOwnThread,
  storeText,
  threadsAbout,
  viewThread,
} from './threads.js';

/** Maximum number of threads of a page. */

/** Serves forums, threads, replies and subscriptions. */
export function discussionRoutes(router: Router, world: World): void {
  forumRoutes(router, world);
  threadRoutes(router, world);
  moderationRoutes(router, world);
  replyRoutes(router, world);
  entityThreadRoutes(router, world);
  subscriptionRoutes(router, world);
}

function forumRoutes(router: Router, world: World): void {
  router.get('/repo/v1/project/{projectId}/forum', ({ path, caller }) =>
    forumOfProject(world, caller, parseEntityId(path.projectId)),
  );
  router.get('/repo/v1/forum/{forumId}', ({ path, caller }) =>
    readableForum(world, caller, path.forumId),
  );
  router.get('/repo/v1/forum/{forumId}/threads', ({ path, query, caller }) => {
    const threads = listThreads(world, caller, path.forumId, query);
    const page = paginated(threads, pageWindow(query, pageLimits.threads));
    return { ...page, results: page.results.map((thread) => threadModel(world, thread)) };
  });
  router.get('/repo/v1/forum/{forumId}/threadcount', ({ path, query, caller }) => ({
    count: countThreads(world, caller, path.forumId, query.filter),
  }));
  router.get('/repo/v1/forum/{forumId}/moderators', ({ path, query, caller }) => {
    const ids = moderatorIds(world, caller, path.forumId);
    const { limit, offset } = pageWindow(query, pageLimits.threads);
    return { results: ids.slice(offset, offset + limit), totalNumberOfResults: ids.length };
  });
  router.post('/repo/v1/forum/{forumId}/search', ({ path, caller, body }) => {
    const matches = searchForum(world, caller, path.forumId, body.searchString);
    const { page, ...token } = tokenPage(matches, body.nextPageToken);
    return { matches: page, ...token };
  });
}

function threadRoutes(router: Router, world: World): void {
  router.post('/repo/v1/thread', async ({ caller, body }) =>
    threadModel(world, await createThread(world, caller, body)),
  );
  router.get('/repo/v1/thread/messageUrl', ({ query, caller }) => {
    const thread = discussionTables(world).threadsByKey.first(query.messageKey);
    if (thread === undefined) {
      throw notFound('There is no thread with this messageKey.');
    }
    const { fileHandleId } = readableThread(world, caller, thread.id);
    viewThread(world, caller, thread);
    return { messageUrl: world.files.url(world.files.get(fileHandleId)) };
  });
  router.get('/repo/v1/thread/{threadId}', ({ path, caller }) => {
    const thread = readableThread(world, caller, path.threadId);
    const model = threadModel(world, thread);
    viewThread(world, caller, thread);
    return model;
  });
  router.put('/repo/v1/thread/{threadId}/title', ({ path, caller, body }) => {
    const thread = requireOwnThread(world, caller, path.threadId);
    return threadModel(
      world,
      editThread(world, thread, { title: checkTitle(body.title, 'UpdateThreadTitle.title') }),
    );
  });
  router.put('/repo/v1/thread/{threadId}/message', async ({ path, caller, body }) => {
    const { forumId } = requireOwnThread(world, caller, path.threadId);
    const markdown = checkMarkdown(body.messageMarkdown, 'UpdateThreadMessage.messageMarkdown');
    const text = await storeText(world, caller, forumId, markdown);
    return world.store.transaction(() => {
      const thread = requireOwnThread(world, caller, path.threadId);
      return threadModel(world, editThread(world, thread, text));
    });
  });
}

function moderationRoutes(router: Router, world: World): void {
  router.delete('/repo/v1/thread/{threadId}', ({ path, caller }) =>
    moderateThread(world, caller, path.threadId, { isDeleted: true }),
  );
  router.put('/repo/v1/thread/{threadId}/restore', ({ path, caller }) =>
    moderateThread(world, caller, path.threadId, { isDeleted: false }),
  );
  router.put('/repo/v1/thread/{threadId}/pin', ({ path, caller }) =>
    moderateThread(world, caller, path.threadId, { isPinned: true }),
  );
  router.put('/repo/v1/thread/{threadId}/unpin', ({ path, caller }) =>
    moderateThread(world, caller, path.threadId, { isPinned: false }),
  );
}

function replyRoutes(router: Router, world: World): void {
  router.post('/repo/v1/reply', async ({ caller, body }) =>
    replyModel(await createReply(world, caller, body)),
  );
  router.get('/repo/v1/reply/messageUrl', ({ query, caller }) => {
    const reply = discussionTables(world).repliesByKey.first(query.messageKey);
    if (reply === undefined) {
      throw notFound('There is no reply with this messageKey.');
    }
    const { fileHandleId } = readableReply(world, caller, reply.id);
    return { messageUrl: world.files.url(world.files.get(fileHandleId)) };
  });
  router.get('/repo/v1/reply/{replyId}', ({ path, caller }) =>
    replyModel(readableReply(world, caller, path.replyId)),
  );
  router.put('/repo/v1/reply/{replyId}/message', async ({ path, caller, body }) => {
    const { forumId, threadId } = requireOwnReply(world, caller, path.replyId);
    const markdown = checkMarkdown(body.messageMarkdown, 'UpdateReplyMessage.messageMarkdown');
    const text = await storeText(world, caller, `${forumId}/${threadId}`, markdown);
    return world.store.transaction(() =>
      replyModel(editReply(world, requireOwnReply(world, caller, path.replyId), text)),
    );
  });
  router.delete('/repo/v1/reply/{replyId}', ({ path, caller }) =>
    deleteReply(world, caller, path.replyId),
  );
  router.get('/repo/v1/thread/{threadId}/replies', ({ path, query, caller }) => {
    const replies = listReplies(world, caller, path.threadId, query);
    const page = paginated(replies, pageWindow(query, pageLimits.replies));
    return { ...page, results: page.results.map(replyModel) };
  });
  router.get('/repo/v1/thread/{threadId}/replycount', ({ path, query, caller }) => ({
    count: listReplies(world, caller, path.threadId, { filter: query.filter }).length,
  }));
}

function entityThreadRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/{id}/threads', ({ path, query, caller }) => {
    const { id } = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    const page = paginated(
      threadsAbout(world, caller, id, query),
      pageWindow(query, pageLimits.threads),
    );
    return { ...page, results: page.results.map((thread) => threadModel(world, thread)) };
  });
  router.post('/repo/v1/entity/threadcounts', ({ caller, body }) => ({
    list: [...new Set(checkedIds(body).map((id) => parseEntityId(id)))]
      .map((id) => ({ entityId: id, count: threadsAbout(world, caller, id).length }))
      // As on the service, an entity without threads is left out.
      .filter(({ count }) => count > 0),
  }));
}

function checkedIds({ idList }: M.EntityIdList): readonly string[] {
  if (idList === undefined) {
    throw badRequest('EntityIdList.list is required.');
  }
  if (idList.length > pageLimits.threads.max) {
    throw badRequest(`The size of entityIdList cannot exceed ${pageLimits.threads.max}`);
  }
  return idList;
}
