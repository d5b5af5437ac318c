import { defaultBodySerializer } from 'openapi-fetch';
import { ArgumentError, SynapseHttpError } from '../errors.js';
import type { CallOptions } from '../../generated/services.js';
import type { ResolveEndpoint } from './endpoints.js';
import { errorFromResponse } from './errorFromResponse.js';
import { idempotencyOf, isJobResult } from './idempotency.js';
import { requestLine } from '../net/requestLine.js';
import type { Operation } from './operation.js';
import { splitArguments } from './operationArguments.js';
import type { Answer, Send } from './send.js';
import { parseJson, stringifyJson } from '../values/json.js';
import { deepestJson, isTooDeep } from '../values/jsonDepth.js';
import { isHeaderName, isHeaderText } from '../values/headerText.js';

/** The outcome of one operation: its result, or the error that a service method throws. */
export interface Exchanged {
  status: number;
  data?: unknown;
  error?: SynapseHttpError;
  received: Received;
}

/** The response as it was received. */
export type Received = Answer & { method: string; url: string; authenticated: boolean };

/** Calls an operation with its arguments and returns its result or its error. A network error is thrown. */
export type Exchange = (
  operation: Operation,
  args: Readonly<Record<string, unknown>>,
  options?: ExchangeCallOptions,
) => Promise<Exchanged>;

/** Options of a call by the name of its operation. */
export interface ExchangeCallOptions extends CallOptions {
  /**
   * Whether a number that a JavaScript number would spell differently (`1.0`) is an object, whose `toString()` is its text.
   * @default false
   */
  exactNumbers?: boolean;
  /** Called with the response before it is read. */
  onResponse?: (response: Pick<Answer, 'status' | 'headers'>) => void;
}

export interface ExchangeOptions {
  send: Send;
  resolveEndpoint: ResolveEndpoint;
  accessToken?: (() => string | undefined) | undefined;
  userAgent?: string | undefined;
  timeout?: number | undefined;
}

export function createExchange({
  send,
  resolveEndpoint,
  accessToken,
  userAgent,
  timeout,
}: ExchangeOptions): Exchange {
  return async (operation, args, callOptions = {}) => {
    const { method, path, parse } = operation;
    const { target, body } = splitArguments(operation, args);
    const endpoint = resolveEndpoint(path);
    const url = endpoint.baseUrl + target.slice(path.length - endpoint.path.length);
    const headers = headersFor(parse, userAgent, callOptions.headers);
    if (body !== undefined) headers['content-type'] ??= 'application/json';
    authorize(headers, accessToken);
    const answer = await send({
      method,
      url,
      headers,
      body: body === undefined ? undefined : writeBody(body, headers),
      idempotency: idempotencyOf(operation),
      signal: callOptions.signal,
      timeout: callOptions.timeout ?? timeout,
    });
    callOptions.onResponse?.({ status: answer.status, headers: answer.headers });
    // The answer comes last: V8 adds members to a copied object one by one.
    const received = { method, url, authenticated: 'authorization' in headers, ...answer };
    return interpret(operation, received, callOptions);
  };
}

const formType = 'application/x-www-form-urlencoded';

// Its declaration lacks the second parameter.
const writeForm: (body: unknown, headers: Record<string, string>) => string = defaultBodySerializer;

function writeBody(body: unknown, headers: Record<string, string>): string {
  return headers['content-type'] === formType ? writeForm(body, headers) : stringifyJson(body);
}

function interpret(
  operation: Operation,
  received: Received,
  callOptions: ExchangeCallOptions,
): Exchanged {
  const { parse } = operation;
  const { status, headers } = received;
  const location = parse === 'redirect' ? headers.get('location') : null;
  if (location !== null && status >= 300 && status < 400)
    return { status, data: location, received };
  if (isUnfinished(operation, status)) {
    // The body is the state of the job, not a reason.
    return { status, error: errorFromResponse({ ...received, text: '' }), received };
  }
  if (status < 200 || status > 299) return { status, error: errorFromResponse(received), received };
  return { status, data: readResult(parse, received, callOptions), received };
}

/**
 * 202 means that there is no result yet. There are two exceptions: operations that return the state of a job, and operations
 * whose documented status is 202. For an operation that is not described, 202 counts as a result.
 */
function isUnfinished({ path, status: documented }: Operation, status: number): boolean {
  if (status !== 202 || documented === undefined) return false;
  return documented !== 202 && !isJobResult(path);
}

function headersFor(
  parse: Operation['parse'],
  userAgent: string | undefined,
  own: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const headers: Record<string, string> = { accept: parse === 'json' ? 'application/json' : '*/*' };
  if (userAgent !== undefined) headers['user-agent'] = userAgent;
  for (const [name, value] of Object.entries(own ?? {})) headers[name.toLowerCase()] = value;
  for (const [name, value] of Object.entries(headers)) {
    // Checked here so that the error does not contain the value, which can be a credential. The error of fetch contains it.
    if (!isHeaderName(name) || !isHeaderText(value)) {
      throw new ArgumentError(
        `The header ${JSON.stringify(name)} has a name or a value that HTTP cannot carry.`,
      );
    }
  }
  return headers;
}

/** The URL is one of the endpoints, and redirects are not followed: no other host receives the token. */
function authorize(
  headers: Record<string, string>,
  accessToken: ExchangeOptions['accessToken'],
): void {
  if ('authorization' in headers) return;
  const token = accessToken?.();
  if (token === undefined || token === '') return;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ArgumentError(
      'The access token has a space, a line break or another character that no token has. Copy it again, and call `syn.login()`.',
    );
  }
  headers['authorization'] = `Bearer ${token}`;
}

function readResult(
  parse: Operation['parse'],
  received: Received,
  { exactNumbers }: ExchangeCallOptions,
): unknown {
  const { text, status, method, headers } = received;
  if (parse === 'void') return undefined;
  const isJson =
    parse === 'any' ? /\bjson\b/i.test(headers.get('content-type') ?? '') : parse === 'json';
  if (text.trim() === '' && (isJson || parse === 'any')) return undefined;
  if (!isJson) return text.trim();
  try {
    if (isTooDeep(text)) throw new SyntaxError(`It is nested deeper than ${deepestJson} levels.`);
    return parseJson(text, { exactNumbers });
  } catch (cause) {
    const { reason, url } = errorFromResponse(received);
    throw new SynapseHttpError(
      `The response is not JSON: ${JSON.stringify(reason.slice(0, 200))} (${status}, ${requestLine(method, url)}). ` +
        'Check the endpoint. The response may come from a proxy or a login page.',
      { status, reason, method, url, body: text, cause, code: 'MALFORMED_RESPONSE' },
    );
  }
}
