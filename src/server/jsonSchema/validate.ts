import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

import type * as AjvModule from 'ajv';
import type { Ajv, ValidateFunction } from 'ajv';

import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { hasCircularParts } from './circularParts.js';
import { schemaFormats } from './schemaFormats.js';
import { schemaPattern } from './schemaPattern.js';
import { checkSize } from './schemaSize.js';
import { mapSchema } from './subSchemas.js';

/** Maximum number of cached validators. The least recently used one is removed first. */
const maxValidators = 200;

/** The regular expression factory for Ajv. It would write the name into generated code. */
const regExp = Object.assign((pattern: string) => schemaPattern(pattern), {
  code: 'schemaPattern',
});

/** The cached validators by schema key, least recently used first. */
const makeValidators = (): Map<string, ValidateFunction> => new Map();

/** Hashing a large schema for each entity of a container would take long. */
const keys = new WeakMap<M.JsonSchema, string>();

/** A hash of a whole schema, which is the cache key of validators and results. */
export function schemaKey(schema: M.JsonSchema): string {
  let key = keys.get(schema);
  if (key === undefined) {
    key = createHash('sha256').update(JSON.stringify(schema)).digest('base64');
    keys.set(schema, key);
  }
  return key;
}

/**
 * Compiles the validator of a whole schema (draft-07).
 *
 * @throws 400 with the reason when it is not a valid JSON schema
 */
export function compileSchema(world: World, schema: M.JsonSchema): ValidateFunction {
  const validators = world.service(makeValidators);
  const key = schemaKey(schema);
  const validator = validators.get(key) ?? compile(schema);
  validators.delete(key);
  validators.set(key, validator);
  for (const oldest of validators.keys()) {
    if (validators.size <= maxValidators) {
      break;
    }
    validators.delete(oldest);
  }
  return validator;
}

function compile(schema: M.JsonSchema): ValidateFunction {
  checkSize(schema);
  if (hasCircularParts(schema)) {
    throw badRequest('Invalid JSON schema: a part of it refers back to itself');
  }
  try {
    return createAjv().compile(mapSchema(schema, plainPart));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badRequest(`Invalid JSON schema: ${reason.slice(0, 500)}`);
  }
}

/**
 * Adapts a part for Ajv: removes `$id`, which would change the base of its references, and
 * duplicates in lists, which the service accepts and Ajv does not.
 */
function plainPart(part: M.JsonSchema): M.JsonSchema {
  const plain = {
    ...part,
    ...(part.enum && { enum: withoutRepeats(part.enum) }),
    ...(part.required && { required: withoutRepeats(part.required) }),
  };
  delete plain.$id;
  delete plain.$schema;
  return plain;
}

function withoutRepeats<Item>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function createAjv(): Ajv {
  // Loaded at the first use, because loading takes about 50 ms.
  const module = createRequire(import.meta.url)('ajv') as typeof AjvModule;
  return new module.Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    formats: { ...schemaFormats },
    code: { regExp },
  });
}
