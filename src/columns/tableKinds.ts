import type * as M from '../../generated/models.js';
import { shortName } from '../values/shortName.js';

/** What kind of table an entity is. */
export interface TableKind {
  /** Its kind as a view; absent for a table, and for what is defined by SQL. */
  view?: M.ViewEntityType;
  /** What it is called, where it is defined by SQL: its columns, rows and versions cannot be changed. */
  defined?: string;
}

const kinds: Readonly<Record<string, TableKind>> = {
  TableEntity: {},
  EntityView: { view: 'entityview' },
  SubmissionView: { view: 'submissionview' },
  Dataset: { view: 'dataset' },
  DatasetCollection: { view: 'datasetcollection' },
  MaterializedView: { defined: 'materialized view' },
  VirtualTable: { defined: 'virtual table' },
};

/** The kind of table of a type of entity; `undefined` for any other entity. */
export function tableKind(concreteType: string): TableKind | undefined {
  return kinds[shortName(concreteType)];
}

/** The short names of the types whose columns and rows can be changed. */
export const changeableTypes: readonly string[] = Object.keys(kinds).filter(
  (type) => kinds[type]?.defined === undefined,
);
