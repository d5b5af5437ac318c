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
  const steps: FieldStep[] = [];
  let name: string | undefined = '';
  let position = 0;
  const refuse = (): never => {
    throw usageError(
      `${flag} takes NAME=VALUE, such as name=Data, a.b=1 or list[]=one, not ${JSON.stringify(text)}.`,
    );
  };
  const endName = (): void => {
    if (name === '') refuse();
    if (name !== undefined) steps.push({ name });
    name = undefined;
  };
  for (; position < text.length && text[position] !== '='; position += 1) {
    const character = text[position] ?? '';
    if (character === '[') {
      endName();
      const end = text.indexOf(']', position);
      if (end === -1) refuse();
      const inside = text.slice(position + 1, end);
      steps.push(inside === '' ? 'item' : { name: inside });
      position = end;
    } else if (character === '.') {
      endName();
      name = '';
    } else if (name === undefined) {
      refuse();
    } else {
      if (character === '\\') position += 1;
      name += text[position] ?? '';
    }
  }
  endName();
  if (position >= text.length || typeof steps[0] !== 'object') refuse();
  return { path: text.slice(0, position), steps, value: text.slice(position + 1) };
}
