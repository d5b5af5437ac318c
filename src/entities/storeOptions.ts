import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { ActivityInput, UsedInput } from '../provenance/activity.js';

/** How to store an entity. */
export interface StoreOptions extends CommonOptions {
  /**
   * Whether an entity of that name in that container is changed, rather than an error.
   * @default true
   */
  createOrUpdate?: boolean;
  /**
   * Whether a change of a file's own members (not of its annotations) makes a new version. New content always
   * does; a file that has not changed never gets one.
   * @default true
   */
  forceVersion?: boolean;
  /** Label of the version that is stored. @default its number */
  versionLabel?: string;
  /** Comment on the version that is stored. */
  versionComment?: string;
  /**
   * Whether a new object's annotations are added to those that the entity has, rather than put in their place.
   * An object that was read from Synapse has all of them, and always puts them in their place.
   * @default true
   */
  mergeAnnotations?: boolean;
  /** Whether the entity is closed until its conditions of use are settled. @default false */
  isRestricted?: boolean;
  /** What made the entity; or say it with the options that follow. */
  activity?: ActivityInput | M.Activity;
  /** What was used to make the entity: entities, Synapse ids, URLs. */
  used?: UsedInput | readonly UsedInput[];
  /** What was executed to make the entity: entities, Synapse ids, URLs. */
  executed?: UsedInput | readonly UsedInput[];
  activityName?: string;
  activityDescription?: string;
}

/**
 * The activity that the options ask for.
 *
 * @throws {@link ArgumentError} when they ask for two.
 */
export function activityOf(options: StoreOptions): ActivityInput | M.Activity | undefined {
  const {
    activity,
    used,
    executed,
    activityName: name,
    activityDescription: description,
  } = options;
  const members = { name, description, used, executed };
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  if (activity === undefined) return given.length === 0 ? undefined : Object.fromEntries(given);
  if (given.length > 0) {
    throw new ArgumentError(
      'Pass either activity, or used, executed, activityName and activityDescription, not both.',
    );
  }
  return activity;
}
