import type * as M from '../../../generated/models.js';
import { isObject } from './violation.js';

/** The keywords that apply to one type of value only. */
export const typeKeywords = {
  array: ['items', 'minItems', 'maxItems', 'uniqueItems', 'contains'],
  object: ['properties', 'required', 'additionalProperties'],
  number: ['minimum', 'maximum'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
} as const satisfies Readonly<Record<string, readonly (keyof M.JsonSchema)[]>>;

/** A type of value that has keywords of its own. */
export type KeywordType = keyof typeof typeKeywords;

/** A rule of a schema that can be violated separately. */
export type SchemaPart =
  | { readonly kind: 'combined'; readonly keyword: 'allOf' | 'anyOf' | 'oneOf' }
  | { readonly kind: 'conditional' | 'const' | 'enum' | 'not' }
  /**
   * A `type` with its keywords. Without `isRequired`, the keywords apply only if the value has the
   * type.
   */
  | { readonly kind: 'typed'; readonly type: M.Type; readonly isRequired: boolean };

const keywordTypes: readonly KeywordType[] = ['array', 'object', 'number', 'string'];
const combiners = ['allOf', 'anyOf', 'oneOf'] as const;

/** The type whose keywords belong to a `type`. */
export function keywordTypeOf(type: M.Type): KeywordType | undefined {
  const wanted = type === 'integer' ? 'number' : type;
  return keywordTypes.find((known) => known === wanted);
}

/**
 * The rules of a schema, in the order of the service's validator. The validator treats several
 * rules as an `allOf`, which shows in its messages.
 */
export function schemaParts(schema: M.JsonSchema): SchemaPart[] {
  const { type } = schema;
  const own = type && keywordTypeOf(type);
  const others = keywordTypes.filter(
    (other) => other !== own && typeKeywords[other].some((key) => schema[key] !== undefined),
  );
  return [
    ...(schema.enum ? [{ kind: 'enum' } as const] : []),
    ...combiners
      .filter((keyword) => schema[keyword] !== undefined)
      .map((keyword) => ({ kind: 'combined', keyword }) as const),
    ...(schema.not ? [{ kind: 'not' } as const] : []),
    ...(schema.const === undefined ? [] : [{ kind: 'const' } as const]),
    ...(type ? [{ kind: 'typed', type, isRequired: true } as const] : []),
    ...others.map((other) => ({ kind: 'typed', type: other, isRequired: false }) as const),
    ...((schema.if ?? schema.then ?? schema.else) ? [{ kind: 'conditional' } as const] : []),
  ];
}

/** The part of a schema that a reference into its definitions refers to. */
export function referredSchema(whole: M.JsonSchema, part: M.JsonSchema): M.JsonSchema | undefined {
  const path = /^#((?:\/[^/]*)*)$/.exec(part.$ref ?? '')?.[1];
  let found: unknown = path === undefined ? undefined : whole;
  for (const name of path?.split('/').slice(1) ?? []) {
    found = isObject(found) ? found[name.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return isObject(found) ? found : undefined;
}

/** Resolves the references of a part of a schema. */
export function resolved(whole: M.JsonSchema, part: M.JsonSchema): M.JsonSchema {
  let schema = part;
  for (let depth = 0; depth < 50; depth += 1) {
    const next = referredSchema(whole, schema);
    if (next === undefined) {
      break;
    }
    schema = next;
  }
  return schema;
}
