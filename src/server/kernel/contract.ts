import { createRequire } from 'node:module';

import type * as AjvModule from 'ajv';
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';

import { schemas, type JsonSchema } from '../../../generated/schemas.js';
import { refName, unionMembers } from './model.js';

/** A request may omit the `concreteType` of a model that is not a member of an interface. */
type Side = 'request' | 'response';

const primitives: Readonly<Record<string, JsonSchema>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  string: { type: 'string' },
};

/**
 * Checks bodies against the API description. Ajv is loaded, and each model compiled, at the first
 * use.
 */
export class Contract {
  readonly #validators: Readonly<Record<Side, Map<string, ValidateFunction>>> = {
    request: new Map(),
    response: new Map(),
  };
  readonly #added = new Set<string>();
  #ajv: Ajv | undefined;

  /** Validates a request body. Returns the error, or `undefined`. */
  checkRequest(model: string, value: unknown): string | undefined {
    return this.#check('request', model, value);
  }

  /** Validates a response body. Returns the error, or `undefined`. */
  checkResponse(model: string, value: unknown): string | undefined {
    return this.#check('response', model, value);
  }

  #check(side: Side, model: string, value: unknown): string | undefined {
    if (model === '?') {
      return isObject(value) ? undefined : 'must be object';
    }
    const validate = this.#validator(side, model);
    return validate(value) ? undefined : describe(validate.errors?.[0]);
  }

  #validator(side: Side, model: string): ValidateFunction {
    let validator = this.#validators[side].get(model);
    if (validator === undefined) {
      this.#ajv ??= createAjv();
      const primitive = primitives[model];
      if (primitive === undefined) {
        this.#add(side, model);
      }
      validator = this.#ajv.compile(primitive ?? { $ref: uri(side, model) });
      this.#validators[side].set(model, validator);
    }
    return validator;
  }

  /** Adds a model and everything that it refers to. */
  #add(side: Side, model: string): void {
    const key = uri(side, model);
    if (this.#added.has(key)) {
      return;
    }
    this.#added.add(key);
    const schema = schemas[model];
    if (schema === undefined) {
      throw new Error(`The API description has no model '${model}'`);
    }
    const refs = new Set<string>();
    const rewritten = rewrite(schema, { side, refs });
    const whole =
      side === 'request' && schema.required !== undefined
        ? { ...rewritten, required: schema.required.filter((name) => name !== 'concreteType') }
        : rewritten;
    this.#ajv?.addSchema(whole, key);
    for (const ref of refs) {
      this.#add(side, ref);
    }
  }
}

function createAjv(): Ajv {
  // Loaded at the first use, because loading takes about 50 ms, which would delay the start.
  const module = createRequire(import.meta.url)('ajv') as typeof AjvModule;
  return new module.Ajv({
    strict: false,
    validateFormats: false,
    discriminator: true,
    inlineRefs: false,
    logger: false,
  });
}

function uri(side: Side, model: string): string {
  return `synapse:/${side}/${model}`;
}

interface Rewriting {
  readonly side: Side;
  /** Collects the models referred to. */
  readonly refs: Set<string>;
}

type Rewritten = Readonly<Record<string, unknown>>;

/**
 * Converts a schema of the API description for Ajv: references refer to this registry, and
 * `concreteType` selects the member of a union, so that errors are about that member.
 */
function rewrite(schema: JsonSchema, rewriting: Rewriting): Rewritten {
  const name = refName(schema);
  if (name !== undefined) {
    rewriting.refs.add(name);
    return { $ref: uri(rewriting.side, name) };
  }
  if (schema.oneOf !== undefined) {
    return rewriteUnion(schema, rewriting);
  }
  const { properties, items, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, member]) => [key, rewrite(member, rewriting)]),
      ),
    }),
    ...(items && { items: rewrite(items, rewriting) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: rewrite(additionalProperties, rewriting),
    }),
  };
}

function rewriteUnion(union: JsonSchema, rewriting: Rewriting): Rewritten {
  const oneOf = union.oneOf ?? [];
  const members = unionMembers(union);
  if (oneOf.length > 1 && members.size === oneOf.length) {
    return {
      type: 'object',
      discriminator: { propertyName: 'concreteType' },
      required: ['concreteType'],
      oneOf: [...members].map(([concreteType, member]) => ({
        properties: { concreteType: { const: concreteType } },
        required: ['concreteType'],
        allOf: [rewrite({ $ref: `#/components/schemas/${member}` }, rewriting)],
      })),
    };
  }
  const anyOf = oneOf.map((member) => rewrite(member, rewriting));
  return { anyOf: union.nullable === true ? [...anyOf, { type: 'null' }] : anyOf };
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) {
    return 'is not valid';
  }
  const where = error.instancePath === '' ? '' : `${error.instancePath} `;
  const allowed: unknown = error.params['allowedValues'];
  const values =
    Array.isArray(allowed) && allowed.length <= 30 ? `: ${allowed.map(String).join(', ')}` : '';
  return `${where}${error.message ?? 'is not valid'}${values}`;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
