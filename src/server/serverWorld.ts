import { randomUUID } from 'node:crypto';

import { AccessTokens } from './auth/accessTokens.js';
import { Conditions } from './conditions/conditions.js';
import type { Blobs } from './files/blobs.js';
import { Files } from './files/files.js';
import { JobService } from './jobs/jobService.js';
import type { Problems } from './kernel/problems.js';
import { storageFull } from './kernel/serviceError.js';
import type { LocalSynapseOptions } from './options.js';
import type { Journal } from './state/journal.js';
import type { Keys } from './state/keyFile.js';
import { Store } from './state/store.js';
import { groupsOf } from './users/memberships.js';
import type { World } from './world.js';

/** The parts of a world. */
export interface WorldParts {
  readonly options: LocalSynapseOptions;
  readonly keys: Keys;
  readonly blobs: Blobs;
  readonly journal: Journal | undefined;
  readonly problems: Problems;
  /** The server's address, without a slash at the end. */
  readonly base: string;
}

/** The implementation of {@link World}, with the methods that only the kernel calls. */
export class ServerWorld implements World {
  readonly options: LocalSynapseOptions;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly files: Files;
  readonly urls: World['urls'];
  readonly tokens: AccessTokens;
  readonly jobs: JobService;
  readonly conditions: Conditions;
  readonly #keys: Keys;
  readonly #services = new Map<unknown, unknown>();
  readonly #releases: (() => Promise<void>)[] = [];
  #isServing = false;

  constructor({ options, keys, blobs, journal, problems, base }: WorldParts) {
    this.options = options;
    this.blobs = blobs;
    this.#keys = keys;
    this.urls = { base: () => base };
    this.conditions = new Conditions(options.conditions);
    this.store = new Store({
      strict: options.strict ?? false,
      write: (commit) => {
        if (this.conditions.diskFull && this.#isServing) {
          throw storageFull();
        }
        journal?.write(commit);
      },
    });
    journal?.load(this.store);
    this.tokens = new AccessTokens(this, keys);
    this.jobs = new JobService(this, problems);
    this.files = new Files(this);
  }

  now(): Date {
    return this.options.now?.() ?? new Date();
  }

  timestamp(): string {
    return this.now().toISOString();
  }

  uuid(): string {
    return randomUUID();
  }

  secret(purpose: string): Buffer {
    return this.#keys.secret(purpose);
  }

  /** Applies the conditions from now on. Writes during the start succeed under any conditions. */
  beginServing(): void {
    this.#isServing = true;
  }

  service<T>(make: (world: World) => T): T {
    if (!this.#services.has(make)) {
      this.#services.set(make, make(this));
    }
    // `make` returned it, so it has its type.
    return this.#services.get(make) as T;
  }

  onClose(release: () => Promise<void>): void {
    this.#releases.push(release);
  }

  /** Closes the resources of the domains. */
  async close(): Promise<void> {
    await Promise.all(this.#releases.map((release) => release()));
  }

  groupsOf(userId: number): ReadonlySet<number> {
    return groupsOf(this, userId);
  }
}
