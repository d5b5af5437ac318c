import { balanced } from './balanced.js';
import { isTextType } from './columnTypes.js';
import { compareSql, constantFor, inSql } from './compare.js';
import { comparisonsPerUnit, keyPattern, likeEscape } from './likePattern.js';
import { checkPredicate } from './checkPredicate.js';
import { printExpression } from './printSql.js';
import { isSystemName } from './scope.js';
import { joinNotSupported, SqlError } from './sqlError.js';
import { searchExpression } from './searchExpression.js';
import { textKey } from './textKey.js';
import { requireListColumn, translateExpression } from './translateExpression.js';
import type { Translation } from './translation.js';
import type {
  BetweenCondition,
  Condition,
  Expression,
  FloatCondition,
  HasCondition,
  IsCondition,
  LikeCondition,
  TruthCondition,
} from './tree.js';
import type { Value } from './value.js';
import { keySql, numberSql, textSql } from './value.js';

/** Translates a condition to a SQLite expression that is 1, 0 or NULL. */
export function translateCondition(context: Translation, condition: Condition): string {
  if (context.clause !== 'select') {
    checkPredicate(context, condition);
  }
  switch (condition.kind) {
    case 'and':
      return joined(context, condition.items, ' AND ');
    case 'or':
      return joined(context, condition.items, ' OR ');
    case 'not':
      return `(NOT ${translateCondition(context, condition.inner)})`;
    case 'group':
      return translateCondition(context, condition.inner);
    case 'truth':
      return translateTruth(context, condition);
    case 'comparison':
      return compareSql(
        context,
        translateExpression(context, condition.left),
        condition.operator,
        translateExpression(context, condition.right),
      );
    case 'between':
      return translateBetween(context, condition);
    case 'in': {
      const values = condition.values.map((value) => translateExpression(context, value));
      const sql = inSql(context, translateExpression(context, condition.left), values);
      return negate(sql, condition.negated);
    }
    case 'like':
      return translateLike(context, condition);
    case 'is':
      return translateIs(context, condition);
    case 'has':
    case 'hasLike':
      return translateHas(context, condition);
    case 'float':
      return translateFloatTest(context, condition);
    case 'textMatches':
      return translateTextMatches(context, condition.search);
  }
}

function joined(context: Translation, items: readonly Condition[], operator: string): string {
  return balanced(
    items.map((item) => translateCondition(context, item)),
    operator,
  );
}

function negate(sql: string, negated: boolean): string {
  return negated ? `(NOT ${sql})` : sql;
}

function translateBetween(context: Translation, condition: BetweenCondition): string {
  const left = translateExpression(context, condition.left);
  const low = compareSql(context, left, '>=', translateExpression(context, condition.low));
  const high = compareSql(context, left, '<=', translateExpression(context, condition.high));
  return negate(`(${low} AND ${high})`, condition.negated);
}

function translateIs(context: Translation, { left, negated, value }: IsCondition): string {
  const subject = translateExpression(context, left);
  if (value === 'NULL' || value === 'UNKNOWN') {
    return `(${subject.sql} IS ${negated ? 'NOT ' : ''}NULL)`;
  }
  return `(${numberSql(subject)} IS ${negated ? 'NOT ' : ''}${value})`;
}

function translateTruth(context: Translation, { inner, negated, value }: TruthCondition): string {
  const sql = translateCondition(context, inner);
  return `(${sql} IS ${negated ? 'NOT ' : ''}${value === 'UNKNOWN' ? 'NULL' : value})`;
}

/** Patterns up to this length are matched without counting the work. */
const shortPattern = 32;

function translateLike(context: Translation, condition: LikeCondition): string {
  const subject = translateExpression(context, condition.left);
  const pattern = translateExpression(context, condition.pattern);
  const escape = condition.escape ?? '\\';
  checkEscape(escape);
  return negate(likeSql(context, subject, pattern, escape), condition.negated);
}

function likeSql(context: Translation, subject: Value, pattern: Value, escape: string): string {
  if (pattern.literal !== undefined) {
    const pieces = keyPattern(String(pattern.literal), escape);
    const like = `${keySql(subject)} LIKE ${context.parameters.add(pieces)} ESCAPE '${likeEscape}'`;
    if (pieces.length <= shortPattern) {
      return `(${like})`;
    }
    // In the worst case, each place of the text is compared with the whole pattern.
    const work = `CAST(length(${keySql(subject)}) * ${pieces.length} / ${comparisonsPerUnit} AS INTEGER)`;
    return `(syn_work(${work}, ${keySql(subject)}) AND ${like})`;
  }
  const bound = context.parameters.add(escape);
  return `syn_like(${textSql(subject)}, ${textSql(pattern)}, ${bound})`;
}

function checkEscape(escape: string): void {
  if (Array.from(escape).length > 1) {
    throw new SqlError('Incorrect arguments to ESCAPE');
  }
}

function translateHas(context: Translation, condition: HasCondition): string {
  const keyword = condition.kind === 'has' ? 'HAS' : 'HAS_LIKE';
  if (context.scope.tables.length > 1) {
    throw new SqlError(joinNotSupported);
  }
  if (condition.left.kind !== 'column') {
    throw new SqlError('The HAS keyword only works for list column references');
  }
  const { found, element } = requireListColumn(context, condition.left, `The ${keyword} keyword`);
  const item = context.nextAlias();
  const { alias } = found.table;
  const { sql, storedKey } = found.column;
  // The keys of text lists are stored as a list, so they need not be computed here.
  const keyed = isTextType(element) && storedKey !== undefined;
  const list = keyed ? `coalesce(${alias}.${storedKey}, ${alias}.${sql})` : `${alias}.${sql}`;
  const text = keyed ? `${item}.value` : `syn_key(${item}.value)`;
  const value: Value = {
    sql: `${item}.value`,
    kind: isTextType(element) ? 'text' : element === 'BOOLEAN' ? 'boolean' : 'integer',
    type: element,
    key: isTextType(element) ? text : `syn_key(${elementTextSql(item, element)})`,
  };
  const tests =
    condition.kind === 'has'
      ? hasTests(context, value, condition.values)
      : hasLikeTests(context, value, condition);
  const exists = `EXISTS (SELECT 1 FROM json_each(${list}) AS ${item} WHERE ${balanced(tests, ' OR ')})`;
  // A row without a list has none of the elements, but NOT HAS does not find it.
  return condition.kind === 'has' && condition.negated
    ? `(${alias}.${sql} IS NOT NULL AND NOT ${exists})`
    : negate(`(${exists})`, condition.negated);
}

function elementTextSql(item: string, element: string): string {
  return element === 'ENTITYID' ? `'syn' || ${item}.value` : `CAST(${item}.value AS TEXT)`;
}

function hasTests(context: Translation, item: Value, values: readonly Expression[]): string[] {
  const long = longHasTest(context, item, values);
  if (long !== undefined) return [long];
  return values.map((expression) => {
    const value = translateExpression(context, expression);
    if (value.literal === undefined) {
      return compareSql(context, item, '=', value);
    }
    const constant = constantFor(item.type, value.literal);
    if (constant === undefined) {
      return '0';
    }
    return typeof constant === 'string'
      ? `${item.key ?? item.sql} = ${context.parameters.add(textKey(constant))} COLLATE NOCASE`
      : `${item.sql} = ${context.parameters.add(constant)}`;
  });
}

/** Lists longer than this are passed to SQLite as one parameter. */
const longList = 3;

/** The test of an element with a long list of constants; `undefined` for a short one and for other expressions. */
function longHasTest(
  context: Translation,
  item: Value,
  values: readonly Expression[],
): string | undefined {
  if (values.length <= longList) return undefined;
  const items: string[] = [];
  for (const expression of values) {
    const { literal } = translateExpression(context, expression);
    if (literal === undefined) return undefined;
    const constant = constantFor(item.type, literal);
    if (constant === undefined) continue;
    items.push(typeof constant === 'string' ? JSON.stringify(textKey(constant)) : String(constant));
  }
  const subject = item.kind === 'text' ? `(${item.key ?? item.sql}) COLLATE NOCASE` : item.sql;
  const list = context.parameters.add(`[${items.join(',')}]`);
  return `${subject} IN (SELECT value FROM json_each(${list}))`;
}

function hasLikeTests(context: Translation, item: Value, condition: HasCondition): string[] {
  const escape = condition.escape ?? '\\';
  checkEscape(escape);
  return condition.values.map((expression) =>
    likeSql(context, { ...item, kind: 'text' }, translateExpression(context, expression), escape),
  );
}

function translateFloatTest(context: Translation, { test, column }: FloatCondition): string {
  const found = context.scope.find(column);
  if (found === undefined) {
    const name = printExpression(column, false);
    throw new SqlError(`Function: ${test} has unknown reference: ${name}`);
  }
  if (isSystemName(found.column.name)) {
    throw new SqlError(
      '(double boolean-functions can only be used on columns defined in the schema',
    );
  }
  if (found.column.type !== 'DOUBLE') {
    throw new SqlError(`Function: ${test} can only be used with a column of type DOUBLE.`);
  }
  const { alias } = found.table;
  if (test === 'ISINFINITY') {
    return `(${alias}.${found.column.sql} IN (9e999, -9e999))`;
  }
  return found.column.nan === undefined ? '0' : `(${alias}.${found.column.nan} IS 1)`;
}

function translateTextMatches(context: Translation, search: string): string {
  const [table] = context.scope.tables;
  const rowId = table?.source.system.find(({ name }) => name === 'ROW_ID');
  if (table?.source.search === undefined || rowId === undefined) {
    throw new SqlError(
      `Invalid use of TEXT_MATCHES. Full text search is not enabled on table ${table?.source.name ?? ''}.`,
    );
  }
  const query = searchExpression(search);
  if (query === undefined) {
    return '0';
  }
  const index = table.source.search;
  const bound = context.parameters.add(query);
  return `(${table.alias}.${rowId.sql} IN (SELECT rowid FROM ${index} WHERE ${index} MATCH ${bound}))`;
}
