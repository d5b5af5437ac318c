import type * as M from '../../../generated/models.js';
import { notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import type { AnnotationMap } from './annotationValues.js';
import { rootId, trashId } from './entityIds.js';
import { aliasKey } from './entityNames.js';
import type { EntityFields } from './entityTypes.js';

/** The properties of an entity that its versions share. */
export interface EntityRecord {
  /** `syn` and digits. */
  readonly id: string;
  readonly type: M.EntityType;
  readonly name: string;
  readonly parentId: string;
  /** Changes with every write to the entity, its annotations or its ACL. */
  readonly etag: string;
  readonly createdBy: number;
  readonly createdOn: string;
  readonly alias?: string | undefined;
  readonly currentVersion: number;
  /** The highest version number so far; numbers are not reused. */
  readonly lastVersion: number;
  readonly dataType?: DataTypeMark;
}

/** Whether the access committee declared the data of the entity open. */
export interface DataTypeMark {
  readonly dataType: M.DataType;
  readonly updatedBy: number;
  readonly updatedOn: string;
}

/** One version of an entity. */
export interface VersionRecord {
  readonly entityId: string;
  readonly number: number;
  readonly label: string;
  readonly comment?: string | undefined;
  readonly modifiedBy: number;
  readonly modifiedOn: string;
  readonly fields: EntityFields;
  readonly annotations: AnnotationMap;
  readonly activityId?: string | undefined;
  /** MD5 and size of the file, copied from its handle, where they do not change. */
  readonly contentMd5?: string;
  readonly contentSize?: number;
}

/** An entity with its current version. */
export interface CurrentEntity {
  readonly record: EntityRecord;
  readonly version: VersionRecord;
}

interface EntityTables {
  readonly entities: Collection<EntityRecord>;
  readonly versions: Collection<VersionRecord>;
  readonly byParent: Index<EntityRecord>;
  readonly byName: Index<EntityRecord>;
  readonly byAlias: Index<EntityRecord>;
  readonly versionsOf: Index<VersionRecord>;
  readonly versionsByHandle: Index<VersionRecord>;
  readonly versionsByMd5: Index<VersionRecord>;
  readonly versionsByActivity: Index<VersionRecord>;
}

/** The collections of entities and versions with their indexes. */
export function entityTables(world: World): EntityTables {
  return world.service(makeEntityTables);
}

function makeEntityTables({ store }: World): EntityTables {
  const entities = store.collection<EntityRecord>('entities');
  const versions = store.collection<VersionRecord>('entityVersions');
  return {
    entities,
    versions,
    byParent: entities.index('parent', (entity) => entity.parentId),
    byName: entities.index('name', (entity) => nameKey(entity.parentId, entity.name)),
    byAlias: entities.index('alias', (entity) =>
      entity.alias === undefined ? undefined : aliasKey(entity.alias),
    ),
    versionsOf: versions.index('entity', (version) => version.entityId),
    versionsByHandle: versions.index('handle', ({ fields }) =>
      [fields.dataFileHandleId, fields.validationFileHandleId].filter((id) => id !== undefined),
    ),
    versionsByMd5: versions.index('md5', (version) => version.contentMd5?.toLowerCase()),
    versionsByActivity: versions.index('activity', (version) => version.activityId),
  };
}

function nameKey(parentId: string, name: string): string {
  return `${parentId}/${name}`;
}

const beginning = '2010-01-01T00:00:00.000Z';

/** The built-in folders. They cannot be changed, so they are not stored. */
const builtIn: ReadonlyMap<string, CurrentEntity> = new Map(
  [
    { id: rootId, name: 'root' },
    { id: trashId, name: 'trash' },
  ].map(({ id, name }) => [
    id,
    {
      record: {
        id,
        name,
        type: 'folder',
        parentId: '',
        etag: '00000000-0000-0000-0000-000000000000',
        createdBy: 1,
        createdOn: beginning,
        currentVersion: 1,
        lastVersion: 1,
      },
      version: {
        entityId: id,
        number: 1,
        label: '1',
        modifiedBy: 1,
        modifiedOn: beginning,
        fields: {},
        annotations: {},
      },
    },
  ]),
);

/** Whether the id is that of the root or the trash folder. */
export function isBuiltIn(id: string): boolean {
  return builtIn.has(id);
}

/** The entity with this id (`syn123`), in the trash or not. */
export function findEntityRecord(world: World, id: string): EntityRecord | undefined {
  return entityTables(world).entities.get(id) ?? builtIn.get(id)?.record;
}

/** The entity with this id (`syn123`), in the trash or not. @throws 404 when there is none. */
export function getEntityRecord(world: World, id: string): EntityRecord {
  const record = findEntityRecord(world, id);
  if (record === undefined) {
    throw notFound(`Resource: '${id}' does not exist`);
  }
  return record;
}

/** A version of an entity. */
export function findVersionRecord(
  world: World,
  id: string,
  number: number,
): VersionRecord | undefined {
  return (
    entityTables(world).versions.get(versionKey(id, number)) ??
    (number === 1 ? builtIn.get(id)?.version : undefined)
  );
}

/** A version of an entity; the current one when no number is given. @throws 404 when there is none. */
export function getVersionRecord(
  world: World,
  record: EntityRecord,
  number: number = record.currentVersion,
): VersionRecord {
  const version = findVersionRecord(world, record.id, number);
  if (version === undefined) {
    throw notFound(`Cannot find a node with id ${record.id} and version ${number}`);
  }
  return version;
}

/** Every version of an entity, newest first. */
export function versionsNewestFirst(world: World, id: string): VersionRecord[] {
  return entityTables(world)
    .versionsOf.find(id)
    .sort((a, b) => b.number - a.number);
}

/** The id that a version is stored under. */
export function versionKey(id: string, number: number): string {
  return `${id}.${number}`;
}

/** The direct children of a container, in no particular order. */
export function childrenOf(world: World, parentId: string): EntityRecord[] {
  return entityTables(world).byParent.find(parentId);
}

/** The child with exactly this name. */
export function findChild(world: World, parentId: string, name: string): EntityRecord | undefined {
  return entityTables(world).byName.first(nameKey(parentId, name));
}

/** The entity itself and everything below it, parents before children. */
export function* subtreeOf(world: World, record: EntityRecord): IterableIterator<EntityRecord> {
  const pending = [record];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    pending.push(...childrenOf(world, next.id));
  }
}

/** From the root down to the entity itself. */
export function pathOf(world: World, record: EntityRecord): EntityRecord[] {
  const path = [record];
  for (
    let parent = findEntityRecord(world, record.parentId);
    parent !== undefined;
    parent = findEntityRecord(world, parent.parentId)
  ) {
    path.push(parent);
  }
  return path.reverse();
}
