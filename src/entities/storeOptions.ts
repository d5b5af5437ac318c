import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { AnyActivity, UsedInput } from '../provenance/activity.js';

/** Options for storing an entity. */
export interface StoreOptions extends CommonOptions {
  /**
   * Whether to update an existing entity with the same name in the same container. Otherwise storing fails.
   * @default true
   */
  createOrUpdate?: boolean;
  /**
   * Whether a change of a file's properties (not of its annotations) creates a new version. New content always
   * does. An unchanged file never gets a new version.
   * @default true
   */
  forceVersion?: boolean;
  /**
   * Whether a name that Synapse does not accept is replaced by a similar one that it does. A file keeps its original name in
   * its file handle, and gets it back when it is downloaded. Otherwise storing fails.
   * @default false
   */
  safeNames?: boolean;
  /** Label of the stored version. @default its number */
  versionLabel?: string;
  /** Comment of the stored version. */
  versionComment?: string;
  /**
   * Whether to add the annotations of a new object to those of the entity, rather than replace them.
   * An object that was read from Synapse has all annotations and always replaces them.
   * @default true
   */
  mergeAnnotations?: boolean;
  /** Whether to restrict access to the entity until its conditions of use are defined. @default false */
  isRestricted?: boolean;
  /** The activity that generated the entity. Alternatively, use the following options. */
  activity?: AnyActivity;
  /** What was used to generate the entity: entities, Synapse ids, URLs. */
  used?: UsedInput | readonly UsedInput[];
  /** What was executed to generate the entity: entities, Synapse ids, URLs. */
  executed?: UsedInput | readonly UsedInput[];
  /**
   * Whether a new version that no activity is given for keeps the activity of the version before. Otherwise it has none.
   * @default false
   */
  associateActivityToNewVersion?: boolean;
  activityName?: string;
  activityDescription?: string;
}

/**
 * The activity that the options describe.
 *
 * @throws {@link ArgumentError} when they describe two activities.
 */
export function activityOf(options: StoreOptions): AnyActivity | undefined {
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
