import type * as M from '../../generated/models.js';
import { quoted } from '../values/quoted.js';
import type { CopiedBy } from './copyData.js';

/** How entities of a type are copied. */
export interface CopiedKind {
  type: M.EntityType;
  /** What the type is called in messages. */
  noun: string;
  how: CopiedBy;
  /** The properties of the copy, besides name, description and annotations. */
  members: readonly string[];
}

const common = ['name', 'description', 'concreteType'];
const columns = ['columnIds', 'isSearchEnabled'];

/** What is copied, by `concreteType`. */
const kinds: ReadonlyMap<string, CopiedKind> = new Map(
  Object.entries({
    'org.sagebionetworks.repo.model.Project': {
      type: 'project',
      noun: 'project',
      how: 'container',
      members: [],
    },
    'org.sagebionetworks.repo.model.Folder': {
      type: 'folder',
      noun: 'folder',
      how: 'container',
      members: [],
    },
    'org.sagebionetworks.repo.model.FileEntity': {
      type: 'file',
      noun: 'file',
      how: 'copiedHandle',
      members: [],
    },
    'org.sagebionetworks.repo.model.Link': {
      type: 'link',
      noun: 'link',
      how: 'link',
      members: ['linksTo', 'linksToClassName'],
    },
    'org.sagebionetworks.repo.model.table.TableEntity': {
      type: 'table',
      noun: 'table',
      how: 'rows',
      members: columns,
    },
    'org.sagebionetworks.repo.model.table.EntityView': {
      type: 'entityview',
      noun: 'view',
      how: 'definition',
      members: [...columns, 'viewTypeMask', 'type', 'scopeIds'],
    },
    'org.sagebionetworks.repo.model.table.SubmissionView': {
      type: 'submissionview',
      noun: 'submission view',
      how: 'definition',
      members: [...columns, 'scopeIds'],
    },
    'org.sagebionetworks.repo.model.table.Dataset': {
      type: 'dataset',
      noun: 'dataset',
      how: 'definition',
      members: [...columns, 'items'],
    },
    'org.sagebionetworks.repo.model.table.DatasetCollection': {
      type: 'datasetcollection',
      noun: 'dataset collection',
      how: 'definition',
      members: [...columns, 'items'],
    },
    'org.sagebionetworks.repo.model.table.MaterializedView': {
      type: 'materializedview',
      noun: 'materialized view',
      how: 'definition',
      members: ['isSearchEnabled', 'definingSQL'],
    },
    'org.sagebionetworks.repo.model.table.VirtualTable': {
      type: 'virtualtable',
      noun: 'virtual table',
      how: 'definition',
      members: ['isSearchEnabled', 'definingSQL'],
    },
  } satisfies Record<string, CopiedKind>),
);

/** Types that Synapse does not let clients copy, and why. */
const notCopied: ReadonlyMap<string, { type: M.EntityType; reason: string }> = new Map([
  [
    'org.sagebionetworks.repo.model.docker.DockerRepository',
    {
      type: 'dockerrepo',
      reason: 'a Docker repository: pull its images and push them to the other project',
    },
  ],
  [
    'org.sagebionetworks.repo.model.RecordSet',
    {
      type: 'recordset',
      reason: 'a record set: it belongs to a curation task; create it for the other project',
    },
  ],
]);

/** How entities of a type are copied; `undefined` for those that are not. */
export function copiedKind(concreteType: string): CopiedKind | undefined {
  return kinds.get(concreteType);
}

/** What entities of a `concreteType` are called in messages. */
export function nounFor(concreteType: string): string {
  return copiedKind(concreteType)?.noun ?? 'entity of another type';
}

/** The type of an entity in `excludeTypes`. */
export function typeOf(concreteType: string): M.EntityType | undefined {
  return copiedKind(concreteType)?.type ?? notCopied.get(concreteType)?.type;
}

/** Why entities of a type are not copied. */
export function whyNotCopied(concreteType: string): string {
  return (
    notCopied.get(concreteType)?.reason ?? `of a type that is not copied: ${quoted(concreteType)}`
  );
}

/** The properties that a copy gets from its original. */
export function copiedMembers(entity: M.Entity): Record<string, unknown> {
  const names = new Set([...common, ...(copiedKind(entity.concreteType)?.members ?? [])]);
  return Object.fromEntries(
    Object.entries(entity).filter(([key, value]) => names.has(key) && value !== undefined),
  );
}

/** The types that `excludeTypes` accepts. */
export const excludableTypes: readonly string[] = [
  ...[...kinds.values()].map(({ type }) => type),
  ...[...notCopied.values()].map(({ type }) => type),
].filter((type) => type !== 'project' && type !== 'folder');
