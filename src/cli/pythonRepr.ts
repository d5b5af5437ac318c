import { formatDouble } from '../values/doubles.js';
import { ExactNumber } from '../values/json.js';

/** Formats a value as Python's `repr` does: `['x', 1.5, True, None]`. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'string') return textRepr(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? String(value) : formatDouble(value);
  if (value instanceof ExactNumber || typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') throw new TypeError(`Python has no ${typeof value}.`);
  if (value instanceof Date) return dateRepr(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${members.map(([key, one]) => `${textRepr(key)}: ${pythonRepr(one)}`).join(', ')}}`;
}

function dateRepr(date: Date): string {
  const seconds = date.getUTCSeconds();
  const microseconds = date.getUTCMilliseconds() * 1000;
  const parts = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    ...(seconds > 0 || microseconds > 0 ? [seconds] : []),
    ...(microseconds > 0 ? [microseconds] : []),
  ];
  return `datetime.datetime(${parts.join(', ')}, tzinfo=datetime.timezone.utc)`;
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replace(/[\\']/g, (one) => (one === quote || one === '\\' ? `\\${one}` : one))
    .replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, escape);
  return quote + escaped + quote;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const [letter, width] = code > 0xffff ? ['U', 8] : code > 0xff ? ['u', 4] : ['x', 2];
  return named[character] ?? `\\${letter}${code.toString(16).padStart(width, '0')}`;
}
