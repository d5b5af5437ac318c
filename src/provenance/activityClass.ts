import type * as M from '../../generated/models.js';
import { stringifyJson } from '../values/json.js';
import { versionOf } from '../values/ids.js';
import {
  isWireActivity,
  toActivity,
  usedEntity,
  usedList,
  usedUrl,
  type ActivityInput,
  type ActivityObject,
  type UsedInput,
  type UsedTarget,
} from './activity.js';

/** Details of a {@link UsedEntity}. */
export interface UsedEntityInit {
  /** @default the version in the target, else the current one when it is stored */
  version?: number;
  /** Whether it was executed, rather than used. @default false */
  wasExecuted?: boolean;
}

/**
 * An entity that an activity used or executed, in the form of the API.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/provenance/UsedEntity.html
 */
export class UsedEntity implements M.UsedEntity {
  readonly concreteType = usedEntity;
  reference: M.Reference & { targetId: string };
  wasExecuted: boolean;

  /**
   * @param target - An id (`syn1`, `syn1.4`), or a stored entity with its version.
   * @throws {@link ArgumentError} when the target is no entity.
   */
  constructor(target: UsedTarget, { version, wasExecuted = false }: UsedEntityInit = {}) {
    const { id, version: wanted } = versionOf(target, version, { ownVersion: true });
    this.reference = {
      targetId: id,
      ...(wanted !== undefined && { targetVersionNumber: wanted }),
    };
    this.wasExecuted = wasExecuted;
  }

  /** The item as manifests have it: `syn1.4`, or `syn1`. */
  toManifest(): string {
    const { targetId, targetVersionNumber: version } = this.reference;
    return version === undefined ? targetId : `${targetId}.${version}`;
  }
}

/** Details of a {@link UsedURL}. */
export interface UsedURLInit {
  /** The name to display. */
  name?: string;
  /** Whether it was executed, rather than used. @default false */
  wasExecuted?: boolean;
}

/**
 * A URL that an activity used or executed, such as that of a commit, in the form of the API.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/provenance/UsedURL.html
 */
export class UsedURL implements M.UsedURL {
  readonly concreteType = usedUrl;
  url: string;
  declare name?: string;
  wasExecuted: boolean;

  constructor(url: string, { name, wasExecuted = false }: UsedURLInit = {}) {
    this.url = url;
    if (name !== undefined) this.name = name;
    this.wasExecuted = wasExecuted;
  }

  /** The item as manifests have it: the URL, since a name leads nowhere. */
  toManifest(): string {
    return this.url;
  }
}

/**
 * A step of an analysis: what it used and executed. It can be given wherever an activity can, and to several entities, which then share
 * it. Storing it gives it an id; storing it again after a change updates it for all of them.
 *
 * @example
 * const activity = new Activity({ name: 'Quality control', used: ['syn1.2'] })
 *   .used('syn2.1', 'https://example.org/reads.csv')
 *   .executed('https://github.com/example/pipeline/blob/v1.0/quality.R');
 * await syn.store(new File({ path: 'passed.csv', parent: 'syn3' }), { activity });
 *
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/provenance/Activity.html
 */
export class Activity implements ActivityObject {
  declare id?: string;
  declare name?: string;
  declare description?: string;
  declare etag?: string;
  /** ISO 8601, UTC. */
  declare createdOn?: string;
  /** User id. */
  declare createdBy?: string;
  /** ISO 8601, UTC. */
  declare modifiedOn?: string;
  /** User id. */
  declare modifiedBy?: string;
  /** What was used and executed. */
  items: (UsedEntity | UsedURL)[] = [];
  /** Items of kinds that this version of the client does not know. They are kept. */
  #others: M.Used[] = [];
  #stored: string | undefined;

  /**
   * @param init - A plain object, or an activity that was read: `new Activity(await syn.getProvenance('syn1'))`.
   * @throws {@link ArgumentError} for a used item that is neither an entity nor a URL.
   */
  constructor(init: ActivityInput | M.Activity = {}) {
    const activity = isWireActivity(init) ? init : toActivity(init);
    this.#takeMembers(activity);
    this.#take(activity.used ?? []);
  }

  /**
   * Adds what was used: entities, ids, URLs.
   *
   * @throws {@link ArgumentError} for what is neither an entity nor a URL.
   */
  used(...items: (UsedInput | readonly UsedInput[])[]): this {
    return this.#add(items, false);
  }

  /**
   * Adds what was executed: entities, ids, URLs.
   *
   * @throws {@link ArgumentError} for what is neither an entity nor a URL.
   */
  executed(...items: (UsedInput | readonly UsedInput[])[]): this {
    return this.#add(items, true);
  }

  /** Whether Synapse has the activity as it is, as far as this object knows. */
  get isStored(): boolean {
    return this.#stored !== undefined && this.#stored === stringifyJson(this.toJSON());
  }

  /** The activity in the form of the API, which has one list for used and executed items. */
  toJSON(): M.Activity {
    const { items, ...members } = this;
    const given = Object.entries(members).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(given), used: [...items, ...this.#others] };
  }

  /** Takes over what Synapse has now, as {@link Provenance.set} and {@link Synapse.store} do. */
  remember(stored: M.Activity): void {
    this.#takeMembers(stored);
    this.items = [];
    this.#others = [];
    this.#take(stored.used ?? []);
    this.#stored = stringifyJson(this.toJSON());
  }

  #add(items: readonly (UsedInput | readonly UsedInput[])[], wasExecuted: boolean): this {
    this.#take(items.flatMap((each) => usedList(each, wasExecuted)));
    return this;
  }

  #takeMembers(activity: M.Activity): void {
    for (const key of memberNames) {
      if (activity[key] !== undefined) this[key] = activity[key];
    }
  }

  #take(used: readonly M.Used[]): void {
    for (const each of used) {
      const item = itemOf(each);
      if (item === undefined) this.#others.push(each);
      else this.items.push(item);
    }
  }
}

const memberNames = [
  'id',
  'name',
  'description',
  'etag',
  'createdOn',
  'createdBy',
  'modifiedOn',
  'modifiedBy',
] as const;

function itemOf(used: M.Used): UsedEntity | UsedURL | undefined {
  const { wasExecuted } = used;
  if (used.concreteType === usedUrl && used.url !== undefined) {
    return new UsedURL(used.url, { name: used.name, wasExecuted });
  }
  const { targetId, targetVersionNumber } = ('reference' in used && used.reference) || {};
  if (targetId === undefined) return undefined;
  return new UsedEntity(targetId, { version: targetVersionNumber ?? undefined, wasExecuted });
}
