import type * as M from '../../../generated/models.js';

/** A storage location that gives out temporary credentials. */
export interface StsLocation {
  /** Absent for AWS. */
  endpointUrl?: string | undefined;
}

/** Tokens of one permission that are kept. */
const maximumTokens = 5000;

/**
 * Temporary credentials by permission and entity, for as long as they are good. They are those of the user who is
 * logged in: {@link clear} forgets them.
 */
export class StsTokens {
  readonly #now: () => number;
  /** Maps keep the order of insertion: the first is the one that was used longest ago. */
  readonly #tokens = new Map<M.StsPermission, Map<string, M.StsCredentials>>();
  #generation = 0;

  /** @param now - Milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Gives the credentials that are kept, or new ones when those end too soon.
   *
   * @param key.minRemainingLife - Milliseconds for which they must be good.
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

  /** Which user's they are: another number after each {@link clear}. */
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

  /** Milliseconds; none for credentials that do not say. */
  #remaining({ expiration = '' }: M.StsCredentials): number {
    const until = Date.parse(expiration);
    return Number.isNaN(until) ? 0 : until - this.#now();
  }
}
