import type { CallOptions, Services } from '../../generated/services.js';
import { userNameOf } from '../values/userName.js';
import { groupHeaders } from './groupHeaders.js';

/** Looks up the names of users, each once. A user without a name is shown by id. */
export class UserNames {
  readonly #services: Services;
  readonly #names = new Map<string, string>();

  constructor({ services }: { services: Services }) {
    this.#services = services;
  }

  /** The names of users by id, with one request for 100 of those that are new. */
  async of(
    ids: readonly (string | undefined)[],
    options: CallOptions = {},
  ): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(ids.filter((id) => id !== undefined));
    const missing = [...wanted].filter((id) => !this.#names.has(id));
    const headers = await groupHeaders(this.#services, missing, options);
    for (const id of missing) this.#names.set(id, id);
    for (const { ownerId, userName, firstName, lastName } of headers) {
      this.#names.set(ownerId, userNameOf({ userName, firstName, lastName, id: ownerId }));
    }
    return this.#names;
  }
}
