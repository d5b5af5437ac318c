import type * as M from '../../../generated/models.js';

/** Keywords that hold one schema. */
const single = [
  'items',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'additionalProperties',
] as const satisfies readonly (keyof M.JsonSchema)[];
/** Keywords that hold a list of schemas. */
const lists = ['allOf', 'anyOf', 'oneOf'] as const satisfies readonly (keyof M.JsonSchema)[];
/** Keywords that hold schemas by name. */
const maps = ['properties', 'definitions'] as const satisfies readonly (keyof M.JsonSchema)[];

/** Copies a schema and applies `change` to each of its parts, innermost first. */
export function mapSchema(
  schema: M.JsonSchema,
  change: (part: M.JsonSchema) => M.JsonSchema,
): M.JsonSchema {
  const copy = { ...schema };
  for (const key of single) {
    const part = copy[key];
    if (part !== undefined) {
      copy[key] = mapSchema(part, change);
    }
  }
  for (const key of lists) {
    const parts = copy[key];
    if (parts !== undefined) {
      copy[key] = parts.map((part) => mapSchema(part, change));
    }
  }
  for (const key of maps) {
    const parts = copy[key];
    if (parts !== undefined) {
      copy[key] = Object.fromEntries(
        Object.entries(parts).map(([name, part]) => [name, mapSchema(part, change)]),
      );
    }
  }
  return change(copy);
}

/** The schemas directly in a schema that apply to its value or to what is in it; no definitions. */
export function partsOf(schema: M.JsonSchema): M.JsonSchema[] {
  return [
    ...single.map((key) => schema[key]),
    ...lists.flatMap((key) => schema[key] ?? []),
    ...Object.values(schema.properties ?? {}),
  ].filter((part) => part !== undefined);
}

/** Every `$ref` in a schema, each once. */
export function referencesIn(schema: M.JsonSchema): string[] {
  const references = new Set<string>();
  mapSchema(schema, (part) => {
    if (part.$ref !== undefined) {
      references.add(part.$ref);
    }
    return part;
  });
  return [...references];
}

/** Whether a `$ref` points into the schema that it is in. */
export function isLocal(reference: string): boolean {
  return reference.startsWith('#');
}
