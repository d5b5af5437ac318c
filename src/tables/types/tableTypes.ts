import type * as M from '../../../generated/models.js';
import { isList } from '../../values/isList.js';
import { getColumns } from '../../columns/getColumns.js';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { entityVersionOf, type EntityRef } from '../../values/ids.js';
import { queryRequest } from '../query/queryOptions.js';
import { queryParts } from '../query/queryParts.js';
import { requireDistinct } from '../query/resultRows.js';
import type { SqlFragment } from '../sql/sqlFragment.js';
import { inComment } from './sourceText.js';
import { typesModule, type DescribedColumn, type DescribedTable } from './typesModule.js';

/** A query whose rows are described by a type. */
export interface QueryToType {
  sql: string | SqlFragment;
  /** What its type is named after. @default 'query' */
  name?: string;
}

/** A table or view, a version of one (`syn123.4`), or a query. */
export type TypesInput = EntityRef | QueryToType;

/**
 * Writes a TypeScript module with the types of rows: for each table, view or query an interface, whose properties have the types
 * that the library returns by default, and a definition for {@link defineTable}.
 *
 * @throws {@link NotFoundError} when there is no such table; {@link QueryError} when Synapse refuses the
 * query; {@link ArgumentError} when two of its columns have one name.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/column.html
 */
export async function tableTypes(
  ctx: Context,
  tables: TypesInput | readonly TypesInput[],
  { signal }: Pick<CommonOptions, 'signal'> = {},
): Promise<string> {
  const inputs = isList(tables) ? tables : [tables];
  if (inputs.length === 0) {
    throw new ArgumentError('No table to write the types of: pass an id, or a query.');
  }
  const described: DescribedTable[] = [];
  for (const input of inputs) {
    described.push(
      isQuery(input)
        ? await describeQuery(ctx, input, { signal })
        : await describeTable(ctx, input, { signal }),
    );
  }
  return typesModule(described);
}

function isQuery(input: TypesInput): input is QueryToType {
  return typeof input === 'object' && 'sql' in input;
}

async function describeTable(
  ctx: Context,
  table: EntityRef,
  options: { signal: AbortSignal | undefined },
): Promise<DescribedTable> {
  // The version of an object is the one that was read, not one that is asked for.
  const { id, version } = entityVersionOf(
    typeof table === 'string' ? table : { ...table, versionNumber: undefined },
  );
  const { name } = await ctx.services.entity.getEntityHeader({ id }, options);
  const reference = version === undefined ? id : `${id}.${version}`;
  const columns =
    version === undefined
      ? await getColumns(ctx, id, options)
      : await resultColumns(ctx, `select * from ${reference}`, options);
  return { name, title: `${inComment(name)} (${reference})`, suffix: reference, columns };
}

async function describeQuery(
  ctx: Context,
  { sql, name = 'query' }: QueryToType,
  options: { signal: AbortSignal | undefined },
): Promise<DescribedTable> {
  const columns = await resultColumns(ctx, sql, options);
  requireDistinct(columns.map((column) => column.name));
  const text = typeof sql === 'string' ? sql : sql.text;
  return { name, title: `the query ${inComment(text)}`, suffix: '', columns };
}

/** The columns of a result: those of the table itself with their properties, computed ones with their type. */
async function resultColumns(
  ctx: Context,
  sql: QueryToType['sql'],
  options: { signal: AbortSignal | undefined },
): Promise<DescribedColumn[]> {
  const wanted = { columns: true, columnModels: true } as const;
  const { columns, columnModels } = await queryParts(ctx, queryRequest(sql), wanted, options);
  const models = new Map(columnModels.map((model) => [model.id, model]));
  return columns.map((column) => described(column, models.get(column.id)));
}

function described(
  { name = '', columnType = 'STRING' }: M.SelectColumn,
  model: M.ColumnModel | undefined,
): DescribedColumn {
  return model?.columnType === columnType ? { ...model, name, columnType } : { name, columnType };
}
