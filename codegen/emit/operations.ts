import type { Endpoint, EndpointParameter } from '../endpoints.js';
import { HEADER, quote } from './text.js';

const TYPES = `/**
 * One operation as data: what a client needs to call it and a server to route it.
 *
 * \`params\` holds a token for each parameter, \`<p|q|h><!|?><s|n|i|b|a>:<name>[=<enum>]\`: in path, query or header; required or
 * optional; string, number, integer, boolean or array of strings. \`body\` and \`response\` are the name of a model or a primitive, \`?\` for
 * any JSON object, or empty. \`status\` is the documented success.
 */
export type OperationRow = readonly [
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  params: string,
  body: string,
  parse: 'json' | 'text' | 'redirect' | 'void',
  response: string,
  status: number,
  page: '' | 'tokenQuery' | 'tokenBody' | 'offset',
];

/** Every operation by its id, \`service.name\`. */
`;

/** `operations.ts`: the operations as run-time data. */
export function emitOperations(endpoints: readonly Endpoint[]): string {
  const rows = endpoints.map(
    (endpoint) => `  ${quote(endpoint.id)}: [${cells(endpoint).join(', ')}],\n`,
  );
  return `${HEADER}\n${TYPES}export const operations: Readonly<Record<string, OperationRow>> = {\n${rows.join('')}};\n`;
}

function cells({
  method,
  path,
  parameters,
  body,
  parse,
  response,
  status,
  page,
}: Endpoint): string[] {
  const params = parameters.map(token).join(' ');
  return [
    ...[method, path, params, body.model, parse, response.model].map(quote),
    String(status),
    quote(page),
  ];
}

function token({ in: place, required, kind, name, model }: EndpointParameter): string {
  return `${place.charAt(0)}${required ? '!' : '?'}${kind}:${name}${model === undefined ? '' : `=${model}`}`;
}
