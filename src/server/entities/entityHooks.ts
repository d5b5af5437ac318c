import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import type { World } from '../world.js';
import type { AnnotationMap } from './annotationValues.js';
import type { CurrentEntity, EntityRecord, VersionRecord } from './entityRecords.js';
import type { EntityFields } from './entityTypes.js';

/** A change of an entity. */
export interface EntityChange {
  /**
   * `version`: a new current version was made; `removeVersion`: one was deleted; `trash` and
   * `restore` are reported for the top of the subtree only, `purge` for every purged entity.
   */
  readonly kind: 'create' | 'purge' | 'removeVersion' | 'restore' | 'trash' | 'update' | 'version';
  readonly caller: Caller;
  /** The entity after the change; before it for `purge`. */
  readonly entity: CurrentEntity;
  /** The entity before the change; absent for `create` and `purge`. */
  readonly previous?: CurrentEntity;
}

/** Called inside the transaction of the change: throwing rolls back the change. */
export type EntityListener = (change: EntityChange) => void;

/** Rules and computed fields that another domain adds to a type of entity. */
export interface TypeExtension {
  /** Checks and completes the fields that are about to be stored. @throws ServiceError */
  readonly prepare?: (fields: EntityFields, context: PrepareContext) => EntityFields;
  /** Fields that are computed when the entity is read. */
  readonly complete?: (record: EntityRecord, version: VersionRecord) => EntityFields;
}

/** The arguments of {@link TypeExtension.prepare}. */
export interface PrepareContext {
  readonly caller: Caller;
  /** The current entity; absent when it is being created. */
  readonly previous?: CurrentEntity;
}

/** The parts of a bundle that belong to other domains. */
export type BundlePartName = 'doiAssociation' | 'rootWikiId' | 'tableBundle' | 'threadCount';

/** Computes a part of a bundle; `undefined` omits it. */
export type BundlePart<K extends BundlePartName> = (
  entity: CurrentEntity,
  caller: Caller,
) => M.EntityBundle[K];

/** The access restrictions on the data of an entity, besides the ACL. */
export type RestrictionInformation = Required<
  Omit<M.RestrictionInformationResponse, 'objectId' | 'userEntityPermissions'>
>;

/** The restrictions of an entity for a caller. */
export type RestrictionProvider = (record: EntityRecord, caller: Caller) => RestrictionInformation;

/** The properties of the bound schema that the JSON of an entity depends on. */
export interface AnnotationShape {
  /** Annotations that the schema derives from others. */
  readonly derived: AnnotationMap;
  /** Whether a key is written as an array even with one value. */
  readonly isArray: (key: string) => boolean;
  /**
   * The access requirements that derived annotations name; `'invalid'` where the schema could name
   * some, but the entity does not follow it.
   */
  readonly requirementIds: readonly number[] | 'invalid';
}

/** Finds the {@link AnnotationShape} of an entity that has a schema bound. */
export type ShapeProvider = (entity: CurrentEntity) => AnnotationShape | undefined;

/** Extension points of entities for other domains. Each world has one instance. */
export class EntityHooks {
  readonly #listeners: EntityListener[] = [];
  readonly #extensions = new Map<M.EntityType, TypeExtension[]>();
  readonly #bundleParts = new Map<BundlePartName, BundlePart<BundlePartName>>();
  #restrictions: RestrictionProvider = () => ({
    restrictionLevel: 'OPEN',
    hasUnmetAccessRequirement: false,
    restrictionDetails: [],
  });
  #shapes: ShapeProvider = () => undefined;

  /** Listens to every change of every entity. */
  onChange(listener: EntityListener): void {
    this.#listeners.push(listener);
  }

  /** Calls the listeners. Only for the entities domain. */
  emit(change: EntityChange): void {
    for (const listener of this.#listeners) {
      listener(change);
    }
  }

  /** Adds rules and computed fields to a type. */
  extendType(type: M.EntityType, extension: TypeExtension): void {
    const extensions = this.#extensions.get(type);
    if (extensions === undefined) {
      this.#extensions.set(type, [extension]);
    } else {
      extensions.push(extension);
    }
  }

  /** The fields after every `prepare` of the type. */
  prepare(type: M.EntityType, fields: EntityFields, context: PrepareContext): EntityFields {
    let prepared = fields;
    for (const extension of this.#extensions.get(type) ?? []) {
      prepared = extension.prepare?.(prepared, context) ?? prepared;
    }
    return prepared;
  }

  /** The stored fields with the computed ones of the type. */
  complete(record: EntityRecord, version: VersionRecord): EntityFields {
    let fields = version.fields;
    for (const extension of this.#extensions.get(record.type) ?? []) {
      if (extension.complete !== undefined) {
        fields = { ...fields, ...extension.complete(record, version) };
      }
    }
    return fields;
  }

  /** Defines how a part of the bundle is computed. The last definition is used. */
  defineBundlePart<K extends BundlePartName>(name: K, part: BundlePart<K>): void {
    this.#bundleParts.set(name, part);
  }

  /** A part of the bundle; `undefined` if no domain defines it. */
  bundlePart<K extends BundlePartName>(
    name: K,
    entity: CurrentEntity,
    caller: Caller,
  ): M.EntityBundle[K] {
    const part = this.#bundleParts.get(name) as BundlePart<K> | undefined;
    return part?.(entity, caller);
  }

  /** Sets the provider of restrictions. @default every entity is open */
  defineRestrictions(provider: RestrictionProvider): void {
    this.#restrictions = provider;
  }

  restrictions(record: EntityRecord, caller: Caller): RestrictionInformation {
    return this.#restrictions(record, caller);
  }

  /** Sets the provider of annotation shapes. @default none */
  defineAnnotationShape(provider: ShapeProvider): void {
    this.#shapes = provider;
  }

  annotationShape(entity: CurrentEntity): AnnotationShape | undefined {
    return this.#shapes(entity);
  }
}

const makeHooks = (): EntityHooks => new EntityHooks();

/** The hooks of a world. */
export function entityHooks(world: World): EntityHooks {
  return world.service(makeHooks);
}
