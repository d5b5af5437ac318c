import type { CallOptions, Services } from '../../generated/services.js';
import { checkAnswer } from '../api/checkAnswer.js';

/** Looks up the names of users, each once. A user without a name is shown by id. */
export class UserNames {
  readonly #services: Services;
  readonly #names = new Map<string, string>();

  constructor({ services }: { services: Services }) {
    this.#services = services;
  }

  /**
   * The names of users by id, with one request for those that are new.
   * @see https://rest-docs.synapse.org/rest/GET/userGroupHeaders/batch.html
   */
  async of(
    ids: readonly (string | undefined)[],
    options: CallOptions = {},
  ): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(ids.filter((id) => id !== undefined));
    const missing = [...wanted].filter((id) => !this.#names.has(id));
    if (missing.length > 0) {
      const { children = [] } = checkAnswer(
        'userProfile.listUserGroupHeadersByIds',
        await this.#services.userProfile.listUserGroupHeadersByIds(
          { ids: missing.join(',') },
          options,
        ),
      );
      for (const id of missing) this.#names.set(id, id);
      for (const { ownerId = '', userName = '' } of children) this.#names.set(ownerId, userName);
    }
    return this.#names;
  }
}
