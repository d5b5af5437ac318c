import type * as M from '../../../../generated/models.js';
import { numericId, parseIdAndVersion } from '../../entities/entityIds.js';
import {
  getEntityRecord,
  getVersionRecord,
  type EntityRecord,
} from '../../entities/entityRecords.js';
import type { EntityFields } from '../../entities/entityTypes.js';
import { badRequest, ServiceError } from '../../kernel/serviceError.js';
import type { World } from '../../world.js';
import { maxListLength, maxStringSize } from '../columnLimits.js';
import {
  canBeFaceted,
  ensureColumn,
  findColumn,
  getSchema,
  type StoredColumn,
} from '../columnModels.js';
import { sourceColumn, searchName } from '../rowStorage.js';
import { isListType } from '../sql/columnTypes.js';
import { parseStatement } from '../sql/parseQuery.js';
import { SqlSyntaxError } from '../sql/sqlError.js';
import { isAggregate, selectsOf, sourceTables } from '../sql/selectFacts.js';
import { requireSingleSelect, translateSource } from '../sql/translateQuery.js';
import type { OutputColumn } from '../sql/translateSelect.js';
import type { CatalogEntry, TranslationEnvironment } from '../sql/translation.js';
import type { Statement } from '../sql/tree.js';
import { asServiceError, requireTableType } from '../tableAccess.js';
import { schemaOf } from '../tableState.js';
import { systemColumns } from '../systemColumns.js';

/** Types that are defined by SQL. */
export type DefinedType = 'materializedview' | 'virtualtable';

export function isDefinedType(type: M.EntityType): type is DefinedType {
  return type === 'materializedview' || type === 'virtualtable';
}

/** Maximum number of definitions on top of each other. */
export const maxDefinitions = 20;

/** The tables that a definition reads, directly or through others. */
interface Resolution {
  /** The tables that are being resolved, for detecting circular definitions. */
  readonly path: ReadonlySet<string>;
  /** The tables that are resolved. There may be many ways to each. */
  readonly known: Map<string, CatalogEntry>;
}

/** @throws 400 for a table that leads back to itself, and for too many definitions */
export function checkPath(path: ReadonlySet<string>, id: string): void {
  if (path.has(id)) {
    throw badRequest(`The definition of ${id} leads back to itself.`);
  }
  if (path.size > maxDefinitions) {
    throw badRequest(`More than ${maxDefinitions} views are defined on top of each other.`);
  }
}

/**
 * Reads the SQL that defines a table.
 *
 * @throws 400 for SQL that cannot define a table of the type
 */
export function parseDefinition(type: DefinedType, definingSql: string): Statement {
  try {
    const statement = parseStatement(definingSql);
    if (type === 'virtualtable') {
      requireSingleSelect(statement);
      requireSingleSelect({ query: statement.with?.query ?? statement.query });
    }
    return statement;
  } catch (error) {
    // The service names the class of a syntax error in queries only.
    throw error instanceof SqlSyntaxError ? badRequest(error.message) : asServiceError(error);
  }
}

/**
 * The columns of the table that SQL defines. No rows are read.
 *
 * @throws 400 for SQL that is not valid, 404 for a table that does not exist
 */
export function definedSchema(
  world: World,
  type: DefinedType,
  definingSql: string,
  path: ReadonlySet<string> = new Set(),
): StoredColumn[] {
  return resolvedSchema(world, type, definingSql, { path, known: new Map() });
}

function resolvedSchema(
  world: World,
  type: DefinedType,
  definingSql: string,
  resolution: Resolution,
): StoredColumn[] {
  const statement = parseDefinition(type, definingSql);
  try {
    const { columns } = translateSource(statement, schemaEnvironment(world, resolution));
    if (type === 'materializedview') {
      checkGrouping(world, statement);
    }
    const ids = columns.map((column) => modelOf(world, column).id);
    return getSchema(world, ids);
  } catch (error) {
    throw asServiceError(error);
  }
}

/** The current columns of a table-like entity. */
export function currentSchema(
  world: World,
  record: EntityRecord,
  fields: EntityFields,
): StoredColumn[] {
  if (isDefinedType(record.type)) {
    try {
      return definedSchema(world, record.type, fields.definingSQL ?? '', new Set([record.id]));
    } catch (error) {
      // A table that it reads does not exist any more, so the stored columns are used.
      if (!(error instanceof ServiceError)) {
        throw error;
      }
    }
  }
  return schemaOf(world, fields.columnIds ?? []);
}

/** Rows with different benefactors must not be aggregated. */
function checkGrouping(world: World, statement: Statement): void {
  const isGrouped = selectsOf(statement).some(
    ({ groupBy, list }) => groupBy !== undefined || isAggregate(list),
  );
  const visited = new Set<string>();
  if (isGrouped && sourceTables(statement).some((name) => isView(world, name, visited))) {
    throw badRequest(
      'The defining SQL of a materialized view with a view dependency cannot include a group by clause',
    );
  }
}

/**
 * Whether the rows of a table have benefactors.
 *
 * @param visited - the tables that have none, which grow by those that are checked
 */
function isView(world: World, name: string, visited: Set<string>): boolean {
  const { id, version } = parseIdAndVersion(name);
  const record = getEntityRecord(world, id);
  if (record.type === 'table' || visited.has(name)) {
    return false;
  }
  visited.add(name);
  if (!isDefinedType(record.type)) {
    return true;
  }
  const { definingSQL = '' } = getVersionRecord(world, record, version).fields;
  return sourceTables(parseStatement(definingSQL)).some((source) => isView(world, source, visited));
}

/** The translation environment for computing only the columns of a result. */
function schemaEnvironment(world: World, resolution: Resolution): TranslationEnvironment {
  return {
    table: (name) => {
      const entry = resolution.known.get(name) ?? schemaEntry(world, name, resolution);
      resolution.known.set(name, entry);
      return entry;
    },
    columnById: (id) => columnById(world, id),
    userId: 0,
    now: 0,
  };
}

/** A column by its id, for `CAST(x AS 123)`. */
export function columnById(
  world: World,
  id: string,
): ReturnType<TranslationEnvironment['columnById']> {
  const column = findColumn(world, id);
  return column === undefined ? undefined : { id, name: column.name, type: column.columnType };
}

function schemaEntry(world: World, name: string, { path, known }: Resolution): CatalogEntry {
  const { id, version } = parseIdAndVersion(name);
  checkPath(path, id);
  const record = getEntityRecord(world, id);
  requireTableType(record);
  const { fields } = getVersionRecord(world, record, version);
  const inner = { path: new Set([...path, id]), known };
  const { definingSQL = '' } = fields;
  const schema = isDefinedType(record.type)
    ? resolvedSchema(world, record.type, definingSQL, inner)
    : schemaOf(world, fields.columnIds ?? []);
  if (schema.length === 0) {
    throw badRequest(`Schema for ${name} is empty.`);
  }
  if (record.type === 'virtualtable') {
    const statement = parseDefinition(record.type, definingSQL);
    return { kind: 'virtual', name, statement, columnIds: schema.map((column) => column.id) };
  }
  const isPlain = record.type === 'table';
  const isListing = !isPlain && record.type !== 'materializedview';
  return {
    kind: 'stored',
    source: {
      name,
      from: 'nothing',
      columns: schema.map(sourceColumn),
      system: systemColumns(isListing, isListing ? 1 : 0),
      benefactors: [],
      ...(fields.isSearchEnabled === true && { search: searchName(numericId(id)) }),
    },
  };
}

/** The column model of a result column, which in a union is wide enough for all selects. */
function modelOf(world: World, output: OutputColumn): StoredColumn {
  const first = ownModel(world, output);
  const models = [first, ...(output.united ?? []).map((other) => ownModel(world, other))];
  const [size, length] = [
    largest(models.map(({ maximumSize }) => maximumSize)),
    largest(models.map(({ maximumListLength }) => maximumListLength)),
  ];
  return size === first.maximumSize && length === first.maximumListLength
    ? first
    : ensureColumn(world, {
        ...first,
        ...(size !== undefined && { maximumSize: size }),
        ...(length !== undefined && { maximumListLength: length }),
      });
}

function largest(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** The column model of a column of a select: that of a plain column, or of the one that a cast names. */
function ownModel(world: World, output: OutputColumn): StoredColumn {
  const { name, type, like } = output;
  const model = like === undefined ? undefined : findColumn(world, like);
  if (model !== undefined) {
    return model.name === name ? model : ensureColumn(world, { ...model, name });
  }
  return ensureColumn(world, { name, columnType: type, ...inherited(world, output) });
}

/** The properties that a computed column inherits from the columns in its expression. */
function inherited(world: World, { type, named }: OutputColumn): Partial<M.ColumnModel> {
  const size = sum(named.map(({ maximumSize }) => maximumSize));
  const length = isListType(type)
    ? sum(named.map((column) => column.maximumListLength))
    : undefined;
  const last = named.at(-1)?.id;
  const { facetType, defaultValue, columnType } =
    (last === undefined ? undefined : findColumn(world, last)) ?? {};
  return {
    ...(size !== undefined && { maximumSize: Math.min(size, maxStringSize) }),
    ...(length !== undefined && { maximumListLength: Math.min(length, maxListLength) }),
    ...(facetType !== undefined && canBeFaceted(type, facetType) && { facetType }),
    ...(defaultValue !== undefined && columnType === type && { defaultValue }),
  };
}

/** The sum of the defined numbers. */
function sum(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, number) => total + number, 0);
}
