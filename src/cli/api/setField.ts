import type { JsonSchema } from '../../../generated/schemas.js';
import { nearestName } from '../../values/nearestName.js';
import { usageError } from '../usageError.js';
import { anyJson, propertyNames, propertySchema, resolved, type Schemas } from './bodySchema.js';
import type { FieldStep } from './fieldPath.js';

type Container = Record<string, unknown> | unknown[];

/** A field to set in a body. */
export interface FieldSetting {
  /** The flag and the path, for error messages: `--field a.b`. */
  what: string;
  steps: readonly FieldStep[];
  /** The value, once the schema of the field is known. */
  read: (schema: JsonSchema) => unknown;
}

/**
 * Sets a field of a body, and creates the objects and lists on the way to it. `list[].name` sets the field of the last item,
 * or of a new one when the last has it already.
 *
 * @throws a usage error for a field that the model does not have, and for one that has been set before
 */
export function setField(
  body: Record<string, unknown>,
  { what, steps, read }: FieldSetting,
  { schema, schemas, given }: { schema: JsonSchema; schemas: Schemas; given: Set<string> },
): void {
  let container: Container = body;
  let current = schema;
  let place = '';
  steps.forEach((step, index) => {
    const rest = steps.slice(index + 1);
    current = stepSchema(what, { current, step, container, place, schemas });
    const isLast = rest.length === 0;
    if (step === 'item') {
      if (!Array.isArray(container)) throw conflict(what, place);
      if (isLast) {
        container.push(read(current));
        return;
      }
      const last: unknown = container.at(-1);
      if (!isContainer(last) || (rest[0] !== 'item' && has(last, rest)))
        container.push(created(rest));
      place += `[${container.length - 1}]`;
      container = enter(what, container.at(-1), place);
      return;
    }
    if (Array.isArray(container)) throw conflict(what, place);
    place += place === '' ? step.name : `.${step.name}`;
    if (isLast) {
      if (given.has(place)) throw usageError(`${what} is given twice.`);
      given.add(place);
      put(container, step.name, read(current));
      return;
    }
    if (!Object.hasOwn(container, step.name)) put(container, step.name, created(rest));
    container = enter(what, container[step.name], place);
  });
}

interface Stepping {
  current: JsonSchema;
  step: FieldStep;
  container: Container;
  place: string;
  schemas: Schemas;
}

function stepSchema(
  what: string,
  { current, step, container, place, schemas }: Stepping,
): JsonSchema {
  const model = resolved(current, schemas);
  const isFree = model.type === undefined && model.properties === undefined && !model.oneOf;
  if (isFree) return anyJson;
  const where = place === '' ? 'The body' : `\`${place}\``;
  if (model.type === 'array') {
    if (step === 'item') return model.items ?? anyJson;
    throw usageError(`${what}: ${where} is a list. Write [] after its name to add an item.`);
  }
  if (step === 'item') throw usageError(`${what}: ${where} is not a list: leave out [].`);
  const concreteType = Array.isArray(container) ? undefined : container['concreteType'];
  const found = propertySchema(current, step.name, { schemas, concreteType });
  if (found !== undefined) return found;
  throw unknownField(what, { name: step.name, where, names: propertyNames(current, schemas) });
}

function unknownField(
  what: string,
  { name, where, names }: { name: string; where: string; names: readonly string[] },
): Error {
  if (names.length === 0) return usageError(`${what}: ${where} has no fields.`);
  const nearest = nearestName(name, names);
  const hint =
    nearest === undefined
      ? ` It has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}.`
      : ` Did you mean ${nearest}?`;
  return usageError(`${what}: ${where} has no field ${JSON.stringify(name)}.${hint}`);
}

/** Whether the item has the field that the steps lead to. */
function has(item: Container, steps: readonly FieldStep[]): boolean {
  let value: unknown = item;
  for (const step of steps) {
    if (step === 'item') return false;
    if (!isContainer(value) || Array.isArray(value) || !Object.hasOwn(value, step.name))
      return false;
    value = value[step.name];
  }
  return true;
}

function created([next]: readonly FieldStep[]): Container {
  return next === 'item' ? [] : {};
}

function enter(what: string, value: unknown, place: string): Container {
  if (isContainer(value)) return value;
  throw conflict(what, place);
}

function conflict(what: string, place: string): Error {
  return usageError(`${what}: \`${place}\` has another value already.`);
}

function isContainer(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** Sets a property. An assignment would not create one named `__proto__`. */
function put(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
