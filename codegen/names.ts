import {
  operationKey,
  operationsOf,
  refName,
  refTo,
  schemasOf,
  walkSchema,
} from './description.js';
import type { Description, Schema } from './description.js';
import { proposeOperationName, proposeTypeName, serviceOf } from './propose.js';
import { sortKeys } from './sort.js';

/** `openapi/names.lock.json`. Published names never change automatically. */
export interface NamesLock {
  /** `GET /repo/v1/entity/{id}` -> `entity.getEntity` */
  operations: Record<string, string>;
  /** Full schema name -> name of the type */
  types: Record<string, string>;
  /** Names for what is new, waiting for a person to accept them. */
  proposed?: { operations: Record<string, string>; types: Record<string, string> };
}

/** The lock with a proposal for every operation and type that has no name yet. */
export function proposeNames(description: Description, lock: NamesLock): NamesLock {
  const { operations, types } = lock;
  const proposed = {
    operations: {} as Record<string, string>,
    types: {} as Record<string, string>,
  };
  const takenTypes = new Set(Object.values(types));
  for (const name of Object.keys(description.components.schemas)) {
    if (types[name] !== undefined) continue;
    const proposal = lock.proposed?.types[name] ?? proposeTypeName(name, takenTypes);
    takenTypes.add(proposal);
    proposed.types[name] = proposal;
  }
  const takenOperations = new Set(Object.values(operations));
  const services = servicesByTag(description, lock);
  for (const located of operationsOf(description)) {
    const key = operationKey(located);
    if (operations[key] !== undefined) continue;
    const tag = located.operation.tags[0] ?? '';
    const service = services.get(tag) ?? serviceOf(tag);
    const proposal =
      lock.proposed?.operations[key] ?? proposeOperationName(located, service, takenOperations);
    takenOperations.add(proposal);
    proposed.operations[key] = proposal;
  }
  const none = Object.keys(proposed.operations).length + Object.keys(proposed.types).length === 0;
  return none ? { operations, types } : { operations, types, proposed };
}

/** A tag whose operations have names already keeps its service. */
function servicesByTag(description: Description, { operations }: NamesLock): Map<string, string> {
  return new Map(
    operationsOf(description).flatMap((located) => {
      const [service] = operations[operationKey(located)]?.split('.') ?? [];
      return service === undefined ? [] : [[located.operation.tags[0] ?? '', service] as const];
    }),
  );
}

/** The lock with its proposals accepted. */
export function acceptNames({ operations, types, proposed }: NamesLock): NamesLock {
  return {
    operations: sortKeys({ ...operations, ...proposed?.operations }),
    types: sortKeys({ ...types, ...proposed?.types }),
  };
}

/** The errors of a lock for a description: names that are not accepted, unused, duplicate, or not valid identifiers. */
export function namingFaults(description: Description, lock: NamesLock): string[] {
  const keys = new Set(operationsOf(description).map(operationKey));
  const schemas = new Set(Object.keys(description.components.schemas));
  return [
    ...missing(keys, lock.operations, 'operation'),
    ...missing(schemas, lock.types, 'type'),
    ...orphans(keys, lock.operations, 'operation'),
    ...orphans(schemas, lock.types, 'type'),
    ...repeated(lock.operations),
    ...repeated(lock.types),
    ...Object.values(lock.operations).flatMap((id) =>
      /^[a-z]\w*\.[a-z]\w*$/.test(id) ? [] : [`${id} is not of the form service.name`],
    ),
    ...Object.values(lock.types).flatMap((name) =>
      /^[A-Z]\w*$/.test(name) ? [] : [`${name} is not a type name`],
    ),
  ];
}

function missing(
  known: ReadonlySet<string>,
  names: Record<string, string>,
  what: string,
): string[] {
  return [...known]
    .filter((key) => names[key] === undefined)
    .map((key) => `${what} ${key} has no accepted name`);
}

function orphans(
  known: ReadonlySet<string>,
  names: Record<string, string>,
  what: string,
): string[] {
  return Object.keys(names).flatMap((key) =>
    known.has(key) ? [] : [`${what} ${key} is named but not described`],
  );
}

function repeated(names: Record<string, string>): string[] {
  const values = Object.values(names);
  return values
    .filter((name, index) => values.indexOf(name) !== index)
    .map((name) => `${name} is a duplicate`);
}

/** The description with every operation and schema under its locked name. */
export function renameAll(description: Description, lock: NamesLock): Description {
  const named = structuredClone(description);
  const rename = (schema: Schema): void => {
    walkSchema(schema, (inner) => {
      const full = refName(inner);
      if (full !== undefined) Object.assign(inner, refTo(lookUp(lock.types, full)));
    });
  };
  const schemas = Object.entries(named.components.schemas);
  named.components.schemas = sortKeys(
    Object.fromEntries(schemas.map(([full, schema]) => [lookUp(lock.types, full), schema])),
  );
  for (const schema of Object.values(named.components.schemas)) rename(schema);
  for (const located of operationsOf(named)) {
    located.operation.operationId = lookUp(lock.operations, operationKey(located));
    schemasOf(located.operation).forEach(rename);
  }
  for (const response of Object.values(named.components.responses ?? {})) {
    for (const media of Object.values(response.content ?? {})) rename(media.schema);
  }
  return named;
}

function lookUp(names: Record<string, string>, key: string): string {
  const name = names[key];
  if (name === undefined) throw new Error(`openapi/names.lock.json has no name for ${key}`);
  return name;
}
