import type { ManifestFacts, ManifestForm } from './manifestRow.js';

/** The columns of a manifest that are no annotations, by what they hold. */
export interface FormColumns {
  parentId: string;
  id: string;
  /** Whether the columns of {@link factColumns} are no annotations. */
  hasFacts: boolean;
}

/** How the two forms name their columns. */
export const formColumns: Readonly<Record<ManifestForm, FormColumns>> = {
  csv: { parentId: 'parentId', id: 'ID', hasFacts: true },
  tsv: { parentId: 'parent', id: 'id', hasFacts: false },
};

/** Columns that both forms have. */
export const commonColumns = [
  'path',
  'name',
  'synapseStore',
  'contentType',
  'forceVersion',
  'used',
  'executed',
  'activityName',
  'activityDescription',
] as const;

/** Columns that describe a downloaded file. */
export const factColumns: readonly (keyof ManifestFacts)[] = [
  'error',
  'versionNumber',
  'dataFileSizeBytes',
  'createdBy',
  'createdOn',
  'modifiedBy',
  'modifiedOn',
  'synapseURL',
  'dataFileMD5Hex',
];

/** Whether a column of a form holds an annotation. */
export function isAnnotationColumn(column: string, form: ManifestForm): boolean {
  return !knownColumns[form].has(column);
}

const knownColumns: Readonly<Record<ManifestForm, ReadonlySet<string>>> = {
  csv: known('csv'),
  tsv: known('tsv'),
};

function known(form: ManifestForm): ReadonlySet<string> {
  const { parentId, id, hasFacts } = formColumns[form];
  return new Set([...commonColumns, parentId, id, ...(hasFacts ? factColumns : [])]);
}
