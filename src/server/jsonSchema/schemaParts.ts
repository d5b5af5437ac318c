import type * as M from '../../../generated/models.js';
import { isObject } from './violation.js';

/** The keywords that say something about one type of value only. */
export const typeKeywords = {
  array: ['items', 'minItems', 'maxItems', 'uniqueItems', 'contains'],
  object: ['properties', 'required', 'additionalProperties'],
  number: ['minimum', 'maximum'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
} as const satisfies Readonly<Record<string, readonly (keyof M.JsonSchema)[]>>;

/** A type of value that has keywords of its own. */
export type KeywordType = keyof typeof typeKeywords;

/** A rule of a schema that can be broken on its own. */
export type SchemaPart =
  | { readonly kind: 'combined'; readonly keyword: 'allOf' | 'anyOf' | 'oneOf' }
  | { readonly kind: 'conditional' | 'const' | 'enum' | 'not' }
  /** `type` with its keywords; without `isRequired`, the keywords of a type that is not asked for. */
  | { readonly kind: 'typed'; readonly type: M.Type; readonly isRequired: boolean };

const keywordTypes: readonly KeywordType[] = ['array', 'object', 'number', 'string'];
const combiners = ['allOf', 'anyOf', 'oneOf'] as const;

/** The type whose keywords a `type` brings with it. */
export function keywordTypeOf(type: M.Type): KeywordType | undefined {
  const wanted = type === 'integer' ? 'number' : type;
  return keywordTypes.find((known) => known === wanted);
}

/**
 * The rules of a schema in the order in which the service's validator finds them. A schema with
 * several is to the validator an `allOf` of them, which its messages show.
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

/** The part of a whole schema that a reference into its definitions means. */
export function referredSchema(whole: M.JsonSchema, part: M.JsonSchema): M.JsonSchema | undefined {
  const path = /^#((?:\/[^/]*)*)$/.exec(part.$ref ?? '')?.[1];
  let found: unknown = path === undefined ? undefined : whole;
  for (const name of path?.split('/').slice(1) ?? []) {
    found = isObject(found) ? found[name.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return isObject(found) ? found : undefined;
}

/** A part of a schema with its references followed. */
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
