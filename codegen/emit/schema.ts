import type { Endpoint, Payload } from '../endpoints.js';
import { compare } from '../sort.js';
import { HEADER, member, objectType, quote } from './text.js';

const ANSWERS = `/** An answer with a JSON body. */
interface Json<T> {
  headers: { [name: string]: unknown };
  content: { 'application/json': T };
}

/** An answer that is a URL. */
interface Text {
  headers: { [name: string]: unknown };
  content: { 'text/plain': string };
}

/** An answer without a body. */
interface Empty {
  headers: { [name: string]: unknown };
  content?: never;
}
`;

/**
 * `schema.ts`: `paths` as openapi-typescript makes them (a test holds the two against each other), in a third of the space: its parts are named,
 * and what is not there is left out instead of being `never`.
 */
export function emitSchema(
  endpoints: readonly Endpoint[],
  fullNames: ReadonlyMap<string, string>,
): string {
  const paths = [...new Set(endpoints.map(({ path }) => path))].sort();
  const items = paths.map((path) => {
    const operations = endpoints
      .filter((endpoint) => endpoint.path === path)
      .sort((a, b) => compare(a.method, b.method));
    return `  ${quote(path)}: {\n${operations.map(operation).join('')}  };\n`;
  });
  const schemas = [...fullNames].map(([name, fullName]) => `    ${quote(fullName)}: M.${name};\n`);
  return [
    `${HEADER}import type * as M from './models.js';\n`,
    ANSWERS,
    `/** The API in the form that openapi-fetch's own \`createClient<paths>()\` takes. */\nexport interface paths {\n${items.join('')}}\n`,
    `/** The schemas by their full names. */\nexport interface components {\n  schemas: {\n${schemas.join('')}  };\n}\n`,
  ].join('\n');
}

function operation(endpoint: Endpoint): string {
  const { id, method, body } = endpoint;
  const members = [
    `parameters: ${objectType(parameters(endpoint))}`,
    ...(body.model === ''
      ? []
      : [`requestBody: { content: { 'application/json': ${body.type} } }`]),
    `responses: ${objectType(responses(endpoint))}`,
  ];
  return `    /** \`${id}\` */\n    ${method.toLowerCase()}: ${objectType(members)};\n`;
}

function parameters({ parameters: all }: Endpoint): string[] {
  return (['query', 'path'] as const).flatMap((place) => {
    const here = all.filter((parameter) => parameter.in === place);
    const optional = here.every(({ required }) => !required) ? '?' : '';
    return here.length === 0 ? [] : [`${place}${optional}: ${objectType(here.map(member))}`];
  });
}

function responses({ status, parse, response, pending }: Endpoint): string[] {
  return [
    `${status}: ${parse === 'redirect' ? 'Text' : answer(response)}`,
    ...(pending.model === '' ? [] : [`202: ${answer(pending)}`]),
    ...(parse === 'redirect' ? ['307: Empty'] : []),
    'default: Json<M.ErrorResponse>',
  ];
}

function answer({ model, type }: Payload): string {
  return model === '' ? 'Empty' : `Json<${type}>`;
}
