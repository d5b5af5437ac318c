import { toActivity, type AnyActivity } from '../provenance/activity.js';
import { Activity } from '../provenance/activityClass.js';
import { idOf } from '../values/ids.js';
import {
  annotationList,
  type Annotations,
  type AnnotationValue,
  type TypedAnnotation,
} from './annotationValues.js';

/** A container: its id, or a stored object. */
export type Parent = string | { id?: string | undefined };

/** Annotations of a new entity: each key has a value, a list of values of one type, or values with their type. */
export type AnnotationsOf = Readonly<
  Record<string, AnnotationValue | readonly AnnotationValue[] | TypedAnnotation>
>;

/** The initial properties of an entity. */
export interface EntityInit {
  /** The id of an existing entity, which storing updates. */
  id?: string;
  name?: string;
  description?: string;
  /** The container; the same as `parentId`. */
  parent?: Parent;
  parentId?: string;
  annotations?: AnnotationsOf;
  /** The activity that generated it, which is stored with it. */
  activity?: AnyActivity;
}

/** The properties of all entities. Those that Synapse sets are absent before the entity is stored. */
export abstract class BaseEntity {
  abstract readonly concreteType: string;
  declare id?: string;
  declare name?: string;
  declare description?: string;
  declare parentId?: string;
  declare etag?: string;
  /** ISO 8601, UTC. */
  declare createdOn?: string;
  /** User id. */
  declare createdBy?: string;
  /** ISO 8601, UTC. */
  declare modifiedOn?: string;
  /** User id. */
  declare modifiedBy?: string;
  /** Each key has a list of values of one type. */
  annotations: Annotations = {};
  /**
   * The activity that generated this version. A new or changed one is stored with the entity. Absent unless it was given, or read with
   * `includeActivity`.
   */
  declare activity?: Activity;

  constructor(init: EntityInit = {}) {
    const { parent, annotations, activity, ...properties } = init;
    setMembers(this, properties);
    if (parent !== undefined) this.parentId = idOf(parent);
    if (activity !== undefined) {
      this.activity = activity instanceof Activity ? activity : new Activity(toActivity(activity));
    }
    if (annotations === undefined) return;
    // Unlike an assignment, this keeps the key `__proto__`.
    this.annotations = Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [key, annotationList(key, value)]),
    );
  }
}

/** Sets members of an entity. Unlike `Object.assign`, it cannot change what the object is: `__proto__` is a name like any other. */
export function setMembers(entity: object, members: object): void {
  if (!Object.hasOwn(members, '__proto__')) Object.assign(entity, members);
  else Object.defineProperties(entity, Object.getOwnPropertyDescriptors(members));
}
