import { ExactNumber, parseJson, stringifyJson } from '../../values/json.js';
import { isOutOfRange } from './writeNumber.js';
import { brokenText, isBroken, type Written } from './written.js';

/** Synapse refuses JSON that is nested deeper. */
const deepest = 100;

const neither: Written = { reason: 'is neither a JSON object nor a list' };

/** Writes a JSON cell: an object or a list, or the JSON text of one. Nothing in it is left out, changed or rounded. */
export function writeJson(value: unknown): Written {
  if (typeof value === 'string') return writeJsonText(value);
  if (typeof value !== 'object' || value === null) return neither;
  const reason = problemIn(value);
  if (reason !== undefined) return { reason };
  try {
    const text = stringifyJson(value);
    return isContainer(text) ? text : neither;
  } catch {
    return { reason: 'cannot be written as JSON' };
  }
}

function isContainer(json: string): boolean {
  return /^\s*[[{]/.test(json);
}

function writeJsonText(text: string): Written {
  if (!isContainer(text)) return neither;
  if (isCanonical(text)) return text;
  let value: unknown;
  try {
    value = parseJson(text, { exactNumbers: true, duplicateKeys: 'refuse' });
  } catch (error) {
    const isDuplicate = error instanceof SyntaxError && error.message.startsWith('Duplicate key');
    return { reason: isDuplicate ? 'has a key twice, of which one would be lost' : 'is not JSON' };
  }
  const reason = problemIn(value);
  return reason === undefined ? text : { reason };
}

const escapedSurrogate = /\\u[dD][89a-fA-F]/;

/** Whether JavaScript would write the same text: then no number is rounded and no key occurs twice. Much faster than a parser of its own. */
function isCanonical(text: string): boolean {
  if (text.length > 10_000 || escapedSurrogate.test(text) || isBroken(text)) return false;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text && problemIn(value) === undefined;
  } catch {
    return false;
  }
}

/** What of a value JSON would lose, as the end of a sentence. */
function problemIn(value: unknown, parents: readonly object[] = []): string | undefined {
  switch (typeof value) {
    case 'string':
      return isBroken(value) ? brokenText.reason : undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `has ${value}, which JSON does not have`;
    case 'bigint':
      return integerProblem(value);
    case 'boolean':
      return undefined;
    case 'object':
      return value === null ? undefined : objectProblem(value, parents);
    default:
      return `has a value that JSON does not have (${typeof value})`;
  }
}

/** Synapse keeps whole numbers of 64 bits, with or without a sign; it rounds larger ones. */
function integerProblem(value: bigint): string | undefined {
  const isKept = BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value;
  return isKept ? undefined : 'has a whole number beyond 64 bits, which Synapse would round';
}

function exactNumberProblem(digits: string): string | undefined {
  if (/^-?\d+$/.test(digits)) {
    return digits.length > 21
      ? 'has a whole number beyond 64 bits, which Synapse would round'
      : integerProblem(BigInt(digits));
  }
  return isOutOfRange(digits, Number(digits)) ? `has a number out of range` : undefined;
}

function objectProblem(value: object, parents: readonly object[]): string | undefined {
  if (value instanceof ExactNumber) return exactNumberProblem(value.value);
  if (parents.includes(value)) return 'contains itself';
  if (parents.length >= deepest) return `is nested more than ${deepest} levels deep`;
  const within = [...parents, value];
  if (Array.isArray(value)) {
    for (const item of value) {
      const problem = problemIn(item, within);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (ArrayBuffer.isView(value)) return 'has bytes or a typed array: pass a list';
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'has an invalid date';
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return problemIn((value.toJSON as () => unknown)(), within);
  }
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind !== 'Object') return `has a ${kind}, whose content JSON would lose`;
  for (const [key, item] of Object.entries(value)) {
    // JSON leaves out members that are undefined, and so does everything that reads it.
    const problem = isBroken(key)
      ? brokenText.reason
      : item === undefined
        ? undefined
        : problemIn(item, within);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
