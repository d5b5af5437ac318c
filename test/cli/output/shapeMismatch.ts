import { parseShape, type ShapeNode } from '../../../src/cli/output/parseShape.js';
import { namedShape } from '../../../src/cli/output/unknownField.js';

const primitives: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  count: (value) => Number.isInteger(value) && Number(value) >= 0,
  flag: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  number: (value) => typeof value === 'number',
  text: (value) => typeof value === 'string',
  time: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value),
};

/** Why a value does not have a shape: the path and what is wrong. `undefined` when it has. */
export function shapeMismatch(shape: string, value: unknown): string | undefined {
  return mismatch(parseShape(shape), value, '');
}

function mismatch(shape: ShapeNode, value: unknown, path: string): string | undefined {
  const wrong = `${path || 'the value'}: ${JSON.stringify(value ?? null).slice(0, 80)}`;
  switch (shape.kind) {
    case 'name': {
      const named = namedShape(shape.name);
      if (named !== undefined) return mismatch(parseShape(named), value, path);
      const test = primitives[shape.name];
      if (test === undefined) return `there is no shape ${shape.name}`;
      return test(value) ? undefined : `${wrong} is not ${shape.name}`;
    }
    case 'union': {
      const all = shape.options.map((option) => mismatch(option, value, path));
      return all.includes(undefined) ? undefined : all.join('; ');
    }
    case 'list':
      if (!Array.isArray(value)) return `${wrong} is no list`;
      return first(value.map((item, index) => mismatch(shape.item, item, `${path}[${index}]`)));
    case 'map':
      if (!isObject(value)) return `${wrong} is no object`;
      return first(
        Object.entries(value).map(([key, each]) => mismatch(shape.value, each, `${path}.${key}`)),
      );
    case 'object': {
      if (!isObject(value)) return `${wrong} is no object`;
      const extra = Object.keys(value).filter((key) => !shape.members.has(key));
      if (!shape.isOpen && extra.length > 0) return `${wrong} also has ${extra.join(', ')}`;
      return first(
        [...shape.members].map(([key, member]) => {
          if (Object.hasOwn(value, key))
            return mismatch(member.shape, value[key], `${path}.${key}`);
          return member.isOptional ? undefined : `${wrong} has no ${key}`;
        }),
      );
    }
  }
}

function first(mismatches: readonly (string | undefined)[]): string | undefined {
  return mismatches.find((each) => each !== undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
