/** Writing TypeScript as Prettier formats it, with text from others that never leaves its string or comment. */

/** Characters of a line. */
const lineWidth = 80;

// Characters that end a line, that cannot be seen, or that change the direction of text.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(invisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return escapes[character] ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
  });
}

/** A string literal. */
export function stringLiteral(text: string): string {
  const single = text.split("'").length;
  const double = text.split('"').length;
  const quote = single > double ? '"' : "'";
  return quote + escaped(text).replaceAll(quote, `\\${quote}`) + quote;
}

/** The name of a property, in quotes where it needs them. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/** A documentation comment of one line. */
export function comment(text: string): string {
  return `/** ${escaped(text).replaceAll('*/', '*\\/')} */`;
}

/** Text of others in a comment: in quotes. */
export function inComment(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

// Compilers know the letters of living scripts, but not all of the newest ones, which are beyond U+FFFF.
const notInIdentifiers = /(?:[^\p{L}\p{Nd}]|[\u{10000}-\u{10ffff}])+/u;

/** The words of a name as an identifier: `my visits-2` is `MyVisits2`. */
export function pascalCase(name: string): string {
  const words = name.normalize('NFC').split(notInIdentifiers);
  return words
    .map((word) => {
      const [first = '', ...rest] = word;
      return first.toUpperCase() + rest.join('');
    })
    .join('');
}

/** JSON values as an expression, after `before` on a line with this indentation and before `after`. */
export function expression(
  value: unknown,
  { indent, before, after }: { indent: string; before: string; after: string },
): string {
  const line = inline(value);
  const fits = indent.length + before.length + line.length + after.length <= lineWidth;
  if ((fits && !mustBreak(value)) || typeof value !== 'object' || value === null) return line;
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const lines = isList
    ? value.map((item) => expression(item, { indent: inner, before: '', after: ',' }))
    : membersOf(value).map(([name, item]) => member(name, item, inner));
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.map((text) => `${inner}${text},\n`).join('')}${indent}${close}`;
}

/** A member of an object, without its comma. */
export function member(name: string, value: unknown, indent: string): string {
  // Without brackets, this name sets the prototype of the object.
  const key = name === '__proto__' ? "['__proto__']" : propertyName(name);
  const text = expression(value, { indent, before: `${key}: `, after: ',' });
  const isLong = indent.length + key.length + 2 + text.length + 1 > lineWidth;
  // A text that is too long for the line of its name has its own. A short name gains nothing from that.
  return typeof value === 'string' && isLong && key.length > 2
    ? `${key}:\n${indent}  ${text}`
    : `${key}: ${text}`;
}

function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

function inline(value: unknown): string {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  const members = membersOf(value).map(([name, item]) => `${propertyName(name)}: ${inline(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Whether a value has a list of several objects with several members, each of which has lines of its own. */
function mustBreak(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const items: unknown[] = Object.values(value);
  const isTable =
    Array.isArray(value) &&
    items.length > 1 &&
    items.every((item) => isObject(item) && membersOf(item).length > 1);
  return isTable || items.some(mustBreak);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an interface, with its semicolon. */
export function typeMember(name: string, types: readonly string[], indent: string): string {
  const key = propertyName(name);
  const line = `${indent}${key}: ${types.join(' | ')};`;
  if (line.length <= lineWidth || types.length === 1) return line;
  return `${indent}${key}:${types.map((type) => `\n${indent}  | ${type}`).join('')};`;
}
