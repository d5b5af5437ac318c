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
import { mapSchema } from './subSchemas.js';

/** Most validators that are kept; the one used longest ago goes first. */
const maxValidators = 200;

/** How Ajv makes a regular expression; the name is what it would write into generated code. */
const regExp = Object.assign((pattern: string) => schemaPattern(pattern), {
  code: 'schemaPattern',
});

/** The validators that are kept, by schema; the one used last comes last. */
const makeValidators = (): Map<string, ValidateFunction> => new Map();

/** A hash of a whole schema, by which validators and results are remembered. */
export function schemaKey(schema: M.JsonSchema): string {
  return createHash('sha256').update(JSON.stringify(schema)).digest('base64');
}

/**
 * Makes the validator of a whole schema (draft-07).
 *
 * @throws 400 with the reason when it is no valid JSON schema
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

/** Whether a value is valid by a part of a whole schema, e.g. the condition of an `if`. */
export function isValidBy(
  world: World,
  whole: M.JsonSchema,
  part: M.JsonSchema,
  value: unknown,
): boolean {
  const { definitions } = whole;
  return compileSchema(world, { allOf: [part], ...(definitions && { definitions }) })(value);
}

function compile(schema: M.JsonSchema): ValidateFunction {
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
 * A part as Ajv takes it: an address would change what its references are relative to, and what is
 * listed twice, which the service does not mind, would be an error.
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
  // Loaded when it is needed first: it costs about 50 ms.
  const module = createRequire(import.meta.url)('ajv') as typeof AjvModule;
  return new module.Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    formats: { ...schemaFormats },
    code: { regExp },
  });
}
