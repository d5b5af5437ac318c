import { parseCondition } from './parseCondition.js';
import {
  parseExpression,
  parseExpressions,
  parseIdentifier,
  parseQuantifier,
  parseSortItems,
  wholeNumber,
} from './parseExpression.js';
import { SqlError } from './sqlError.js';
import { TokenStream } from './tokenStream.js';
import type {
  CommonTable,
  Expression,
  Identifier,
  Join,
  JoinType,
  Query,
  Select,
  SelectItem,
  Statement,
  TableName,
  TableReference,
  Union,
} from './tree.js';

/** Maximum number of tables of a join. SQLite allows 64 and MySQL 61. */
const maxTables = 60;
/** Maximum number of selects of a union, which SQLite translates by recursion. */
const maxSelects = 100;

/**
 * Reads a statement: a select, a union of selects, or one of them after a `WITH` clause.
 *
 * @throws SqlSyntaxError with line, column and what was expected
 */
export function parseStatement(sql: string): Statement {
  return parseWhole(new TokenStream(sql));
}

/**
 * Reads a query that a user runs: one select.
 *
 * @throws SqlSyntaxError with line, column and what was expected
 */
export function parseSelectStatement(sql: string): Statement {
  const stream = new TokenStream(sql);
  const first = parseSelect(stream);
  parseEnd(stream);
  return { query: { first, unions: [] } };
}

/** Reads the select at the start of a query, whatever follows. @throws SqlSyntaxError */
export function parseFirstSelect(sql: string): Select {
  return parseSelect(new TokenStream(sql));
}

/** Reads text that is one expression; `undefined` for other text. */
export function parseWholeExpression(text: string): Expression | undefined {
  try {
    const stream = new TokenStream(text);
    const expression = parseExpression(stream);
    stream.expectKind('end');
    return expression;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function parseWhole(stream: TokenStream): Statement {
  const common = stream.takeWord('WITH') === undefined ? undefined : parseCommonTable(stream);
  if (common !== undefined && stream.takeSymbol(',') !== undefined) {
    throw new SqlError('A CTE must have one and only one inner query.');
  }
  const query = parseUnions(stream);
  parseEnd(stream);
  return common === undefined ? { query } : { with: common, query };
}

function parseEnd(stream: TokenStream): void {
  stream.takeSymbol(';');
  stream.expectKind('end');
}

function parseCommonTable(stream: TokenStream): CommonTable {
  const name = parseTableId(stream);
  let columns: Identifier[] | undefined;
  if (stream.takeSymbol('(') !== undefined) {
    columns = [];
    do {
      columns.push(parseIdentifier(stream));
    } while (stream.takeSymbol(',') !== undefined);
    stream.expectSymbol(')');
  }
  stream.expectWord('AS');
  stream.expectSymbol('(');
  const query = parseUnions(stream);
  stream.expectSymbol(')');
  return { name, columns, query };
}

function parseUnions(stream: TokenStream): Query {
  const first = parseUnionPart(stream);
  const unions: Union[] = [];
  while (stream.takeWord('UNION') !== undefined) {
    const quantifier = parseQuantifier(stream);
    const select = parseUnionPart(stream);
    unions.push(quantifier === undefined ? { select } : { quantifier, select });
    if (unions.length >= maxSelects) {
      throw new SqlError(`A query cannot join more than ${maxSelects} selects with UNION.`);
    }
  }
  return { first, unions };
}

/** A select, with or without parentheses. */
function parseUnionPart(stream: TokenStream): Select {
  if (stream.takeSymbol('(') === undefined) {
    return parseSelect(stream);
  }
  const select = parseSelect(stream);
  stream.expectSymbol(')');
  return { ...select, parentheses: true };
}

function parseSelect(stream: TokenStream): Select {
  stream.expectWord('SELECT');
  const quantifier = parseQuantifier(stream);
  const list = stream.takeSymbol('*') === undefined ? parseSelectList(stream) : '*';
  stream.expectWord('FROM');
  const from = parseFrom(stream);
  return {
    quantifier,
    list,
    from,
    ...parseClauses(stream),
  };
}

function parseClauses(stream: TokenStream): Omit<Select, 'from' | 'list' | 'quantifier'> {
  const definingWhere =
    stream.takeWord('DEFINING_WHERE') === undefined ? undefined : parseCondition(stream);
  const where = stream.takeWord('WHERE') === undefined ? undefined : parseCondition(stream);
  const groupBy = stream.takeWord('GROUP BY') === undefined ? undefined : parseExpressions(stream);
  const orderBy = stream.takeWord('ORDER BY') === undefined ? undefined : parseSortItems(stream);
  let limit: string | undefined;
  let offset: string | undefined;
  if (stream.takeWord('LIMIT') !== undefined) {
    limit = wholeNumber(stream);
    offset = stream.takeWord('OFFSET') === undefined ? undefined : wholeNumber(stream);
  }
  return {
    definingWhere,
    where,
    groupBy,
    orderBy,
    limit,
    offset,
  };
}

function parseSelectList(stream: TokenStream): SelectItem[] {
  const items: SelectItem[] = [];
  do {
    const expression = parseExpression(stream);
    items.push(
      stream.takeWord('AS') === undefined
        ? { expression }
        : { expression, alias: parseIdentifier(stream) },
    );
  } while (stream.takeSymbol(',') !== undefined);
  return items;
}

function parseFrom(stream: TokenStream): TableReference {
  let left: TableReference = parseTable(stream);
  for (let tables = 1; ; tables += 1) {
    const type = parseJoinType(stream);
    if (type === undefined) {
      return left;
    }
    if (tables >= maxTables) {
      throw new SqlError(`Too many tables; at most ${maxTables} tables can be used in a join.`);
    }
    const right = parseTable(stream);
    const on = stream.takeWord('ON') === undefined ? undefined : parseCondition(stream);
    const join: Join = { kind: 'join', type, left, right, on };
    left = join;
  }
}

function parseJoinType(stream: TokenStream): JoinType | undefined {
  const word = stream.takeWord('INNER', 'LEFT', 'RIGHT');
  if (word === undefined) {
    return stream.takeWord('JOIN') === undefined ? undefined : '';
  }
  const outer = word !== 'INNER' && stream.takeWord('OUTER') !== undefined;
  stream.expectWord('JOIN');
  if (word === 'LEFT') {
    return outer ? 'LEFT OUTER' : 'LEFT';
  }
  if (word === 'RIGHT') {
    return outer ? 'RIGHT OUTER' : 'RIGHT';
  }
  return 'INNER';
}

function parseTable(stream: TokenStream): TableName {
  const name = parseTableId(stream);
  if (stream.takeWord('AS') !== undefined) {
    return { kind: 'table', name, alias: takeAlias(stream) ?? stream.fail(), as: true };
  }
  const alias = takeAlias(stream);
  return alias === undefined ? { kind: 'table', name } : { kind: 'table', name, alias };
}

/** The name of a table in a query, which cannot be quoted. */
function takeAlias(stream: TokenStream): Identifier | undefined {
  return stream.isPlainName() ? { name: stream.take().text } : undefined;
}

/** `syn123`, `syn123.4`, or a plain name that names a common table. */
function parseTableId(stream: TokenStream): string {
  const id = stream.takeKind('entityId');
  if (id !== undefined) {
    return id.value;
  }
  return stream.isPlainName() ? stream.take().text : stream.fail();
}
