import { ArgumentError } from '../../errors.js';
import { isSynapseId } from '../../values/ids.js';
import { ExactNumber } from '../../values/json.js';
import { quoted } from '../../values/quoted.js';
import { isWordPart, sqlTokens } from '../../values/sqlTokens.js';

/** A value that SQL can hold. An object with an `id`, such as a stored table, stands for its id. */
export type SqlScalar =
  string | number | bigint | boolean | Date | ExactNumber | { id?: string | undefined } | null;

/** Words after which the name of a table follows. */
const beforeTable = new Set(['from', 'join']);
const comparisons = new Set(['=', '<', '>', '!']);

/** Writes SQL text piece by piece: code as it is, values as literals that the code cannot change. */
export class SqlWriter {
  #text = '';
  /** The last token that is not whitespace or a comment, in lower case. */
  #last = '';
  #isAfterValue = false;

  get text(): string {
    return this.#text;
  }

  /**
   * Adds code. Quotes and comments end in the piece in which they begin.
   *
   * @throws {@link ArgumentError} for a quote or comment that does not end.
   */
  code(sql: string): void {
    if (sql === '') return;
    if (this.#isAfterValue) requireApart(sql.charAt(0), this.#text, sql);
    for (const { kind, start, end } of sqlTokens(sql)) {
      if (kind === 'unclosed') {
        throw new ArgumentError(
          `A quote or comment does not end: ${quoted(sql.slice(start))}. A value stands for a whole text, without quotes ` +
            'around it. For LIKE, put the % into the value.',
        );
      }
      if (kind !== 'space' && kind !== 'comment') this.#last = sql.slice(start, end).toLowerCase();
    }
    this.#text += sql;
    this.#isAfterValue = false;
  }

  /** Adds a name or an id that is valid as it is. */
  atom(text: string): void {
    requireApart(this.#text.slice(-1), this.#text, text);
    this.#add(text);
  }

  /**
   * Adds a value, or a list of values in parentheses.
   *
   * @throws {@link ArgumentError} for a value that SQL cannot hold.
   */
  value(value: SqlScalar | readonly SqlScalar[] | undefined): void {
    if (beforeTable.has(this.#last)) this.atom(tableText(value));
    else if (Array.isArray(value)) this.#list(value as readonly SqlScalar[]);
    else {
      if (value === null && comparisons.has(this.#last)) {
        throw new ArgumentError(
          'A comparison with NULL is never true in SQL: write IS NULL or IS NOT NULL.',
        );
      }
      this.atom(this.#apart(literal(value as SqlScalar | undefined)));
    }
  }

  #list(values: readonly SqlScalar[]): void {
    if (values.length === 0) {
      throw new ArgumentError(
        'An empty list has no form in SQL: leave out the condition, or the query, when there are no values.',
      );
    }
    if (values.includes(null)) {
      throw new ArgumentError(
        'A list of values cannot contain null, which equals nothing in SQL: add OR ... IS NULL to the condition.',
      );
    }
    const texts = values.map(literal).join(', ');
    // The parentheses may be part of the code: in (${ids}).
    const isInList = this.#last === '(' || this.#last === ',';
    this.atom(isInList ? this.#apart(texts) : `(${texts})`);
  }

  /** A negative number after a minus would become a comment. */
  #apart(text: string): string {
    return text.startsWith('-') && this.#text.endsWith('-') ? ` ${text}` : text;
  }

  #add(text: string): void {
    this.#text += text;
    this.#last = '';
    this.#isAfterValue = true;
  }
}

/** Two texts without a space between them could be read as one: 'a' and 'b' would become 'a''b'. */
function requireApart(character: string, before: string, after: string): void {
  if (!isWordPart(character) && !`'"\``.includes(character || ' ')) return;
  throw new ArgumentError(
    `A space is missing between ${quoted(before.slice(-20))} and ${quoted(after.slice(0, 20))}. ` +
      'A value cannot be a part of a name, number or text.',
  );
}

function literal(value: SqlScalar | undefined): string {
  if (value === null) return 'NULL';
  if (value instanceof Date) return dateLiteral(value);
  if (value instanceof ExactNumber) return value.value;
  switch (typeof value) {
    case 'string':
      return `'${value.replaceAll("'", "''")}'`;
    case 'number':
      return numberLiteral(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return `'${entityId(value)}'`;
    default:
      throw new ArgumentError(
        `SQL cannot hold ${quoted(value)}: expected a text, number, bigint, boolean, Date, null, list or stored entity.`,
      );
  }
}

function numberLiteral(value: number): string {
  if (Number.isFinite(value)) return String(value);
  throw new ArgumentError(
    `SQL has no literal for ${value}: use ISNAN("column") or ISINFINITY("column").`,
  );
}

function dateLiteral(value: Date): string {
  const time = value.getTime();
  if (Number.isNaN(time)) throw new ArgumentError('SQL cannot hold an invalid date.');
  return String(time);
}

function entityId(value: unknown): string {
  const id: unknown =
    typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  if (isSynapseId(id)) return id.trimEnd();
  throw new ArgumentError(
    `SQL cannot hold ${quoted(value)}: an object must be a Date or a stored entity, with an id such as syn123.`,
  );
}

/** The id with the version of a snapshot, which is not the id of the table that goes on. */
function snapshotId(value: unknown): string | undefined {
  const id: unknown =
    typeof value === 'object' && value !== null && 'versionedId' in value
      ? value.versionedId
      : undefined;
  return isSynapseId(id) ? id : undefined;
}

/** The id of a table, with a version or without. */
export function tableText(value: unknown): string {
  if (typeof value !== 'string') return snapshotId(value) ?? entityId(value);
  if (isSynapseId(value)) return value.trimEnd();
  throw new ArgumentError(
    `${quoted(value)} is not a table: expected an id such as syn123 or syn123.4.`,
  );
}
