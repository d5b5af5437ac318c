import type * as M from '../../generated/models.js';
import type { CallOptions, Services } from '../../generated/services.js';
import { checkAnswer } from '../api/checkAnswer.js';

/** Ids in one request. They are in its address, which servers and proxies limit to 8,000 characters or less. */
const idsAtOnce = 100;

/**
 * The headers of users and teams, with one request for each hundred ids. Those that Synapse does not know are left out.
 *
 * @see https://rest-docs.synapse.org/rest/GET/userGroupHeaders/batch.html
 */
export async function groupHeaders(
  { userProfile }: Services,
  ids: readonly (number | string)[],
  options: CallOptions,
): Promise<M.UserGroupHeader[]> {
  const found: M.UserGroupHeader[] = [];
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const batch = ids.slice(start, start + idsAtOnce).join(',');
    const { children = [] } = checkAnswer(
      'userProfile.listUserGroupHeadersByIds',
      await userProfile.listUserGroupHeadersByIds({ ids: batch }, options),
    );
    found.push(...children);
  }
  return found;
}
