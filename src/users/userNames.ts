import type { CallOptions, Services } from '../../generated/services.js';
import { checkAnswer } from '../api/checkAnswer.js';

/** Ids in one request. They are in its address, which servers and proxies limit to 8,000 characters or less. */
const idsAtOnce = 100;

/** Looks up the names of users, each once. A user without a name is shown by id. */
export class UserNames {
  readonly #services: Services;
  readonly #names = new Map<string, string>();

  constructor({ services }: { services: Services }) {
    this.#services = services;
  }

  /**
   * The names of users by id, with one request for 100 of those that are new.
   * @see https://rest-docs.synapse.org/rest/GET/userGroupHeaders/batch.html
   */
  async of(
    ids: readonly (string | undefined)[],
    options: CallOptions = {},
  ): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(ids.filter((id) => id !== undefined));
    const missing = [...wanted].filter((id) => !this.#names.has(id));
    for (let start = 0; start < missing.length; start += idsAtOnce) {
      await this.#read(missing.slice(start, start + idsAtOnce), options);
    }
    return this.#names;
  }

  async #read(ids: readonly string[], options: CallOptions): Promise<void> {
    const { children = [] } = checkAnswer(
      'userProfile.listUserGroupHeadersByIds',
      await this.#services.userProfile.listUserGroupHeadersByIds({ ids: ids.join(',') }, options),
    );
    for (const id of ids) this.#names.set(id, id);
    for (const { ownerId = '', userName = '' } of children) this.#names.set(ownerId, userName);
  }
}
