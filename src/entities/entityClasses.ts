import type * as M from '../../generated/models.js';
import { entityVersionOf, idOf } from '../values/ids.js';
import { annotationValues, type Annotations, type AnnotationValue } from './annotationValues.js';

/** A container, by its id or as an object that has been stored. */
export type Parent = string | { id?: string | undefined };

/** Annotations of a new entity: each key has a value, or a list of values of one type. */
export type AnnotationsOf = Readonly<Record<string, AnnotationValue | readonly AnnotationValue[]>>;

/** What any entity can be made with. */
export interface EntityInit {
  /** Of an entity that exists: storing changes it. */
  id?: string;
  name?: string;
  description?: string;
  /** The container; the same as `parentId`. */
  parent?: Parent;
  parentId?: string;
  annotations?: AnnotationsOf;
}

/** What all entities have. Members that Synapse sets are absent before the entity is stored. */
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

  constructor(init: EntityInit = {}) {
    const { parent, annotations, ...properties } = init;
    Object.assign(this, properties);
    if (parent !== undefined) this.parentId = idOf(parent);
    for (const [key, value] of Object.entries(annotations ?? {})) {
      this.annotations[key] = [...annotationValues(value)];
    }
  }
}

/** What a {@link Project} can be made with. */
export interface ProjectInit extends EntityInit {
  alias?: string;
}

/**
 * The outermost container.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/Project.html
 */
export class Project extends BaseEntity {
  readonly concreteType = 'org.sagebionetworks.repo.model.Project';
  /** The name in the web address; unique in all of Synapse. */
  declare alias?: string;

  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- it narrows the parameter
  constructor(init?: ProjectInit) {
    super(init);
  }
}

/**
 * A container in a project or a folder.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/Folder.html
 */
export class Folder extends BaseEntity {
  readonly concreteType = 'org.sagebionetworks.repo.model.Folder';
}

/** Content as it comes: a `Readable` of Node, a web `ReadableStream`, a generator. */
export type StreamOfBytes = AsyncIterable<Uint8Array>;

/** What a {@link File} can be made with. */
export interface FileInit extends EntityInit {
  /** The local file to upload; a URL here is the same as `externalUrl`. */
  path?: string;
  /** The content as a stream of bytes, in place of `path`; it is read once, by the next store. Needs `name` or `id`. */
  stream?: StreamOfBytes;
  /** A file that stays where it is, by its address. */
  externalUrl?: string;
  /** The content, by a file handle that has been made already. */
  dataFileHandleId?: string;
  /**
   * Whether the local file is uploaded; else Synapse keeps its `file:` address only.
   * @default true
   */
  synapseStore?: boolean;
  /** Media type. @default guessed from the name of the file */
  contentType?: string;
  versionLabel?: string;
  versionComment?: string;
}

/**
 * A file, with versions.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/FileEntity.html
 */
export class File extends BaseEntity {
  readonly concreteType = 'org.sagebionetworks.repo.model.FileEntity';
  declare versionNumber?: number;
  declare versionLabel?: string;
  declare versionComment?: string;
  declare isLatestVersion?: boolean;
  /** The file handle that holds the content. Storing another one drops `path`, unless the content is the same. */
  declare dataFileHandleId?: string;
  /** The local file: what was stored, or where it was downloaded to. */
  declare path?: string;
  /** Content that is to be stored. */
  declare stream?: StreamOfBytes;
  /** The address of a file that is not in Synapse. */
  declare externalUrl?: string;
  declare synapseStore?: boolean;
  /** Media type of the content. Storing another one makes a new version, with a copy of the file handle. */
  declare contentType?: string;
  /** The content as Synapse has it; absent when the caller may not download it. */
  declare fileHandle?: M.FileHandle;

  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- it narrows the parameter
  constructor(init?: FileInit) {
    super(init);
  }
}

/** What a {@link Link} can be made with. */
export interface LinkInit extends EntityInit {
  /** What the link leads to: an id (`syn1`, `syn1.4`), or an entity that has been stored. */
  target?: string | { id?: string | undefined; versionNumber?: number | undefined };
  targetVersion?: number;
  linksTo?: M.Reference;
}

/**
 * An entry in a container that leads to another entity, or to a version of it.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/Link.html
 */
export class Link extends BaseEntity {
  readonly concreteType = 'org.sagebionetworks.repo.model.Link';
  declare linksTo?: M.Reference;
  declare linksToClassName?: string;

  constructor({ target, targetVersion, ...init }: LinkInit = {}) {
    super(init);
    if (target !== undefined) {
      const { id, version } = entityVersionOf(target);
      this.linksTo = { targetId: id, targetVersionNumber: targetVersion ?? version };
    }
  }
}

/** An entity of a type that has no class here (tables, views, datasets, ...): its members as the API has them. */
export type OtherEntity = Exclude<M.Entity, M.Project | M.Folder | M.FileEntity | M.Link> & {
  annotations: Annotations;
};

/** Any entity; `instanceof` or `concreteType` says which. */
export type Entity = Project | Folder | File | Link | OtherEntity;

/** What an entity has once it is in Synapse. */
export interface Stored {
  id: string;
  name: string;
  etag: string;
}

// Members of the objects above that are not members of the entity on the wire.
const localMembers = new Set([
  'annotations',
  'path',
  'stream',
  'externalUrl',
  'synapseStore',
  'contentType',
  'fileHandle',
]);

/** The entity as the API takes it: without annotations, which have a place of their own, and local members. */
export function toWireEntity(entity: Entity): M.Entity {
  const members = Object.entries(entity).filter(
    ([key, value]) => !localMembers.has(key) && value !== undefined,
  );
  return Object.fromEntries(members) as unknown as M.Entity;
}

/** An object of the class for an entity that Synapse sent, with nothing in it yet. */
export function newEntityFor(wire: M.Entity): Entity {
  switch (wire.concreteType) {
    case 'org.sagebionetworks.repo.model.Project':
      return new Project();
    case 'org.sagebionetworks.repo.model.Folder':
      return new Folder();
    case 'org.sagebionetworks.repo.model.FileEntity':
      return new File();
    case 'org.sagebionetworks.repo.model.Link':
      return new Link();
    default:
      return { ...wire, annotations: {} };
  }
}
