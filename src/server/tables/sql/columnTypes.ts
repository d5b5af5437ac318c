import type * as M from '../../../../generated/models.js';

/** Type of a column of a table, as the API names it. */
export type ColumnType = M.ColumnType;

/** Element type of each list type. */
const elements: Partial<Record<ColumnType, ColumnType>> = {
  STRING_LIST: 'STRING',
  INTEGER_LIST: 'INTEGER',
  BOOLEAN_LIST: 'BOOLEAN',
  DATE_LIST: 'DATE',
  ENTITYID_LIST: 'ENTITYID',
  USERID_LIST: 'USERID',
};

/** Every column type, in the order of the API description. */
export const columnTypes: readonly ColumnType[] = [
  'STRING',
  'DOUBLE',
  'INTEGER',
  'BOOLEAN',
  'DATE',
  'FILEHANDLEID',
  'ENTITYID',
  'SUBMISSIONID',
  'EVALUATIONID',
  'LINK',
  'MEDIUMTEXT',
  'LARGETEXT',
  'USERID',
  'STRING_LIST',
  'INTEGER_LIST',
  'BOOLEAN_LIST',
  'DATE_LIST',
  'ENTITYID_LIST',
  'USERID_LIST',
  'JSON',
];

/** The type of this name, in any case. */
export function columnTypeNamed(name: string): ColumnType | undefined {
  const upper = name.toUpperCase();
  return columnTypes.find((type) => type === upper);
}

/** The type of a list's elements; `undefined` for scalar types. */
export function elementType(type: ColumnType): ColumnType | undefined {
  return elements[type];
}

/** The list type with elements of this type, if there is one. */
export function listTypeOf(type: ColumnType): ColumnType | undefined {
  return columnTypes.find((candidate) => elements[candidate] === type);
}

export function isListType(type: ColumnType): boolean {
  return elements[type] !== undefined;
}

/** Types whose cells are text that is compared without regard to case and accents. */
export function isTextType(type: ColumnType): boolean {
  return type === 'STRING' || type === 'LINK' || type === 'MEDIUMTEXT' || type === 'LARGETEXT';
}

/** Types whose cells are stored as 64-bit integers. */
export function isIntegerType(type: ColumnType): boolean {
  switch (type) {
    case 'INTEGER':
    case 'DATE':
    case 'FILEHANDLEID':
    case 'ENTITYID':
    case 'SUBMISSIONID':
    case 'EVALUATIONID':
    case 'USERID':
    case 'BOOLEAN':
      return true;
    default:
      return false;
  }
}
