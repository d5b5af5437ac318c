import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { containerOf, idOf, type Identified } from '../values/ids.js';

/** A forum, or the project that it belongs to: an id, or an object. */
export type ForumRef = Identified;

/**
 * The id of a forum. That of a project is looked up.
 *
 * @throws {@link ArgumentError} for what is neither a forum nor a project.
 */
export async function forumIdOf(
  ctx: Context,
  forum: ForumRef,
  options: CallOptions,
): Promise<string> {
  const id = idOf(forum).trim();
  if (/^\d+$/.test(id)) return id;
  return (await getForum(ctx, forum, options)).id;
}

/** A forum of a project. */
export interface DiscussionForum extends M.Forum {
  id: string;
  projectId: string;
}

/** Implements {@link Discussions.forum}. */
export async function getForum(
  ctx: Context,
  forum: ForumRef,
  options: CallOptions = {},
): Promise<DiscussionForum> {
  const { discussion } = ctx.services;
  const forumId = idOf(forum).trim();
  const found = /^\d+$/.test(forumId)
    ? await discussion.getForum({ forumId }, options)
    : await discussion.getProjectForum({ projectId: containerOf(forum) }, options);
  return { ...found, id: found.id ?? '', projectId: found.projectId ?? '' };
}
