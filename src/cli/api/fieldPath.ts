import { usageError } from '../usageError.js';

/** A step of a path to a value in a body: the name of a property, or the next item of a list. */
export type FieldStep = { name: string } | 'item';

/** What a flag such as `--field a.b[]=value` sets. */
export interface FieldValue {
  /** The path as it was written. */
  path: string;
  steps: FieldStep[];
  value: string;
}

/**
 * Reads `a.b[]=value`. `.` or `[name]` enters an object, and `[]` adds to a list. A backslash makes the next character part of
 * a name.
 *
 * @param flag - For error messages.
 * @throws a usage error when the text is something else
 */
export function readFieldValue(flag: string, text: string): FieldValue {
  const end = endOfPath(text);
  const steps = end === -1 ? undefined : readSteps(text.slice(0, end));
  if (steps === undefined) {
    throw usageError(
      `${flag} takes NAME=VALUE, such as name=Data, a.b=1 or list[]=one, not ${JSON.stringify(text)}.`,
    );
  }
  return { path: text.slice(0, end), steps, value: text.slice(end + 1) };
}

/** The position of the first `=` that is not part of a name; -1 without one. */
function endOfPath(text: string): number {
  for (let position = 0; position < text.length; position += 1) {
    if (text[position] === '=') return position;
    if (text[position] === '\\') position += 1;
  }
  return -1;
}

/** @returns `undefined` for a path that cannot be read */
function readSteps(path: string): FieldStep[] | undefined {
  const steps: FieldStep[] = [];
  for (let position = 0; position < path.length;) {
    const isBracket = path[position] === '[';
    const isDot = path[position] === '.';
    // Only the first name has nothing before it.
    if (steps.length === 0 ? isBracket || isDot : !isBracket && !isDot) return undefined;
    if (isBracket) {
      const end = path.indexOf(']', position);
      if (end === -1) return undefined;
      const name = path.slice(position + 1, end);
      steps.push(name === '' ? 'item' : { name });
      position = end + 1;
      continue;
    }
    const { name, end } = readName(path, isDot ? position + 1 : position);
    if (name === '') return undefined;
    steps.push({ name });
    position = end;
  }
  return steps.length === 0 ? undefined : steps;
}

function readName(path: string, start: number): { name: string; end: number } {
  let name = '';
  let end = start;
  for (; end < path.length && path[end] !== '.' && path[end] !== '['; end += 1) {
    if (path[end] === '\\') end += 1;
    name += path[end] ?? '';
  }
  return { name, end };
}
