import { columnNameProblem } from '../../columns/columnNames.js';
import { columnTypes, isColumnType, type ColumnType } from '../../columns/columnTypes.js';
import type { ColumnProperties } from '../../columns/columnModel.js';
import { comment, inComment, member, pascalCase, propertyName, typeMember } from './sourceText.js';

/** A column of a table or of a result. */
export interface DescribedColumn extends Partial<Omit<ColumnProperties, 'type'>> {
  name: string;
  /** Newer servers may have types that this client does not know. */
  columnType: string;
}

/** A table, a view or the result of a query, as far as its types depend on it. */
export interface DescribedTable {
  /** What the types are named after. */
  name: string;
  /** What it is, for a comment: `"Visits" (syn123)`. */
  title: string;
  /** What makes names different that would be the same. */
  suffix: string;
  columns: readonly DescribedColumn[];
}

/**
 * Writes a TypeScript module with the types of the rows of tables: for each, an interface, and the definition of its columns.
 */
export function typesModule(tables: readonly DescribedTable[]): string {
  const names = identifiers(tables);
  const parts = tables.map((table, index) => {
    const name = names[index] ?? '';
    return { definition: definitionOf(table, name), row: interfaceOf(table, name) };
  });
  const hasDefinition = parts.some(({ definition }) => definition !== undefined);
  const sources = parts.flatMap(({ definition, row }) => [definition, row]);
  return [
    '// Written by `synapse table types`. Write it again when the columns change.\n',
    hasDefinition ? "import { defineTable } from 'synapseclient';\n" : undefined,
    ...sources,
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}

/** A name for each table, each another one. */
function identifiers(tables: readonly DescribedTable[]): string[] {
  const used = new Set<string>();
  return tables.map(({ name, suffix }) => {
    const base = identifierOf(name);
    let found = base;
    for (let count = 1; used.has(found) || used.has(`${found}Row`); count += 1) {
      found = `${base}${pascalCase(suffix)}${count === 1 ? '' : count}`;
    }
    used.add(found).add(`${found}Row`);
    return found;
  });
}

function identifierOf(name: string): string {
  const identifier = pascalCase(name);
  if (!/^\p{L}/u.test(identifier)) return `Table${identifier}`;
  // A type such as Date would no longer be the one of JavaScript.
  return Object.hasOwn(globalThis, identifier) ? `${identifier}Table` : identifier;
}

function interfaceOf({ title, columns }: DescribedTable, name: string): string {
  const head = `${comment(`A row of ${title}.`)}\nexport interface ${name}Row {`;
  const lines = columns.map(
    (column) =>
      `  ${comment(columnComment(column))}\n${typeMember(column.name, typesOf(column.columnType), '  ')}\n`,
  );
  return lines.length === 0 ? `${head}}\n` : `${head}\n${lines.join('')}}\n`;
}

/** The definition of the columns. A result may have names that no table can have; it has none then. */
function definitionOf({ title, name, columns }: DescribedTable, identifier: string) {
  const isDefinable = columns.every(
    (column) => columnNameProblem(column.name) === undefined && isColumnType(column.columnType),
  );
  if (!isDefinable) return undefined;
  const lines = columns.map(
    (column) => `    ${member(column.name, propertiesOf(column), '    ')},\n`,
  );
  const body = lines.length === 0 ? '{}' : `{\n${lines.join('')}  }`;
  return (
    `${comment(`The columns of ${title}.`)}\nexport const ${identifier} = defineTable({\n` +
    `  ${member('name', name, '  ')},\n  ${propertyName('columns')}: ${body},\n});\n`
  );
}

/** The properties of a column in a definition: its type, where there are no others. */
function propertiesOf(column: DescribedColumn): string | Record<string, unknown> {
  const { columnType, maximumSize, maximumListLength, ...rest } = column;
  const { enumValues, defaultValue, facetType, jsonSubColumns } = rest;
  const { isSized, isList } = factsOf(columnType);
  const properties = {
    type: columnType,
    maximumSize: isSized ? maximumSize : undefined,
    maximumListLength: isList ? maximumListLength : undefined,
    enumValues,
    defaultValue,
    facetType,
    jsonSubColumns,
  };
  const others = Object.values(properties).filter((value) => value !== undefined);
  return others.length === 1 ? columnType : properties;
}

function factsOf(type: string): { isSized: boolean; isList: boolean } {
  return isColumnType(type) ? columnTypes[type] : { isSized: false, isList: false };
}

/** The number of allowed values that a comment shows. */
const shownValues = 10;

function columnComment(column: DescribedColumn): string {
  const { columnType, maximumSize, maximumListLength, enumValues, defaultValue, facetType } =
    column;
  const { isSized, isList } = factsOf(columnType);
  const known = isColumnType(columnType) ? columnTypes[columnType].maximumCharacters : undefined;
  const size = known ?? (isSized ? maximumSize : undefined);
  const parts = [
    columnType,
    isList && maximumListLength !== undefined && `at most ${maximumListLength} elements`,
    size !== undefined && `${isList ? 'each of ' : ''}at most ${size} characters`,
    enumValues !== undefined && enumValues.length > 0 && `one of ${valuesText(enumValues)}`,
    defaultValue !== undefined && `default ${inComment(defaultValue)}`,
    facetType !== undefined && `facet: ${facetType}`,
  ];
  return `${parts.filter((part) => typeof part === 'string').join(', ')}.`;
}

function valuesText(values: readonly string[]): string {
  const shown = values.slice(0, shownValues).map(inComment).join(', ');
  return values.length > shownValues ? `${shown}, ... (${values.length} values)` : shown;
}

/** The types of values as they are read with the default options. */
const valueTypes: Readonly<Record<ColumnType, readonly string[]>> = {
  STRING: ['string', 'null'],
  LINK: ['string', 'null'],
  MEDIUMTEXT: ['string', 'null'],
  LARGETEXT: ['string', 'null'],
  ENTITYID: ['string', 'null'],
  FILEHANDLEID: ['string', 'null'],
  USERID: ['string', 'null'],
  SUBMISSIONID: ['string', 'null'],
  EVALUATIONID: ['string', 'null'],
  DOUBLE: ['number', 'null'],
  INTEGER: ['number', 'null'],
  BOOLEAN: ['boolean', 'null'],
  DATE: ['Date', 'null'],
  JSON: ['unknown'],
  STRING_LIST: ['string[]', 'null'],
  ENTITYID_LIST: ['string[]', 'null'],
  USERID_LIST: ['string[]', 'null'],
  BOOLEAN_LIST: ['boolean[]', 'null'],
  INTEGER_LIST: ['number[]', 'null'],
  DATE_LIST: ['Date[]', 'null'],
};

/** A type that is newer than this client is read as text. */
function typesOf(type: string): readonly string[] {
  return isColumnType(type) ? valueTypes[type] : ['string', 'null'];
}
