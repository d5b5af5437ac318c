import type * as M from '../../../../generated/models.js';

/** A column for a property of the objects in a view. */
export type ObjectField = M.ColumnModel & {
  readonly name: string;
  readonly columnType: M.ColumnType;
};

const text = (name: string, maximumSize: number, facetType?: M.FacetType): ObjectField => ({
  name,
  columnType: 'STRING',
  maximumSize,
  ...(facetType !== undefined && { facetType }),
});

const typed = (name: string, columnType: M.ColumnType, facetType?: M.FacetType): ObjectField => ({
  name,
  columnType,
  ...(facetType !== undefined && { facetType }),
});

const nameField = text('name', 256);
const createdOn = typed('createdOn', 'DATE', 'range');
const createdBy = typed('createdBy', 'USERID', 'enumeration');
const etag = text('etag', 36);
const modifiedOn = typed('modifiedOn', 'DATE', 'range');
const projectId = typed('projectId', 'ENTITYID', 'enumeration');

/** Fields of every entity. */
const basicFields: readonly ObjectField[] = [
  typed('id', 'ENTITYID'),
  nameField,
  text('description', 1000),
  createdOn,
  createdBy,
  etag,
  modifiedOn,
  typed('modifiedBy', 'USERID', 'enumeration'),
  text('path', 1000),
];

const fileFields: readonly ObjectField[] = [
  text('type', 20, 'enumeration'),
  typed('currentVersion', 'INTEGER'),
  typed('parentId', 'ENTITYID', 'enumeration'),
  typed('benefactorId', 'ENTITYID'),
  projectId,
  typed('dataFileHandleId', 'FILEHANDLEID'),
  text('dataFileName', 256),
  typed('dataFileSizeBytes', 'INTEGER'),
  text('dataFileMD5Hex', 100),
  text('dataFileConcreteType', 65, 'enumeration'),
  text('dataFileBucket', 100, 'enumeration'),
  text('dataFileKey', 700),
];

const collectionFields: readonly ObjectField[] = [
  typed('datasetSizeInBytes', 'INTEGER'),
  text('datasetMD5Hex', 100),
  typed('datasetItemCount', 'INTEGER'),
];

const submissionStatuses: M.SubmissionStatusEnum[] = [
  'OPEN',
  'CLOSED',
  'SCORED',
  'INVALID',
  'VALIDATED',
  'EVALUATION_IN_PROGRESS',
  'RECEIVED',
  'REJECTED',
  'ACCEPTED',
];

/** Fields of every submission. */
export const submissionFields: readonly ObjectField[] = [
  typed('id', 'SUBMISSIONID'),
  nameField,
  createdOn,
  createdBy,
  etag,
  modifiedOn,
  projectId,
  { ...text('status', 50, 'enumeration'), enumValues: submissionStatuses },
  typed('evaluationid', 'EVALUATIONID', 'enumeration'),
  typed('evaluationroundid', 'INTEGER', 'enumeration'),
  typed('submitterid', 'USERID', 'enumeration'),
  text('submitteralias', 500, 'enumeration'),
  typed('entityid', 'ENTITYID', 'enumeration'),
  typed('entityversion', 'INTEGER', 'enumeration'),
  text('dockerrepositoryname', 400),
  text('dockerdigest', 200),
];

/** Fields that entities of some types have. */
export const entityFields: readonly ObjectField[] = [
  ...basicFields,
  ...fileFields,
  ...collectionFields,
];

/** The bit of files in the mask of a view. */
const fileBit = 0x1;

/** The default columns of a new view. */
export function defaultFields(type: M.ViewEntityType, mask: number): readonly ObjectField[] {
  switch (type) {
    case 'submissionview':
      return submissionFields;
    case 'dataset':
      return [...basicFields, ...fileFields];
    case 'datasetcollection':
      return [...basicFields, ...collectionFields];
    case 'entityview':
      return (mask & fileBit) === 0 ? basicFields : [...basicFields, ...fileFields];
  }
}
