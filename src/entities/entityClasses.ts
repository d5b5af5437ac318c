import type * as M from '../../generated/models.js';
import { versionOf } from '../values/ids.js';
import type { Activity } from '../provenance/activityClass.js';
import type { Annotations } from './annotationValues.js';
import { BaseEntity, type EntityInit } from './baseEntity.js';
import {
  isTableEntity,
  newTableFor,
  wireMembers,
  type Dataset,
  type DatasetCollection,
  type EntityView,
  type MaterializedView,
  type SubmissionView,
  type Table,
  type TableEntity,
  type VirtualTable,
} from './tableClasses.js';

export { BaseEntity, setMembers } from './baseEntity.js';
export type { AnnotationsOf, EntityInit, Parent } from './baseEntity.js';

/** The initial properties of a {@link Project}. */
export interface ProjectInit extends EntityInit {
  alias?: string;
}

/**
 * A project: the top-level container.
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

/** Streamed content: a Node.js `Readable`, a web `ReadableStream`, or a generator. */
export type StreamOfBytes = AsyncIterable<Uint8Array>;

/** The initial properties of a {@link File}. */
export interface FileInit extends EntityInit {
  /** The local file to upload; a URL here is the same as `externalUrl`. */
  path?: string;
  /** The content as a stream of bytes, instead of `path`. The next store reads it once. Needs `name` or `id`. */
  stream?: StreamOfBytes;
  /** The URL of a file that is not uploaded. */
  externalUrl?: string;
  /** The id of an existing file handle with the content. */
  dataFileHandleId?: string;
  /**
   * Whether to upload the local file. Otherwise Synapse stores only its `file:` URL.
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
  /** The file handle that holds the content. Storing another one removes `path`, unless the content is the same. */
  declare dataFileHandleId?: string;
  /** The local file that was stored or downloaded. */
  declare path?: string;
  /** The content to store. */
  declare stream?: StreamOfBytes;
  /** The URL of a file that is not in Synapse. */
  declare externalUrl?: string;
  declare synapseStore?: boolean;
  /** Media type of the content. Storing another one creates a new version, with a copy of the file handle. */
  declare contentType?: string;
  /** The file handle in Synapse; absent when the caller may not download the file. */
  declare fileHandle?: M.FileHandle;

  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- it narrows the parameter
  constructor(init?: FileInit) {
    super(init);
  }
}

/** The initial properties of a {@link Link}. */
export interface LinkInit extends EntityInit {
  /** The target of the link: an id (`syn1`, `syn1.4`) or a stored entity. */
  target?: string | { id?: string | undefined; versionNumber?: number | undefined };
  targetVersion?: number;
  linksTo?: M.Reference;
}

/**
 * A link in a container to another entity, or to a version of it.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/Link.html
 */
export class Link extends BaseEntity {
  readonly concreteType = 'org.sagebionetworks.repo.model.Link';
  declare linksTo?: M.Reference;
  declare linksToClassName?: string;

  constructor({ target, targetVersion, ...init }: LinkInit = {}) {
    super(init);
    if (target !== undefined) {
      const { id, version } = versionOf(target, targetVersion, { ownVersion: true });
      this.linksTo = { targetId: id, targetVersionNumber: version };
    }
  }
}

/** The classes of entities. */
export type EntityClass =
  | typeof Project
  | typeof Folder
  | typeof File
  | typeof Link
  | typeof Table
  | typeof EntityView
  | typeof SubmissionView
  | typeof Dataset
  | typeof DatasetCollection
  | typeof MaterializedView
  | typeof VirtualTable;

type WithClass = (Project | Folder | File | Link | TableEntity)['concreteType'];

/** An entity of a type without a class (Docker repositories, record sets, ...), with the properties of the API. */
export type OtherEntity = Exclude<M.Entity, { concreteType: WithClass }> & {
  annotations: Annotations;
  activity?: Activity;
};

/** Any entity. Use `instanceof` or `concreteType` to narrow it, or pass a class to `get`. */
export type Entity = Project | Folder | File | Link | TableEntity | OtherEntity;

/** The properties that an entity has once it is in Synapse. */
export interface Stored {
  id: string;
  name: string;
  etag: string;
}

/** Properties of the classes above that the API does not have. */
export const localMembers: ReadonlySet<string> = new Set([
  'annotations',
  'activity',
  'path',
  'stream',
  'externalUrl',
  'synapseStore',
  'contentType',
  'fileHandle',
  'columns',
  'includeDefaultColumns',
  'includeAnnotationColumns',
]);

/** Converts an entity to the form of the API, without local properties and without annotations, which are separate. */
export function toWireEntity(entity: Entity): M.Entity {
  const members = Object.entries(entity).filter(
    ([key, value]) => !localMembers.has(key) && value !== undefined,
  );
  const others = isTableEntity(entity) ? wireMembers(entity) : {};
  return { ...Object.fromEntries(members), ...others } as unknown as M.Entity;
}

/** Creates an empty object of the class for an entity from Synapse. */
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
    case 'org.sagebionetworks.repo.model.table.TableEntity':
    case 'org.sagebionetworks.repo.model.table.EntityView':
    case 'org.sagebionetworks.repo.model.table.SubmissionView':
    case 'org.sagebionetworks.repo.model.table.Dataset':
    case 'org.sagebionetworks.repo.model.table.DatasetCollection':
    case 'org.sagebionetworks.repo.model.table.MaterializedView':
    case 'org.sagebionetworks.repo.model.table.VirtualTable':
      return newTableFor(wire.concreteType);
    default:
      return { ...wire, annotations: {} };
  }
}
