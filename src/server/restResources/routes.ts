import { schemas, type JsonSchema } from '../../../generated/schemas.js';
import type { Router } from '../kernel/router.js';
import { notFound } from '../kernel/serviceError.js';

const prefix = '#/components/schemas/';

/** Serves the schemas of the API models that have a Java class. */
export function restResourceRoutes(router: Router): void {
  const byClass = new Map(
    Object.entries(schemas).flatMap(([name, schema]) => {
      const className = schema.properties?.['concreteType']?.enum?.[0];
      return className === undefined ? [] : [[className, name] as const];
    }),
  );
  const find = (resourceId: string): readonly [string, JsonSchema] => {
    const name = byClass.get(resourceId) ?? '';
    const schema = schemas[name];
    if (schema === undefined) {
      throw notFound(`The resource ${resourceId.slice(0, 200)} does not exist.`);
    }
    return [name, schema];
  };
  router.get('/repo/v1/REST/resources', () => ({ list: [...byClass.keys()].sort() }));
  router.get('/repo/v1/REST/resources/schema', ({ query }) => ({
    id: query.resourceId,
    ...find(query.resourceId)[1],
  }));
  router.get('/repo/v1/REST/resources/effectiveSchema', ({ query }) => {
    const [name, schema] = find(query.resourceId);
    return { id: query.resourceId, ...schema, definitions: referred(name, schema) };
  });
}

/** All models that a model refers to, except for itself. */
function referred(name: string, schema: JsonSchema): Record<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  const pending: unknown[] = [schema];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) {
      continue;
    }
    for (const [key, value] of Object.entries(next)) {
      const reference =
        key === '$ref' && typeof value === 'string' && value.startsWith(prefix)
          ? value.slice(prefix.length)
          : undefined;
      const target = reference === undefined ? undefined : schemas[reference];
      if (
        reference !== undefined &&
        target !== undefined &&
        reference !== name &&
        !found.has(reference)
      ) {
        found.set(reference, target);
        pending.push(target);
      } else if (typeof value === 'object' && value !== null) {
        pending.push(value);
      }
    }
  }
  return Object.fromEntries(found);
}
