import { isExactNumber, parseExactJson } from '../../kernel/exactJson.js';
import { matchesLike } from './likePattern.js';

/** A parsed JSON value. */
export type Json = boolean | number | string | Json[] | { [key: string]: Json } | null;

/** Long numbers, and those whose text JavaScript would change. */
const needsExactness = /\d{16}|\d[.eE]|-0/;

/**
 * Parses JSON text without rounding its numbers: those that JavaScript would change are exact numbers. `undefined` when it is
 * not valid.
 */
export function parseFullJson(text: string): unknown {
  if (!needsExactness.test(text)) {
    return parseJson(text);
  }
  try {
    const value = parseExactJson(text);
    return isDeeperThan(maxDepth, value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Parses JSON text; `undefined` when it is not valid. */
export function parseJson(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isDeeperThan(maxDepth, value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Maximum number of levels of a JSON document, as in MySQL. */
export const maxDepth = 100;

function isDeeperThan(levels: number, value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !isExactNumber(value) &&
    (levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member)))
  );
}

/** Writes JSON as MySQL does: a space after `,` and `:`, short keys before long ones. Exact numbers are written in full. */
export function printJson(value: unknown): string {
  if (isExactNumber(value)) {
    return numberText(value.value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(printJson).join(', ')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).sort(([a], [b]) => compareKeys(a, b));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${printJson(member)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** Whole numbers of 64 bits are kept, all others are doubles. */
function numberText(digits: string): string {
  if (/^-?\d{1,20}$/.test(digits)) {
    const value = BigInt(digits);
    if (BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value) {
      return digits;
    }
  }
  const number = Number(digits);
  const text = JSON.stringify(Object.is(number, -0) ? 0 : number);
  const sign = Object.is(number, -0) ? '-' : '';
  return sign + (/^-?\d+$/.test(text) ? `${text}.0` : text);
}

function compareKeys(a: string, b: string): number {
  const difference = Buffer.byteLength(a) - Buffer.byteLength(b);
  return difference !== 0 ? difference : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

type Step =
  { readonly key: string } | { readonly index: number | 'last' } | 'deep' | 'each' | 'members';

const stepForm =
  /\*\*|\.\*|\[\*\]|\[\s*(last(?:\s*-\s*\d+)?|\d+)\s*\]|\.(?:"((?:[^"\\]|\\.)*)"|([^\s."[\]*]+))/y;

/** Reads a path like `$.a[0]."b c"`. `undefined` when it is malformed. */
function parsePath(path: string): Step[] | undefined {
  const text = path.trim();
  if (!text.startsWith('$')) {
    return undefined;
  }
  const steps: Step[] = [];
  stepForm.lastIndex = 1;
  while (stepForm.lastIndex < text.length) {
    const match = stepForm.exec(text);
    if (match === null) {
      return undefined;
    }
    steps.push(stepOf(match));
  }
  return steps;
}

function stepOf(match: RegExpExecArray): Step {
  const [whole, index, quoted, key] = match;
  if (whole === '**') {
    return 'deep';
  }
  if (whole === '.*') {
    return 'members';
  }
  if (whole === '[*]') {
    return 'each';
  }
  if (index !== undefined) {
    return { index: index.startsWith('last') ? 'last' : Number(index) };
  }
  const name = quoted === undefined ? key : parseJson(`"${quoted}"`);
  return { key: typeof name === 'string' ? name : '' };
}

/** The values below a value that a path leads to; `many` when the path may lead to several. */
function follow(value: Json, path: string): { values: Json[]; many: boolean } | undefined {
  const steps = parsePath(path);
  if (steps === undefined) {
    return undefined;
  }
  let values = [value];
  let many = false;
  for (const step of steps) {
    many ||= typeof step === 'string';
    values = values.flatMap((current) => takeStep(current, step));
  }
  return { values, many };
}

function takeStep(value: Json, step: Step): Json[] {
  if (step === 'deep') {
    return [value, ...childrenOf(value).flatMap((child) => takeStep(child, 'deep'))];
  }
  if (step === 'members') {
    return Array.isArray(value) ? [] : childrenOf(value);
  }
  if (step === 'each') {
    return Array.isArray(value) ? value : [];
  }
  if ('key' in step) {
    const member =
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? value[step.key]
        : undefined;
    return member === undefined ? [] : [member];
  }
  // MySQL treats a scalar as a list of itself.
  const list = Array.isArray(value) ? value : [value];
  const item = list[step.index === 'last' ? list.length - 1 : step.index];
  return item === undefined ? [] : [item];
}

function childrenOf(value: Json): Json[] {
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Array.isArray(value) ? value : Object.values(value);
}

/** `JSON_EXTRACT`: one value, or a list when there are several paths or wildcards. */
export function extractJson(document: string, paths: readonly string[]): string | null {
  const value = parseJson(document);
  if (value === undefined) {
    throw new Error('Invalid JSON text in argument 1 to function json_extract.');
  }
  const found: Json[] = [];
  let many = paths.length > 1;
  for (const path of paths) {
    const result = follow(value, path);
    if (result === undefined) {
      throw new Error(`Invalid JSON path expression: ${path}`);
    }
    many ||= result.many;
    found.push(...result.values);
  }
  const [first] = found;
  if (first === undefined) {
    return null;
  }
  return printJson(many ? found : first);
}

/**
 * Converts JSON to an SQL value for comparing and sorting: numbers come before text, and text
 * before all other values, which become bytes. The `null` of JSON is NULL.
 */
export function jsonScalar(text: string): Uint8Array | number | string | null {
  const value = parseJson(text);
  if (value === undefined) {
    return text;
  }
  return typeof value === 'boolean' || (value !== null && typeof value === 'object')
    ? Buffer.from(printJson(value))
    : value;
}

/** Text that sorts as `jsonScalar` does, so that the document of a maximum can be found. */
export function jsonOrder(text: string): string | null {
  const scalar = jsonScalar(text);
  if (scalar === null) {
    return null;
  }
  if (typeof scalar !== 'number') {
    return `${typeof scalar === 'string' ? 'text' : 'value'} ${Buffer.from(scalar).toString('hex')}`;
  }
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(scalar);
  const flipped = bits.map((byte, index) => (scalar < 0 ? ~byte : index === 0 ? byte | 128 : byte));
  return `number ${Buffer.from(flipped).toString('hex')}`;
}

/** JSON as a number, as in arithmetic and in `IS TRUE`. */
export function jsonNumber(text: string): number | null {
  const value = parseJson(text);
  if (value === null) {
    return null;
  }
  const number = typeof value === 'string' ? Number.parseFloat(value) : Number(value);
  return Number.isFinite(number) ? number : 0;
}

/** `JSON_UNQUOTE`. */
export function unquoteJson(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) {
    return text;
  }
  const value = parseJson(text);
  return typeof value === 'string' ? value : text;
}

/** `JSON_OVERLAPS`: whether two documents share an element, a pair, or are equal. */
export function jsonOverlaps(left: string, right: string): boolean {
  const a = parseJson(left);
  const b = parseJson(right);
  if (a === undefined || b === undefined) {
    throw new Error('Invalid JSON text in argument to function json_overlaps.');
  }
  if (isObject(a) && isObject(b)) {
    return Object.entries(a).some(([key, value]) => key in b && sameJson(value, b[key] ?? null));
  }
  const items = Array.isArray(a) ? a : [a];
  const others = Array.isArray(b) ? b : [b];
  return items.some((item) => others.some((other) => sameJson(item, other)));
}

function isObject(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function sameJson(a: Json, b: Json): boolean {
  return printJson(a) === printJson(b);
}

/** `JSON_SEARCH`: the path, or with `all` the list of paths, of strings that match a pattern. */
export function searchJson(
  document: string,
  mode: string,
  pattern: string,
  escape = '\\',
): string | null {
  const value = parseJson(document);
  if (value === undefined) {
    throw new Error('Invalid JSON text in argument 1 to function json_search.');
  }
  const paths: string[] = [];
  collectMatches(value, '$', (text) => matchesLike(text, pattern, escape || '\\'), paths);
  const [first] = paths;
  if (first === undefined) {
    return null;
  }
  return mode.toLowerCase() === 'all' && paths.length > 1
    ? printJson(paths)
    : JSON.stringify(first);
}

function collectMatches(
  value: Json,
  path: string,
  matches: (text: string) => boolean,
  paths: string[],
): void {
  if (typeof value === 'string') {
    if (matches(value)) {
      paths.push(path);
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => collectMatches(item, `${path}[${index}]`, matches, paths));
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
      collectMatches(item, `${path}.${name}`, matches, paths);
    }
  }
}
