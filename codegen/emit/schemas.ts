import type { Description } from '../description.js';
import { HEADER } from './text.js';

const TYPES = `/** The part of JSON Schema that the descriptions of the models use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Every model by name; they refer to each other as \`#/components/schemas/<name>\`. */
`;

/** `schemas.ts`: the models as JSON Schema, for validating bodies at run time. */
export function emitSchemas(description: Description): string {
  const rows = Object.entries(description.components.schemas).map(
    ([name, schema]) => `  ${name}: ${JSON.stringify(schema)},\n`,
  );
  return `${HEADER}\n${TYPES}export const schemas: Readonly<Record<string, JsonSchema>> = {\n${rows.join('')}};\n`;
}
