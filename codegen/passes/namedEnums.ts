import { refTo, walkSchema } from '../description.js';
import type { Description, Schema } from '../description.js';
import type { Pass } from './pass.js';

/** Where neither the package nor the property's name tells which of several equal enums is meant, the server's source does. */
const CHOSEN: Readonly<Record<string, string>> = {
  'org.sagebionetworks.repo.model.EntityChildrenRequest':
    'org.sagebionetworks.repo.model.entity.Direction',
};

/**
 * Properties repeat the values of an enum (`MigrationType` has 131) that also exists as a named schema; they become references to it.
 * A literal `concreteType` stays where it is.
 */
export const namedEnums: Pass = (draft) => {
  const named = namedEnumsByValues(draft);
  let hits = 0;
  for (const [owner, root] of Object.entries(draft.components.schemas)) {
    for (const [property, schema] of Object.entries(root.properties ?? {})) {
      walkSchema(schema, (inner) => {
        if (inner.enum === undefined || isLiteral(inner, owner)) return;
        const candidates = named.get(JSON.stringify(inner.enum)) ?? [];
        replace(inner, refTo(choose(candidates, owner, property)));
        hits++;
      });
    }
  }
  return hits;
};

function namedEnumsByValues(description: Description): Map<string, string[]> {
  const named = new Map<string, string[]>();
  for (const [name, schema] of Object.entries(description.components.schemas)) {
    if (schema.enum === undefined) continue;
    const values = JSON.stringify(schema.enum);
    named.set(values, [...(named.get(values) ?? []), name]);
  }
  return named;
}

function isLiteral(schema: Schema, owner: string): boolean {
  return schema.enum?.length === 1 && schema.enum[0] === owner;
}

function replace(schema: Schema, by: Schema): void {
  for (const key of Object.keys(schema) as (keyof Schema)[]) Reflect.deleteProperty(schema, key);
  Object.assign(schema, by);
}

function choose(candidates: readonly string[], owner: string, property: string): string {
  const samePackage = candidates.filter((name) => packageOf(name) === packageOf(owner));
  const pool = samePackage.length > 0 ? samePackage : candidates;
  const sameName = pool.filter((name) => simpleName(name).toLowerCase() === property.toLowerCase());
  const choice = only(pool) ?? CHOSEN[owner] ?? only(sameName);
  if (choice === undefined) {
    throw new Error(
      `Several enums, or none, have the values of ${owner}.${property}: ${candidates.join(', ') || 'none'}. ` +
        'Add the right one to CHOSEN in codegen/passes/namedEnums.ts.',
    );
  }
  return choice;
}

function only<T>(values: readonly T[]): T | undefined {
  return values.length === 1 ? values[0] : undefined;
}

function packageOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
