import { parseShape, type ShapeNode } from './parseShape.js';
import { namedShapes, resultShapes } from './resultShapes.js';

/**
 * Checks whether the result of a command can have a field. Returns `undefined` if it can, else the names of the fields that there are.
 * Shapes with `...`, and objects with any keys, can have every field.
 *
 * @param field - `annotations.tissue`
 */
export function unknownField(command: string, field: string): string[] | undefined {
  const names = new Set<string>();
  const shape = resultShapes[command] ?? 'any';
  return canHave(parseShape(shape), field, names) ? undefined : [...names];
}

function canHave(shape: ShapeNode, field: string, names: Set<string>): boolean {
  if (field === '') return true;
  if (shape.kind === 'list') return canHave(shape.item, field, names);
  if (shape.kind === 'map') return true;
  if (shape.kind === 'union') {
    // All are asked, to name the fields of all.
    return shape.options.map((option) => canHave(option, field, names)).some(Boolean);
  }
  if (shape.kind === 'name') {
    const named = namedShape(shape.name);
    return named === undefined ? shape.name === 'any' : canHave(parseShape(named), field, names);
  }
  const [name = ''] = field.split('.', 1);
  const member = shape.members.get(name);
  if (member !== undefined) return canHave(member.shape, field.slice(name.length + 1), names);
  for (const each of shape.members.keys()) names.add(each);
  return shape.isOpen;
}

/** The text of a shape with a name; `undefined` for a primitive type. */
export function namedShape(name: string): string | undefined {
  return Object.hasOwn(namedShapes, name)
    ? namedShapes[name as keyof typeof namedShapes]
    : undefined;
}
