/** What a part of an SQL text is. */
export type SqlTokenKind =
  /** Whitespace. */
  | 'space'
  /** From two dashes to the end of the line, or between slash and asterisk. */
  | 'comment'
  /** A keyword, a name without quotes, or an id such as `syn123`. */
  | 'word'
  | 'number'
  /** A text in single quotes. */
  | 'string'
  /** A name in double quotes or backticks. */
  | 'name'
  /** A colon and a name: `:age`. */
  | 'parameter'
  /** A quote or comment that does not end. */
  | 'unclosed'
  | 'symbol';

/** A part of an SQL text, from `start` to before `end`. */
export interface SqlToken {
  kind: SqlTokenKind;
  start: number;
  end: number;
}

/**
 * Splits an SQL text into tokens, as far as is needed to tell code from quotes and comments. Every character belongs to one token.
 * Takes linear time.
 */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  let start = 0;
  while (start < sql.length) {
    const token = tokenAt(sql, start);
    yield token;
    start = token.end;
  }
}

function tokenAt(sql: string, start: number): SqlToken {
  const first = sql.charAt(start);
  if (first === "'") return quotedToken(sql, start, 'string');
  if (first === '"' || first === '`') return quotedToken(sql, start, 'name');
  if (isSpace(first)) return { kind: 'space', start, end: endOf(sql, start, isSpace) };
  if (isDigit(first)) return { kind: 'number', start, end: endOf(sql, start, isNumberPart) };
  if (isWordPart(first)) return { kind: 'word', start, end: endOf(sql, start, isWordPart) };
  if (first === '-') return lineComment(sql, start) ?? symbol(start);
  if (first === '/' && sql.charAt(start + 1) === '*') return blockComment(sql, start);
  const next = sql.charAt(start + 1);
  if (first === ':' && isWordPart(next) && !isDigit(next)) {
    return { kind: 'parameter', start, end: endOf(sql, start + 1, isWordPart) };
  }
  return symbol(start);
}

function symbol(start: number): SqlToken {
  return { kind: 'symbol', start, end: start + 1 };
}

/** A quote is doubled inside of quotes. A backslash has no meaning in the SQL of Synapse. */
function quotedToken(sql: string, start: number, kind: 'name' | 'string'): SqlToken {
  const quote = sql.charAt(start);
  let end = sql.indexOf(quote, start + 1);
  while (end >= 0 && sql.charAt(end + 1) === quote) end = sql.indexOf(quote, end + 2);
  return end < 0 ? { kind: 'unclosed', start, end: sql.length } : { kind, start, end: end + 1 };
}

/** Two dashes are a comment when whitespace follows: `5--3` is a subtraction. */
function lineComment(sql: string, start: number): SqlToken | undefined {
  const after = sql.charAt(start + 2);
  if (sql.charAt(start + 1) !== '-' || (after !== '' && !isSpace(after))) return undefined;
  const end = sql.indexOf('\n', start);
  return { kind: 'comment', start, end: end < 0 ? sql.length : end };
}

function blockComment(sql: string, start: number): SqlToken {
  const end = sql.indexOf('*/', start + 2);
  return end < 0
    ? { kind: 'unclosed', start, end: sql.length }
    : { kind: 'comment', start, end: end + 2 };
}

function endOf(sql: string, start: number, isPart: (character: string) => boolean): number {
  let end = start + 1;
  while (end < sql.length && isPart(sql.charAt(end))) end += 1;
  return end;
}

function isSpace(character: string): boolean {
  return character <= ' ' ? character !== '' : character > '~' && character.trim() === '';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

/** Whether a character can be part of a word. Characters beyond ASCII are: no symbol of SQL is among them. */
export function isWordPart(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    isDigit(character) ||
    character === '_' ||
    (character > '~' && !isSpace(character))
  );
}

function isNumberPart(character: string): boolean {
  return character === '.' || isWordPart(character);
}
