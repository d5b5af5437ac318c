import type { Endpoint } from '../endpoints.js';
import { argsMembers, docComment, HEADER, objectType, operationUrl, resultType } from './text.js';

const CALL_OPTIONS = `/** What every call takes beside its arguments. */
export interface CallOptions {
  /** Aborts the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Time for the whole call in milliseconds, retries included. */
  timeout?: number;
  /** Headers for this call. */
  headers?: Record<string, string>;
}
`;

/** `services.ts`: an interface for every service with a method for every operation. */
export function emitServices(endpoints: readonly Endpoint[]): string {
  const names = [...new Set(endpoints.map(({ service }) => service))].sort();
  const services = names.map((name) => endpoints.filter(({ service }) => service === name));
  const list = services.map(
    (service) =>
      `${docComment([tagOf(service)], '  ')}  ${nameOf(service)}: ${interfaceName(service)};\n`,
  );
  const interfaces = services.map(serviceInterface);
  return [
    `${HEADER}import type * as M from './models.js';\n`,
    CALL_OPTIONS,
    `/** Every operation of the Synapse REST API, grouped by service. */\nexport interface Services {\n${list.join('')}}\n`,
    ...interfaces,
  ].join('\n');
}

function serviceInterface(endpoints: readonly Endpoint[]): string {
  return `${docComment([tagOf(endpoints)])}export interface ${interfaceName(endpoints)} {\n${endpoints.map(method).join('')}}\n`;
}

function method(endpoint: Endpoint): string {
  const { method: verb, path, name, parameters, body } = endpoint;
  const doc = [`\`${verb} ${path}\``, ...remarks(endpoint), `@see ${operationUrl(endpoint)}`];
  const members = argsMembers(endpoint);
  const optional = body.model === '' && parameters.every(({ required }) => !required) ? '?' : '';
  const args = members.length === 0 ? '' : `args${optional}: ${objectType(members)}, `;
  const signature = `${name}(${args}options?: CallOptions): Promise<${resultType(endpoint)}>`;
  return `${docComment(doc, '  ')}  ${signature};\n`;
}

/** What a caller must know that the signature does not say. */
function remarks({ id, parse, pending, page }: Endpoint): string[] {
  const lines = [];
  if (parse === 'redirect') lines.push('Gives the URL that the endpoint redirects to.');
  if (pending.model !== '')
    lines.push('Gives the status of the job while it is not done; `runJob` waits for it.');
  if (page !== '') lines.push(`Gives one page; \`paginate('${id}', args)\` goes through all.`);
  return lines.flatMap((line) => ['', line]);
}

function nameOf(endpoints: readonly Endpoint[]): string {
  return endpoints[0]?.service ?? '';
}

function interfaceName(endpoints: readonly Endpoint[]): string {
  const name = nameOf(endpoints);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Service`;
}

function tagOf(endpoints: readonly Endpoint[]): string {
  return endpoints[0]?.tag ?? '';
}
