import type { ColumnType } from './columnTypes.js';

/** A name as written: plain, or delimited by double quotes or backticks. */
export interface Identifier {
  readonly name: string;
  readonly quote?: '"' | '`';
}

/** A whole statement: a query, or a `WITH` clause and a query. */
export interface Statement {
  readonly with?: CommonTable;
  readonly query: Query;
}

/** `name [(columns)] AS ( query )` of a `WITH` clause. */
export interface CommonTable {
  readonly name: string;
  readonly columns?: readonly Identifier[];
  readonly query: Query;
}

/** One or more selects, connected by `UNION`. */
export interface Query {
  readonly first: Select;
  readonly unions: readonly Union[];
}

export interface Union {
  readonly quantifier?: 'ALL' | 'DISTINCT';
  readonly select: Select;
}

export interface Select {
  /** Written in parentheses, as a part of a union. */
  readonly parentheses?: true;
  readonly quantifier?: 'ALL' | 'DISTINCT';
  readonly list: '*' | readonly SelectItem[];
  readonly from: TableReference;
  readonly definingWhere?: Condition;
  readonly where?: Condition;
  readonly groupBy?: readonly Expression[];
  readonly orderBy?: readonly SortItem[];
  /** Digits, because the number may not fit a double. */
  readonly limit?: string;
  readonly offset?: string;
}

export interface SelectItem {
  readonly expression: Expression;
  readonly alias?: Identifier;
}

export interface SortItem {
  readonly expression: Expression;
  readonly direction?: 'ASC' | 'DESC';
}

export type TableReference = Join | TableName;

export interface TableName {
  readonly kind: 'table';
  /** `syn123`, `syn123.4`, or the name of a common table; entity ids are lower case. */
  readonly name: string;
  readonly alias?: Identifier;
  /** Whether the alias is written with `AS`. */
  readonly as?: true;
}

export type JoinType = '' | 'INNER' | 'LEFT OUTER' | 'LEFT' | 'RIGHT OUTER' | 'RIGHT';

export interface Join {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly left: TableReference;
  readonly right: TableName;
  readonly on?: Condition;
}

export type Expression =
  | AggregateExpression
  | BinaryExpression
  | CallExpression
  | CaseExpression
  | CastExpression
  | ColumnExpression
  | IntervalExpression
  | LiteralExpression
  | ParenthesizedExpression
  | SignExpression
  | UnnestExpression;

export interface ColumnExpression {
  readonly kind: 'column';
  /** Table, alias or common table before the dot. */
  readonly table?: Identifier;
  readonly column: Identifier;
}

export type LiteralExpression =
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  /** `exact` for `12` and `1.5`, not for `1e3`. */
  | { readonly kind: 'number'; readonly text: string; readonly exact: boolean }
  | { readonly kind: 'string'; readonly value: string };

export type BinaryOperator = '%' | '*' | '+' | '-' | '/' | 'DIV';

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface SignExpression {
  readonly kind: 'sign';
  readonly sign: '+' | '-';
  readonly operand: Expression;
}

export interface ParenthesizedExpression {
  readonly kind: 'parentheses';
  readonly inner: Expression;
}

export interface CaseExpression {
  readonly kind: 'case';
  /** Present in the simple form: `CASE a WHEN 1 THEN ...`. */
  readonly operand?: Expression;
  readonly branches: readonly CaseBranch[];
  readonly otherwise?: Expression;
}

export interface CaseBranch {
  /** A value in the simple form, a condition in the searched one. */
  readonly when:
    | { readonly condition: Condition; readonly value?: undefined }
    | { readonly condition?: undefined; readonly value: Expression };
  readonly then: Expression;
}

export interface CastExpression {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly target:
    | { readonly columnId: string; readonly type?: undefined }
    | { readonly columnId?: undefined; readonly type: ColumnType };
}

export interface IntervalExpression {
  readonly kind: 'interval';
  readonly count: Expression;
  readonly unit: string;
}

export interface CallExpression {
  readonly kind: 'call';
  /** Upper case. */
  readonly name: string;
  readonly args: readonly Expression[];
  /** Written without parentheses (`CURRENT_DATE`). */
  readonly bare?: true;
}

export interface AggregateExpression {
  readonly kind: 'aggregate';
  /** Upper case; `COUNT(*)` has no operand. */
  readonly name: string;
  readonly quantifier?: 'ALL' | 'DISTINCT';
  readonly operand?: Expression;
  /** The operands after the first, as in `COUNT(DISTINCT a, b)`. */
  readonly others?: readonly Expression[];
  readonly orderBy?: readonly SortItem[];
  readonly separator?: string;
}

export interface UnnestExpression {
  readonly kind: 'unnest';
  readonly column: ColumnExpression;
}

export type Condition =
  | BetweenCondition
  | ComparisonCondition
  | FloatCondition
  | HasCondition
  | InCondition
  | IsCondition
  | LikeCondition
  | { readonly kind: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'group' | 'not'; readonly inner: Condition }
  | TruthCondition
  | { readonly kind: 'textMatches'; readonly search: string };

/** The left side of a predicate. */
export type PredicateSubject = CallExpression | CastExpression | ColumnExpression;

export type ComparisonOperator = '<' | '<=' | '<>' | '=' | '>' | '>=';

export interface ComparisonCondition {
  readonly kind: 'comparison';
  readonly left: PredicateSubject;
  readonly operator: ComparisonOperator;
  readonly right: Expression;
}

export interface BetweenCondition {
  readonly kind: 'between';
  readonly left: PredicateSubject;
  readonly negated: boolean;
  readonly low: Expression;
  readonly high: Expression;
}

export interface InCondition {
  readonly kind: 'in';
  readonly left: PredicateSubject;
  readonly negated: boolean;
  readonly values: readonly Expression[];
}

export interface LikeCondition {
  readonly kind: 'like';
  readonly left: PredicateSubject;
  readonly negated: boolean;
  readonly pattern: Expression;
  readonly escape?: string;
}

export interface IsCondition {
  readonly kind: 'is';
  readonly left: PredicateSubject;
  readonly negated: boolean;
  readonly value: 'FALSE' | 'NULL' | 'TRUE' | 'UNKNOWN';
}

/** A test of a condition: `(a = 1) IS NOT TRUE`. */
export interface TruthCondition {
  readonly kind: 'truth';
  readonly inner: Condition;
  readonly negated: boolean;
  readonly value: 'FALSE' | 'TRUE' | 'UNKNOWN';
}

/** `HAS` and `HAS_LIKE` on a list column. */
export interface HasCondition {
  readonly kind: 'has' | 'hasLike';
  readonly left: PredicateSubject;
  readonly negated: boolean;
  readonly values: readonly Expression[];
  readonly escape?: string;
}

/** `ISNAN(column)` and `ISINFINITY(column)`. */
export interface FloatCondition {
  readonly kind: 'float';
  readonly test: 'ISINFINITY' | 'ISNAN';
  readonly column: ColumnExpression;
}
