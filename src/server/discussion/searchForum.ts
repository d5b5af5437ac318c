import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { activeReplies, discussionTables } from './discussionRecords.js';
import { passes, readableForum } from './forums.js';

/** Length of the shortest search, and of the shortest word that is searched for. */
const minLength = 3;

/**
 * The posts of a forum in which any word of the search occurs as a whole.
 *
 * @throws 404, 403, 400
 * @see https://rest-docs.synapse.org/rest/POST/forum/forumId/search.html
 */
export function searchForum(
  world: World,
  caller: Caller,
  forumId: string,
  searchString: string | undefined,
): M.Match[] {
  const search = checkedSearch(searchString);
  const forum = readableForum(world, caller, forumId);
  const wanted = new Set(wordsOf(search).filter(({ length }) => length >= minLength));
  const matches = (text: string) => wordsOf(text).some((word) => wanted.has(word));
  return discussionTables(world)
    .threadsOf.find(forum.id)
    .filter(passes('EXCLUDE_DELETED'))
    .flatMap((thread) => {
      const place = { forumId: forum.id, threadId: thread.id };
      const inReplies = activeReplies(world, thread.id)
        .filter(({ markdown }) => matches(markdown))
        .map(({ id }) => ({ ...place, replyId: id }));
      return matches(`${thread.title}\n${thread.markdown}`) ? [place, ...inReplies] : inReplies;
    });
}

function checkedSearch(searchString: string | undefined): string {
  const title = 'The request.searchString';
  if (searchString === undefined || searchString === '') {
    throw badRequest(`${title} is required and must not be the empty string.`);
  }
  const search = searchString.trim();
  if (search === '') {
    throw badRequest(`${title} is required and must not be a blank string.`);
  }
  if (search.length < minLength) {
    throw badRequest(`The search string should be at least ${minLength} characters.`);
  }
  return search;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_']+/gu) ?? [];
}
