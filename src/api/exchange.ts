import createClient, { createQuerySerializer } from 'openapi-fetch';
import { ArgumentError, SynapseHttpError } from '../errors.js';
import type { CallOptions } from '../../generated/services.js';
import type { ResolveEndpoint } from './endpoints.js';
import { errorFromResponse } from './errorFromResponse.js';
import { idempotencyOf, isJobResult } from './idempotency.js';
import type { Operation } from './operation.js';
import { splitArguments } from './operationArguments.js';
import type { RequestParts } from './operationArguments.js';
import type { Answer, Send } from './send.js';

/** The outcome of one operation: its result, or the error that a service method throws. */
export interface Exchanged {
  status: number;
  data?: unknown;
  error?: SynapseHttpError;
  received: Received;
}

/** The response as it was received. */
export type Received = Answer & { method: string; url: string; authenticated: boolean };

/** Calls an operation: arguments in, result or error out. A fault of the network is thrown. */
export type Exchange = (
  operation: Operation,
  args: Readonly<Record<string, unknown>>,
  options?: CallOptions,
) => Promise<Exchanged>;

export interface ExchangeOptions {
  send: Send;
  resolveEndpoint: ResolveEndpoint;
  accessToken?: (() => string | undefined) | undefined;
  userAgent?: string | undefined;
  timeout?: number | undefined;
}

/** openapi-fetch without its types: those of this package are in generated/, where an editor is quick with them. */
type RawRequest = (
  method: string,
  path: string,
  init: {
    baseUrl: string;
    params: { path: object; query: object };
    body: unknown;
    headers: Record<string, string>;
    parseAs: 'text';
    Request: typeof Outgoing;
    fetch: (request: Outgoing) => Promise<Incoming>;
  },
) => Promise<unknown>;

/** The request that openapi-fetch makes. A real `Request` would cost as much time as all the rest, and is never sent. */
class Outgoing {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;

  constructor(url: string, init: { method: string; headers: Headers; body?: string }) {
    this.url = url;
    this.method = init.method;
    this.headers = init.headers;
    this.body = init.body;
  }
}

/** The part of `Response` that openapi-fetch uses. */
interface Incoming {
  status: number;
  ok: boolean;
  headers: Answer['headers'];
  text: () => Promise<string>;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const transmit = createTransmit(options);
  return async (operation, args, callOptions = {}) => {
    const parts = splitArguments(operation, args);
    // Without this, the server would answer with the file itself.
    if (operation.parse === 'redirect') parts.query.redirect = 'false';
    return interpret(operation, await transmit(operation, parts, callOptions));
  };
}

function createTransmit(
  options: ExchangeOptions,
): (operation: Operation, parts: RequestParts, callOptions: CallOptions) => Promise<Received> {
  const client = createClient({
    // Made once: given as options, it would be made anew for each call.
    querySerializer: createQuerySerializer({ array: { style: 'form', explode: false } }),
  });
  const request = client.request as unknown as RawRequest;
  return async (operation, { path, query, body }, callOptions) => {
    const { method, path: template, parse } = operation;
    const endpoint = options.resolveEndpoint(template);
    let received: Received | undefined;
    await request(method, endpoint.path, {
      baseUrl: endpoint.baseUrl,
      params: { path, query },
      body,
      headers: headersFor(parse, options.userAgent, callOptions.headers),
      parseAs: 'text',
      Request: Outgoing,
      fetch: async ({ url, headers, body: sent }) => {
        authorize(headers, options.accessToken);
        const answer = await options.send({
          method,
          url,
          headers,
          body: sent,
          idempotency: idempotencyOf(operation),
          signal: callOptions.signal,
          timeout: callOptions.timeout ?? options.timeout,
        });
        received = { ...answer, method, url, authenticated: headers.has('authorization') };
        const { status, text } = answer;
        const ok = status >= 200 && status < 300;
        return { status, ok, headers: answer.headers, text: () => Promise.resolve(text) };
      },
    });
    if (received === undefined) throw new Error(`${method} ${template} was never sent`);
    return received;
  };
}

function interpret(operation: Operation, received: Received): Exchanged {
  const { parse } = operation;
  const { status, headers } = received;
  const location = parse === 'redirect' ? headers.get('location') : null;
  if (location !== null && status >= 300 && status < 400)
    return { status, data: location, received };
  if (isUnfinished(operation, status)) {
    // What came with it is a state, not a reason.
    return { status, error: errorFromResponse({ ...received, text: '' }), received };
  }
  if (status < 200 || status > 299) return { status, error: errorFromResponse(received), received };
  return { status, data: readResult(parse, received), received };
}

/**
 * 202 says that there is no result yet. Two kinds of operation answer it with a result all the same: the state of a job, and
 * those that document it. Of an operation that is not described nothing is known.
 */
function isUnfinished({ path, status: documented }: Operation, status: number): boolean {
  if (status !== 202 || documented === undefined) return false;
  return documented !== 202 && !isJobResult(path);
}

function headersFor(
  parse: Operation['parse'],
  userAgent: string | undefined,
  own: Record<string, string> | undefined,
): Record<string, string> {
  const headers = {
    accept: parse === 'json' ? 'application/json' : '*/*',
    ...(userAgent !== undefined && { 'user-agent': userAgent }),
    ...own,
  };
  for (const [name, value] of Object.entries(headers)) {
    // Said here, without the value: fetch would print it, and it can be a credential.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new ArgumentError(
        `The header ${JSON.stringify(name)} has a name or a value that HTTP cannot carry.`,
      );
    }
  }
  return headers;
}

/** The URL is one of the endpoints, and redirects are not followed: no other host receives the token. */
function authorize(headers: Headers, accessToken: ExchangeOptions['accessToken']): void {
  if (headers.has('authorization')) return;
  const token = accessToken?.();
  if (token === undefined || token === '') return;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ArgumentError(
      'The access token has a space, a line break or another character that no token has. Copy it again, or run `synapse login`.',
    );
  }
  headers.set('authorization', `Bearer ${token}`);
}

function readResult(parse: Operation['parse'], received: Received): unknown {
  const { text, status, method, headers } = received;
  if (parse === 'void') return undefined;
  const isJson =
    parse === 'any' ? /\bjson\b/i.test(headers.get('content-type') ?? '') : parse === 'json';
  if (text.trim() === '' && (isJson || parse === 'any')) return undefined;
  if (!isJson) return text.trim();
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const { reason, url } = errorFromResponse(received);
    throw new SynapseHttpError(
      `The answer is not JSON but says ${JSON.stringify(reason.slice(0, 200))} (${status}, ${method} ${url}). ` +
        'Check the endpoint; a proxy or a login page may stand before it.',
      { status, reason, method, url, body: text, cause },
    );
  }
}
