import type * as M from '../../../../generated/models.js';
import { findOwnAcl } from '../../access/entityAcls.js';
import { requireAccess } from '../../access/requireAccess.js';
import { checkAnnotations } from '../../entities/annotationValues.js';
import { storeAnnotations } from '../../entities/entityAnnotations.js';
import { entityHooks } from '../../entities/entityHooks.js';
import { numericId, parseEntityId, rootId, trashId } from '../../entities/entityIds.js';
import {
  childrenOf,
  findEntityRecord,
  findVersionRecord,
  getVersionRecord,
  type EntityRecord,
  type VersionRecord,
} from '../../entities/entityRecords.js';
import type { EntityFields } from '../../entities/entityTypes.js';
import { checkEtag } from '../../entities/entityWrites.js';
import { viewTypeMaskOf } from '../../entities/typeRules.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { World } from '../../world.js';
import { entityFields } from './objectFields.js';
import { withChanges, type ViewKind, type ViewObject } from './viewKind.js';

/** Types of entities by the bits of the mask of a view. */
const maskTypes: readonly (readonly [number, M.EntityType])[] = [
  [0x1, 'file'],
  [0x2, 'project'],
  [0x4, 'table'],
  [0x8, 'folder'],
  [0x10, 'entityview'],
  [0x20, 'dockerrepo'],
  [0x40, 'submissionview'],
  [0x80, 'dataset'],
  [0x100, 'datasetcollection'],
  [0x200, 'materializedview'],
];

/** The mask of projects. The scope of such a view contains the projects themselves. */
const projectMask = 0x2;

/** @throws 400 for an invalid mask */
export function checkMask(fields: EntityFields): void {
  const mask = viewTypeMaskOf(fields);
  if ((mask & projectMask) !== 0 && mask !== projectMask) {
    throw badRequest('The Project type cannot be combined with any other type.');
  }
}

/** The properties of an entity that depend on its containers. */
interface Place {
  /** Path of names from the project, separated by slashes. */
  readonly path: string;
  readonly projectId: string | undefined;
  /** Benefactor of the entity. */
  readonly benefactor: string;
}

/** Finds the location of entities. Results are cached by container. */
class Places {
  readonly #world: World;
  readonly #known = new Map<string, Place>();

  constructor(world: World) {
    this.#world = world;
    this.#known.set(rootId, { path: '', projectId: undefined, benefactor: rootId });
    this.#known.set(trashId, { path: '', projectId: undefined, benefactor: trashId });
  }

  of(record: EntityRecord): Place {
    const parent = this.#ofContainer(record.parentId);
    const { id, name, type } = record;
    const isOwn = parent.benefactor !== trashId && findOwnAcl(this.#world, id) !== undefined;
    return {
      path: parent.path === '' ? name : `${parent.path}/${name}`,
      projectId: type === 'project' ? id : parent.projectId,
      benefactor: isOwn ? id : parent.benefactor,
    };
  }

  #ofContainer(id: string): Place {
    const known = this.#known.get(id);
    if (known !== undefined) {
      return known;
    }
    const record = findEntityRecord(this.#world, id);
    const place =
      record === undefined
        ? { path: '', projectId: undefined, benefactor: trashId }
        : this.of(record);
    this.#known.set(id, place);
    return place;
  }
}

/** An entity in one version as a row. */
class EntityObject implements ViewObject {
  readonly id: number;
  readonly version: number;
  readonly etag: string;
  readonly benefactor: number;
  readonly signature: string;
  readonly #world: World;
  readonly #record: EntityRecord;
  readonly #version: VersionRecord;
  readonly #place: Place;
  readonly #derived: VersionRecord['annotations'] | undefined;

  constructor(world: World, record: EntityRecord, version: VersionRecord, place: Place) {
    this.#world = world;
    this.#record = record;
    this.#version = version;
    this.#place = place;
    this.id = numericId(record.id);
    this.version = version.number;
    this.etag = record.etag;
    this.benefactor = numericId(place.benefactor);
    this.#derived = entityHooks(world).annotationShape({ record, version })?.derived;
    const rest = this.#derived === undefined ? '' : JSON.stringify(this.#derived);
    this.signature = `${record.etag}|${version.number}|${this.benefactor}|${place.path}|${rest}`;
  }

  get ownAnnotations(): VersionRecord['annotations'] {
    return this.#version.annotations;
  }

  get annotations(): VersionRecord['annotations'] {
    return { ...this.#derived, ...this.#version.annotations };
  }

  field(name: string): string | null {
    const value = this.#field(name);
    return value === undefined ? null : String(value);
  }

  #field(name: string): number | string | undefined {
    const record = this.#record;
    const version = this.#version;
    switch (name) {
      case 'id':
      case 'name':
      case 'etag':
      case 'createdBy':
      case 'parentId':
      case 'type':
        return record[name];
      case 'description':
        return version.fields.description;
      case 'createdOn':
        return Date.parse(record.createdOn);
      case 'modifiedOn':
        return Date.parse(version.modifiedOn);
      case 'modifiedBy':
        return version.modifiedBy;
      case 'path':
        return this.#place.path;
      case 'currentVersion':
        return version.number;
      case 'benefactorId':
        return this.#place.benefactor;
      case 'projectId':
        return this.#place.projectId;
      case 'datasetSizeInBytes':
        return version.fields.size;
      case 'datasetMD5Hex':
        return version.fields.checksum;
      case 'datasetItemCount':
        return version.fields.count;
      default:
        return this.#fileField(name);
    }
  }

  #fileField(name: string): number | string | undefined {
    const handleId = this.#version.fields.dataFileHandleId;
    if (name === 'dataFileHandleId' || handleId === undefined) {
      return handleId;
    }
    const handle: M.FileHandle | undefined = this.#world.files.find(handleId);
    switch (name) {
      case 'dataFileName':
        return handle?.fileName;
      case 'dataFileSizeBytes':
        return handle?.contentSize;
      case 'dataFileMD5Hex':
        return handle?.contentMd5;
      case 'dataFileConcreteType':
        return handle?.concreteType;
      case 'dataFileBucket':
        return textMember(handle, 'bucketName');
      case 'dataFileKey':
        return textMember(handle, 'key') ?? textMember(handle, 'fileKey');
      default:
        return undefined;
    }
  }
}

/** A property that only some types of handles have. */
function textMember(handle: M.FileHandle | undefined, name: string): string | undefined {
  const value: unknown = Object.entries(handle ?? {}).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

/** The entities in the scope of a view. */
function* entitiesInScope(world: World, fields: EntityFields): Generator<EntityRecord> {
  const mask = viewTypeMaskOf(fields);
  const scope = (fields.scopeIds ?? []).map(parseEntityId);
  if (mask === projectMask) {
    for (const id of new Set(scope)) {
      const record = findEntityRecord(world, id);
      if (record?.type === 'project') {
        yield record;
      }
    }
    return;
  }
  const types = new Set(maskTypes.filter(([bit]) => (mask & bit) !== 0).map(([, type]) => type));
  const seen = new Set<string>();
  const pending = [...scope];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) {
      continue;
    }
    seen.add(id);
    for (const child of childrenOf(world, id)) {
      if (types.has(child.type)) {
        yield child;
      }
      if (child.type === 'folder' || child.type === 'project') {
        pending.push(child.id);
      }
    }
  }
}

function* scopedObjects(world: World, fields: EntityFields): Generator<ViewObject> {
  const places = new Places(world);
  for (const record of entitiesInScope(world, fields)) {
    const place = places.of(record);
    if (place.benefactor !== trashId) {
      yield new EntityObject(world, record, getVersionRecord(world, record), place);
    }
  }
}

/** The items of a dataset or a dataset collection, each in its version. */
function* itemObjects(world: World, fields: EntityFields): Generator<ViewObject> {
  const places = new Places(world);
  for (const { entityId = '', versionNumber = 0 } of fields.items ?? []) {
    const record = findEntityRecord(world, entityId);
    const version = record && findVersionRecord(world, record.id, versionNumber);
    if (record !== undefined && version !== undefined) {
      const place = places.of(record);
      if (place.benefactor !== trashId) {
        yield new EntityObject(world, record, version, place);
      }
    }
  }
}

const entityKind: Omit<ViewKind, 'emptyReason' | 'objects'> = {
  fields: entityFields,
  reserved: new Set(),
  benefactorOf: (world, id) => {
    const record = findEntityRecord(world, `syn${id}`);
    return record && numericId(new Places(world).of(record).benefactor);
  },
  annotate: (world, caller, { id, etag }, changes) => {
    const record = requireAccess(world, caller, `syn${id}`, 'UPDATE');
    checkEtag(record, etag);
    const { annotations } = getVersionRecord(world, record);
    storeAnnotations(world, caller, record, checkAnnotations(withChanges(annotations, changes)));
  },
};

/** Views of entities in containers. */
export const scopeKind: ViewKind = {
  ...entityKind,
  objects: scopedObjects,
  emptyReason: ({ scopeIds = [] }) =>
    scopeIds.length === 0 ? 'You cannot create a version of a view that has no scope.' : undefined,
};

/** Datasets and dataset collections. */
function itemsKind(emptyReason: string): ViewKind {
  return {
    ...entityKind,
    objects: itemObjects,
    emptyReason: ({ items = [] }) => (items.length === 0 ? emptyReason : undefined),
  };
}

export const datasetKind = itemsKind(
  'You cannot create a version of an empty Dataset. Add files to this Dataset before creating a version.',
);

export const collectionKind = itemsKind(
  'You cannot create a version of an empty Dataset Collection. Add Datasets to this Dataset Collection before creating a version.',
);
