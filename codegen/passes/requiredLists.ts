import { operationsOf, reachableFrom, refName, schemasOf } from '../description.js';
import type { Description, Schema } from '../description.js';
import type { Pass } from './pass.js';

/**
 * An answer that is nothing but a list (with what pages and counts it) always has the list, be it an empty one. Types that a request uses
 * are left alone.
 */
export const requiredLists: Pass = (draft) => {
  const requests = operationsOf(draft).flatMap(({ operation }) =>
    schemasOf({ ...operation, responses: {} }),
  );
  const used = reachableFrom(draft, requests);
  let hits = 0;
  for (const name of answers(draft)) {
    const schema = draft.components.schemas[name];
    const list = schema === undefined || used.has(name) ? undefined : onlyList(schema);
    if (schema === undefined || list === undefined || schema.required?.includes(list)) continue;
    schema.required = [...(schema.required ?? []), list];
    hits++;
  }
  return hits;
};

function answers(description: Description): Set<string> {
  const schemas = operationsOf(description).flatMap(({ operation }) =>
    schemasOf({ ...operation, parameters: [], requestBody: undefined }),
  );
  return new Set(schemas.flatMap((schema) => refName(schema) ?? []));
}

function onlyList({ properties = {} }: Schema): string | undefined {
  const [list, ...others] = Object.keys(properties).filter(
    (name) => !/^(concreteType|nextPageToken|total|sum)/.test(name),
  );
  return list !== undefined && others.length === 0 && properties[list]?.type === 'array'
    ? list
    : undefined;
}
