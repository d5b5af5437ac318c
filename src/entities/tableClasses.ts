import type * as M from '../../generated/models.js';
import type { TableColumn } from '../columns/columnModel.js';
import { readColumns, type ColumnDefinitions } from '../columns/readColumns.js';
import {
  legacyViewTypeMask,
  viewTypeMask,
  viewTypesOf,
  type PythonViewType,
  type ViewedType,
} from '../columns/viewTypes.js';
import { containerOf, submissionIdOf, type EntityVersion } from '../values/ids.js';
import { BaseEntity, type EntityInit, type Parent } from './baseEntity.js';
import { addItems, removeItems, toItems, type DatasetItem } from './datasetItems.js';

/** The initial properties of everything that has columns. */
interface TableBaseInit extends EntityInit {
  /** Whether the texts can be searched with `TEXT_MATCHES`. @default false */
  isSearchEnabled?: boolean;
  /** Label of the current version. A snapshot gets its own. */
  versionLabel?: string;
  versionComment?: string;
}

/** The initial properties of a {@link Table}. */
export interface TableInit extends TableBaseInit {
  /** The columns: of `defineTable`, an object with the type of each column, or a list. */
  columns?: ColumnDefinitions;
}

/** What all entities with columns have. */
export abstract class TableBase extends BaseEntity {
  declare versionNumber?: number;
  /** Label of the current version. */
  declare versionLabel?: string;
  declare versionComment?: string;
  declare isLatestVersion?: boolean;
  /** Whether the texts can be searched with `TEXT_MATCHES`. */
  declare isSearchEnabled?: boolean;
  /** The ids of the columns in Synapse. Change `columns` instead. */
  declare columnIds?: string[];
  /**
   * The columns, in their order. Those that were read have ids, by which a column that is renamed is recognized. Storing an
   * object that was read makes the columns in Synapse equal to these; storing a new object only adds columns and changes them.
   */
  columns: TableColumn[] = [];

  constructor({ columns, ...init }: TableInit = {}) {
    super(init);
    if (columns === undefined) return;
    this.columns = readColumns(columns);
    const name: unknown = 'columns' in columns && 'name' in columns ? columns.name : undefined;
    if (typeof name === 'string') this.name ??= name;
  }
}

/**
 * A table: rows with columns.
 *
 * @example
 * const visits = await syn.store(
 *   new Table({ name: 'visits', parent: 'syn123', columns: { patient: 'STRING', age: 'INTEGER' } }),
 * );
 * visits.columns.push({ name: 'tags', columnType: 'STRING_LIST' });
 * await syn.store(visits);
 *
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/TableEntity.html
 */
export class Table extends TableBase {
  readonly concreteType = 'org.sagebionetworks.repo.model.table.TableEntity';
}

/** The initial properties that all views have. */
interface ViewInit extends TableInit {
  /**
   * Whether a new view also gets the columns that views of its kind have by default. With `true`, storing adds those that an
   * existing view lacks.
   * @default true for a new view
   */
  includeDefaultColumns?: boolean;
  /**
   * Whether a view also gets columns for the annotations of everything in its scope. It takes a job that reads all of them, and
   * the columns stay when the annotations change, so it is not the default.
   * @default false
   */
  includeAnnotationColumns?: boolean;
}

/** What all views have that show entities or submissions. */
export abstract class ViewBase extends TableBase {
  /** Whether storing adds the default columns. See {@link EntityViewInit}. */
  declare includeDefaultColumns?: boolean;
  /** Whether storing adds columns for annotations. See {@link EntityViewInit}. */
  declare includeAnnotationColumns?: boolean;
}

/** The initial properties of an {@link EntityView}. */
export interface EntityViewInit extends ViewInit {
  /** The projects and folders whose content the view shows, at any depth. */
  scope?: readonly Parent[];
  /** The types of entities that the view shows. Projects cannot be combined with other types. */
  types?: readonly (ViewedType | PythonViewType)[];
  /** The same as a number. */
  viewTypeMask?: number;
  /** The same as in old views. */
  type?: M.ViewType;
}

/**
 * A view of the entities in projects and folders: a row for each, with its properties and annotations as columns.
 *
 * @example
 * await syn.store(
 *   new EntityView({ name: 'files', parent: 'syn123', scope: ['syn123'], types: ['file', 'folder'] }),
 * );
 *
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/EntityView.html
 */
export class EntityView extends ViewBase {
  readonly concreteType = 'org.sagebionetworks.repo.model.table.EntityView';
  /** The ids of the projects and folders whose content the view shows. */
  declare scopeIds?: string[];
  /** The types of entities that the view shows, as bits. `types` has their names. */
  declare viewTypeMask?: number;

  constructor({ scope, types, type, ...init }: EntityViewInit = {}) {
    super(init);
    if (scope !== undefined) this.scopeIds = scope.map(containerOf);
    if (type !== undefined) this.viewTypeMask = legacyViewTypeMask(type);
    if (types !== undefined) this.viewTypeMask = viewTypeMask(types);
  }

  /** The types of entities that the view shows. */
  get types(): readonly (ViewedType | PythonViewType)[] {
    return viewTypesOf(this.viewTypeMask ?? 0);
  }

  set types(types: readonly (ViewedType | PythonViewType)[]) {
    this.viewTypeMask = viewTypeMask(types);
  }
}

/** The initial properties of a {@link SubmissionView}. */
export interface SubmissionViewInit extends ViewInit {
  /** The evaluations whose submissions the view shows: their ids, or stored objects. */
  scope?: readonly (string | number | { id?: string | undefined })[];
}

/**
 * A view of the submissions to evaluations.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/SubmissionView.html
 */
export class SubmissionView extends ViewBase {
  readonly concreteType = 'org.sagebionetworks.repo.model.table.SubmissionView';
  /** The ids of the evaluations whose submissions the view shows. */
  declare scopeIds?: string[];

  constructor({ scope, ...init }: SubmissionViewInit = {}) {
    super(init);
    if (scope !== undefined) this.scopeIds = scope.map(submissionIdOf);
  }
}

/** The initial properties of a {@link Dataset} or a {@link DatasetCollection}. */
export interface DatasetInit extends ViewInit {
  /**
   * The items. One without a version gets its current version when it is stored. A folder or project stands for everything in
   * it, at any depth.
   */
  items?: readonly DatasetItem[];
}

/** What datasets and dataset collections have. */
export abstract class ItemsBase extends ViewBase {
  /** The items with their versions. One without a version gets its current one when it is stored. */
  items: EntityVersion[] = [];

  constructor({ items, ...init }: DatasetInit = {}) {
    super(init);
    if (items !== undefined) this.items = toItems(items);
  }

  /** Adds items; storing sends them. An item that is there already gets the given version. */
  addItems(...items: readonly DatasetItem[]): void {
    this.items = addItems(this.items, items);
  }

  /**
   * Removes items; storing sends it.
   *
   * @throws {@link ArgumentError} for one that is not there.
   */
  removeItems(...items: readonly DatasetItem[]): void {
    this.items = removeItems(this.items, items);
  }
}

/**
 * A dataset: a list of files, each in one version, and a view of them.
 *
 * @example
 * const dataset = new Dataset({ name: 'release', parent: 'syn123', items: ['syn456', 'syn789.2'] });
 * await syn.store(dataset);
 *
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/Dataset.html
 */
export class Dataset extends ItemsBase {
  readonly concreteType = 'org.sagebionetworks.repo.model.table.Dataset';
  /** The size of all files, in bytes. */
  declare readonly size?: number;
  /** A checksum of the MD5s of all files. */
  declare readonly checksum?: string;
  /** The number of files. */
  declare readonly count?: number;
}

/**
 * A list of datasets, each in one version, and a view of them.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/DatasetCollection.html
 */
export class DatasetCollection extends ItemsBase {
  readonly concreteType = 'org.sagebionetworks.repo.model.table.DatasetCollection';
}

/** SQL: a text, or the result of the template `sql`. */
export type SqlText = string | { readonly text: string };

/** The initial properties of a {@link MaterializedView} or a {@link VirtualTable}. */
export interface DefinedInit extends TableBaseInit {
  /** The query whose result it is. */
  definingSQL?: SqlText;
}

/** What tables have that are defined by SQL. Their columns follow from it. */
export abstract class DefinedBase extends TableBase {
  /** The query whose result it is. */
  declare definingSQL?: string;

  constructor({ definingSQL, ...init }: DefinedInit = {}) {
    super(init);
    if (definingSQL !== undefined) {
      this.definingSQL = typeof definingSQL === 'string' ? definingSQL : definingSQL.text;
    }
  }
}

/**
 * The result of a query that Synapse keeps and updates. Unlike other queries, it can join and unite tables.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/MaterializedView.html
 */
export class MaterializedView extends DefinedBase {
  readonly concreteType = 'org.sagebionetworks.repo.model.table.MaterializedView';
}

/**
 * A query of one table that can be queried itself. It is run each time.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/VirtualTable.html
 */
export class VirtualTable extends DefinedBase {
  readonly concreteType = 'org.sagebionetworks.repo.model.table.VirtualTable';
}

/** A table, or anything else that has columns. */
export type TableEntity =
  | Table
  | EntityView
  | SubmissionView
  | Dataset
  | DatasetCollection
  | MaterializedView
  | VirtualTable;

type TableClass = new () => TableEntity;

const classes: Readonly<Record<TableEntity['concreteType'], TableClass>> = {
  'org.sagebionetworks.repo.model.table.TableEntity': Table,
  'org.sagebionetworks.repo.model.table.EntityView': EntityView,
  'org.sagebionetworks.repo.model.table.SubmissionView': SubmissionView,
  'org.sagebionetworks.repo.model.table.Dataset': Dataset,
  'org.sagebionetworks.repo.model.table.DatasetCollection': DatasetCollection,
  'org.sagebionetworks.repo.model.table.MaterializedView': MaterializedView,
  'org.sagebionetworks.repo.model.table.VirtualTable': VirtualTable,
};

/** Creates an empty object of the class for an entity with columns. */
export function newTableFor(concreteType: TableEntity['concreteType']): TableEntity {
  return new classes[concreteType]();
}

/** Whether an entity is an object of one of the classes above. */
export function isTableEntity(entity: object): entity is TableEntity {
  return entity instanceof TableBase;
}

/** The members that the API has in another form than the classes above. */
export function wireMembers(entity: TableEntity): object {
  if (entity instanceof ItemsBase) {
    const items = entity.items.map(({ id, version }) => ({ entityId: id, versionNumber: version }));
    return { items };
  }
  // Synapse has the ids of containers without `syn`. In its form, they can be compared.
  return entity instanceof EntityView && entity.scopeIds !== undefined
    ? { scopeIds: entity.scopeIds.map((id) => id.replace(/^syn/, '')) }
    : {};
}

/** The members that the classes above have in another form than the API. */
export function ownMembers(wire: M.Entity): object {
  if (wire.concreteType === 'org.sagebionetworks.repo.model.table.EntityView') {
    return wire.scopeIds === undefined ? {} : { scopeIds: wire.scopeIds.map(synapseId) };
  }
  if (!('items' in wire) || wire.items === undefined) return {};
  const items = wire.items.map(({ entityId = '', versionNumber: version }) => {
    const id = synapseId(entityId);
    return version === undefined ? { id } : { id, version };
  });
  return { items };
}

function synapseId(id: string): string {
  return /^\d+$/.test(id) ? `syn${id}` : id;
}
