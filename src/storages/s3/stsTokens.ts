import type * as M from '../../../generated/models.js';

/** A storage location that issues temporary credentials. */
export interface StsLocation {
  /** Absent for AWS. */
  endpointUrl?: string | undefined;
}

/** Maximum number of cached tokens for each permission. */
const maximumTokens = 5000;

/**
 * A cache of temporary credentials by permission and entity, until they expire. They belong to the user who is
 * logged in; {@link clear} removes them.
 */
export class StsTokens {
  readonly #now: () => number;
  /** Maps keep the insertion order: the first entry is the least recently used. */
  readonly #tokens = new Map<M.StsPermission, Map<string, M.StsCredentials>>();
  #generation = 0;

  /** @param now - Milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Returns the cached credentials, or new ones if those expire too soon.
   *
   * @param key.minRemainingLife - Minimum remaining lifetime in milliseconds.
   * @param fetch - Gets new ones.
   */
  async get(
    key: { entityId: string; permission: M.StsPermission; minRemainingLife: number },
    fetch: () => Promise<M.StsCredentials>,
  ): Promise<M.StsCredentials> {
    const { entityId, permission, minRemainingLife } = key;
    const kept = this.#tokens.get(permission)?.get(entityId);
    if (kept !== undefined && this.#remaining(kept) >= minRemainingLife) {
      this.#keep(permission, entityId, kept);
      return kept;
    }
    const generation = this.#generation;
    const token = await fetch();
    if (generation === this.#generation) this.#keep(permission, entityId, token);
    return token;
  }

  /** Identifies the user: each {@link clear} increases the number. */
  get generation(): number {
    return this.#generation;
  }

  clear(): void {
    this.#generation += 1;
    this.#tokens.clear();
  }

  #keep(permission: M.StsPermission, entityId: string, token: M.StsCredentials): void {
    const tokens = this.#tokens.get(permission) ?? new Map<string, M.StsCredentials>();
    this.#tokens.set(permission, tokens);
    tokens.delete(entityId);
    tokens.set(entityId, token);
    if (tokens.size <= maximumTokens) return;
    for (const [id, other] of tokens) {
      if (this.#remaining(other) <= 0) tokens.delete(id);
    }
    for (const id of tokens.keys()) {
      if (tokens.size <= maximumTokens) break;
      tokens.delete(id);
    }
  }

  /** Milliseconds; 0 for credentials without an expiration time. */
  #remaining({ expiration = '' }: M.StsCredentials): number {
    const until = Date.parse(expiration);
    return Number.isNaN(until) ? 0 : until - this.#now();
  }
}
