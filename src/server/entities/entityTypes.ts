import type * as M from '../../../generated/models.js';

/**
 * The fields of an entity version, besides its label. Which of them are set depends on the type.
 */
export interface EntityFields {
  readonly description?: string;
  readonly dataFileHandleId?: string;
  readonly linksTo?: M.Reference;
  readonly linksToClassName?: string;
  readonly columnIds?: readonly string[];
  readonly isSearchEnabled?: boolean;
  readonly viewTypeMask?: number;
  readonly type?: M.ViewType;
  readonly scopeIds?: readonly string[];
  readonly items?: readonly M.EntityRef[];
  /** Total size of the files in a dataset, in bytes. */
  readonly size?: number;
  readonly checksum?: string;
  readonly count?: number;
  readonly definingSQL?: string;
  readonly repositoryName?: string;
  readonly isManaged?: boolean;
  readonly upsertKey?: readonly string[];
  readonly csvDescriptor?: M.CsvTableDescriptor;
  /** Only the export of a grid sets this field and the next one. */
  readonly validationSummary?: M.ValidationSummaryStatistics;
  readonly validationFileHandleId?: string;
}

/** The entity types that can be stored; the API description also lists two that cannot. */
export type StoredConcreteType = Exclude<M.Entity, M.ExampleEntity | M.Preview>['concreteType'];

/** The properties of an entity type. */
export interface EntityTypeInfo {
  readonly type: M.EntityType;
  readonly concreteType: StoredConcreteType;
  /** The types of containers that may contain the entity. The root contains only projects. */
  readonly parents: 'containers' | 'projects' | 'root';
  /** Types without versions have an internal version 1 that is never shown. */
  readonly versionable: boolean;
  /** Tables and views: their versions are created by snapshots, not by `newVersion`. */
  readonly tableLike: boolean;
  /** The fields that a client may set. */
  readonly fields: readonly (keyof EntityFields)[];
}

const base = 'org.sagebionetworks.repo.model';
const plain = { parents: 'containers', versionable: false, tableLike: false } as const;
const fileLike = { parents: 'containers', versionable: true, tableLike: false } as const;
const tableLike = { parents: 'containers', versionable: true, tableLike: true } as const;
const tableFields = ['description', 'columnIds', 'isSearchEnabled'] as const;

/** Every type, keyed by its short name. */
export const entityTypes: Readonly<Record<M.EntityType, EntityTypeInfo>> = {
  project: {
    ...plain,
    type: 'project',
    concreteType: `${base}.Project`,
    parents: 'root',
    fields: ['description'],
  },
  folder: {
    ...plain,
    type: 'folder',
    concreteType: `${base}.Folder`,
    fields: ['description'],
  },
  file: {
    ...fileLike,
    type: 'file',
    concreteType: `${base}.FileEntity`,
    fields: ['description', 'dataFileHandleId'],
  },
  link: {
    ...plain,
    type: 'link',
    concreteType: `${base}.Link`,
    fields: ['description', 'linksTo', 'linksToClassName'],
  },
  table: {
    ...tableLike,
    type: 'table',
    concreteType: `${base}.table.TableEntity`,
    fields: tableFields,
  },
  entityview: {
    ...tableLike,
    type: 'entityview',
    concreteType: `${base}.table.EntityView`,
    fields: [...tableFields, 'viewTypeMask', 'type', 'scopeIds'],
  },
  submissionview: {
    ...tableLike,
    type: 'submissionview',
    concreteType: `${base}.table.SubmissionView`,
    fields: [...tableFields, 'scopeIds'],
  },
  dataset: {
    ...tableLike,
    type: 'dataset',
    concreteType: `${base}.table.Dataset`,
    fields: [...tableFields, 'items'],
  },
  datasetcollection: {
    ...tableLike,
    type: 'datasetcollection',
    concreteType: `${base}.table.DatasetCollection`,
    fields: [...tableFields, 'items'],
  },
  materializedview: {
    ...tableLike,
    type: 'materializedview',
    concreteType: `${base}.table.MaterializedView`,
    fields: ['description', 'isSearchEnabled', 'definingSQL'],
  },
  virtualtable: {
    ...tableLike,
    type: 'virtualtable',
    concreteType: `${base}.table.VirtualTable`,
    fields: ['description', 'isSearchEnabled', 'definingSQL'],
  },
  dockerrepo: {
    ...plain,
    type: 'dockerrepo',
    concreteType: `${base}.docker.DockerRepository`,
    parents: 'projects',
    fields: ['description', 'repositoryName'],
  },
  recordset: {
    ...fileLike,
    type: 'recordset',
    concreteType: `${base}.RecordSet`,
    fields: ['description', 'dataFileHandleId', 'upsertKey', 'csvDescriptor'],
  },
};

const byConcreteType: ReadonlyMap<string, EntityTypeInfo> = new Map(
  Object.values(entityTypes).map((info) => [info.concreteType, info]),
);

/** The type with this full class name. */
export function entityTypeOf(concreteType: string): EntityTypeInfo | undefined {
  return byConcreteType.get(concreteType);
}

/** Whether entities of a type may be in a container of another; `'root'` is the root folder. */
export function isValidParent(info: EntityTypeInfo, parent: M.EntityType | 'root'): boolean {
  switch (info.parents) {
    case 'root':
      return parent === 'root';
    case 'projects':
      return parent === 'project';
    case 'containers':
      return parent === 'project' || parent === 'folder';
  }
}

/** Types with a data file handle. */
export function isFileLike(type: M.EntityType): boolean {
  return type === 'file' || type === 'recordset';
}
