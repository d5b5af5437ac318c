import { METHODS, walkSchemas } from './description.js';
import type { Description, PathItem } from './description.js';

/**
 * Puts schemas, paths, methods, tags and union members into alphabetical order. Upstream publishes them in the order of a
 * Java hash table, which changes from one build to the next. The order of properties, parameters and enum values has a meaning
 * to a reader and stays.
 */
export function sortDescription(description: Description): Description {
  const sorted = structuredClone(description);
  sorted.tags.sort((a, b) => compare(a.name, b.name));
  sorted.paths = sortKeys(sorted.paths);
  for (const [path, item] of Object.entries(sorted.paths)) sorted.paths[path] = sortMethods(item);
  sorted.components.schemas = sortKeys(sorted.components.schemas);
  walkSchemas(sorted, (schema) => {
    schema.oneOf?.sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
  });
  return sorted;
}

function sortMethods(item: PathItem): PathItem {
  return Object.fromEntries(
    METHODS.filter((method) => item[method]).map((method) => [method, item[method]]),
  );
}

export function sortKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compare(a, b)));
}

/** By code unit: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
