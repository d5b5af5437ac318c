import {
  AuthenticationError,
  AuthorizationError,
  ConflictError,
  NotFoundError,
  PreconditionFailedError,
  RateLimitError,
  redactText,
  redactUrl,
  ServerError,
  SynapseHttpError,
} from '../errors.js';
import type { HttpErrorOptions } from '../errors.js';
import { requestLine, shortAddress } from '../net/requestLine.js';
import { parseJson, stringifyJson } from '../values/json.js';
import { isTooDeep } from '../values/jsonDepth.js';

/** A response as it was received. */
export interface FailedResponse {
  status: number;
  headers?: { get(name: string): string | null };
  method: string;
  url: string;
  /** The body's text. */
  text: string;
  /** Whether the request carried credentials. @default true */
  authenticated?: boolean;
  /** Milliseconds that the server asked to wait. */
  retryAfter?: number | undefined;
  /** Whether an earlier attempt got no response: this response may then be a result of what that attempt did. */
  mayHaveBeenApplied?: boolean;
}

const longestReason = 500;

/** Messages for responses without a reason in the body; HTTP/2 sends no reason phrase. */
const phrases: Readonly<Record<number, string>> = {
  202: 'There is no result yet',
  400: 'Bad request',
  401: 'Not logged in',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone: this service is no longer offered',
  412: 'The object was changed by someone else',
  413: 'The request is too large',
  423: 'Locked',
  429: 'Too many requests',
  500: 'The server failed',
  501: 'Not implemented',
  502: 'Bad gateway',
  503: 'The service is not available',
  504: 'The gateway timed out',
};

const classes: Readonly<
  Record<number, new (message: string, options: HttpErrorOptions) => SynapseHttpError>
> = {
  401: AuthenticationError,
  403: AuthorizationError,
  404: NotFoundError,
  409: ConflictError,
  412: PreconditionFailedError,
  429: RateLimitError,
};

/**
 * Creates the error for a response: the server's reason first, then the request, then what to do next.
 *
 * Reads error bodies of Synapse, OAuth and DRS, plain text, the HTML of a proxy, and empty bodies.
 */
export function errorFromResponse(response: FailedResponse): SynapseHttpError {
  const { status, method, headers } = response;
  const body = parseBody(response.text);
  const { reason, errorCode } = explain(body, status);
  const url = redactUrl(response.url);
  const what = `${oneLine(reason)} (${status}, ${requestLine(method, url)})`;
  const advice = [hintFor(response, { reason, errorCode }), ambiguity(response)]
    .filter((part) => part !== undefined)
    .join(' ');
  const message = advice === '' ? what : `${what}. ${advice}`;
  const ErrorClass = classes[status] ?? (status >= 500 ? ServerError : SynapseHttpError);
  return new ErrorClass(message, {
    status,
    reason,
    method,
    url,
    body,
    errorCode,
    requestId: requestIdOf(headers),
    retryAfter: response.retryAfter,
  });
}

/** Parses a body as JSON. A body that is not JSON, or is nested too deeply, is returned as text. */
export function parseBody(text: string): unknown {
  if (isTooDeep(text)) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** The reason and the machine-readable error code in a body of any kind. */
export function explain(
  body: unknown,
  status: number,
): { reason: string; errorCode?: string | undefined } {
  const phrase = phrases[status] ?? `The server answered ${status}`;
  if (typeof body === 'string') {
    // Before the tags are removed: an element can have the name of a secret.
    return { reason: plainText(redactText(body)) || phrase };
  }
  if (typeof body !== 'object' || body === null) return { reason: phrase };
  const { reason, message, msg, error, error_description, errorCode } = body as Readonly<
    Record<string, unknown>
  >;
  // `msg` comes from GA4GH (/ga4gh/drs/v1), `error` and `error_description` from OAuth.
  const known = [reason, error_description, msg, message, error].map(textOf);
  const words = known.find((text) => text !== '');
  const isSilent = reason !== undefined || Object.keys(body).length === 0;
  const code = [errorCode, error].find(
    (word) => typeof word === 'string' && /^[A-Za-z0-9_]+$/.test(word),
  );
  return {
    reason: redactText(words ?? (isSilent ? phrase : stringifyJson(body))),
    errorCode: typeof code === 'string' ? code : undefined,
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value.trim() : stringifyJson(value);
}

/** The text of an HTML page of a proxy. */
function plainText(text: string): string {
  if (!/<(!doctype|html|head|body|title|h1)\b/i.test(text)) return text.trim();
  const title = /<title(?:\s[^<>]*)?>([^<]*)<\/title>/i.exec(text)?.[1]?.trim();
  if (title) return title;
  return withoutTags(text).replace(/\s+/g, ' ').trim().slice(0, longestReason);
}

/** The text of a page without tags, scripts and styles. Takes linear time for any input, also for tags that do not end. */
function withoutTags(html: string): string {
  const texts: string[] = [];
  const lower = html.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  let at = 0;
  while (at >= 0) {
    const open = html.indexOf('<', at);
    if (open < 0) return [...texts, html.slice(at)].join(' ');
    texts.push(html.slice(at, open));
    const name = ['script', 'style'].find((tag) => lower.startsWith(tag, open + 1));
    const close = name === undefined ? open : lower.indexOf(`</${name}`, open);
    const end = close < 0 ? -1 : html.indexOf('>', close);
    at = end < 0 ? -1 : end + 1;
  }
  return texts.join(' ');
}

/** Makes a text one line that is safe to print: a reason can contain line breaks, and names in it can contain escape sequences. */
function oneLine(text: string): string {
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length <= longestReason ? line : `${line.slice(0, longestReason)}…`;
}

function hintFor(
  response: FailedResponse,
  { reason, errorCode }: { reason: string; errorCode?: string | undefined },
): string | undefined {
  const known = errorCode === undefined ? undefined : hintsByCode.get(errorCode);
  if (known !== undefined) return known;
  // For most refusals of users who are not certified, Synapse sends no error code, only this text.
  if (reason.startsWith('Only certified users')) {
    return hintsByCode.get('USER_CERTIFICATION_REQUIRED');
  }
  const { status, authenticated = true, retryAfter } = response;
  switch (status) {
    case 202:
      return 'Ask again in a moment.';
    case 401:
      return authenticated
        ? 'The credentials were refused: call `syn.login()` again, with a personal access token that is still valid.'
        : 'You are not logged in: call `syn.login()`, or set SYNAPSE_AUTH_TOKEN to a personal access token.';
    case 403:
      return authenticated
        ? 'Request access from the owner of the data, or log in as someone who has it.'
        : 'You are not logged in: call `syn.login()`, then request access from the owner of the data if it is still refused.';
    case 412:
      return 'Fetch the object again, apply your change to the current state, and repeat the request.';
    case 413:
      return 'Send it in smaller parts.';
    case 429:
      return retryAfter === undefined
        ? 'Wait a minute and try again, with fewer requests at a time.'
        : `Wait ${Math.ceil(retryAfter / 1000)} s and try again, with fewer requests at a time.`;
    default:
      if (status >= 300 && status < 400) return redirectHint(response);
      return status >= 500 ? 'Try again later.' : undefined;
  }
}

/** Hints by error code, of `ErrorResponse.errorCode` and of OAuth. */
const hintsByCode: ReadonlyMap<string, string> = new Map([
  [
    'USER_CERTIFICATION_REQUIRED',
    'Become a certified user first: take the quiz that your account settings at https://www.synapse.org lead to.',
  ],
  [
    'PASSWORD_RESET_VIA_EMAIL_REQUIRED',
    'Reset the password on synapse.org, or use a personal access token.',
  ],
  [
    'TWO_FA_REQUIRED',
    'This account uses two-factor authentication: log in with a personal access token.',
  ],
  ['TWO_FA_ENABLED_REQUIRED', 'Switch on two-factor authentication in your Synapse settings.'],
  [
    'insufficient_scope',
    'Create a personal access token with the missing scope at https://www.synapse.org under Account Settings, Personal Access Tokens, and log in with it.',
  ],
]);

function redirectHint({ headers }: FailedResponse): string {
  const location = headers?.get('location');
  return location
    ? `The server redirects to ${shortAddress(redactUrl(location))}: correct the endpoint.`
    : 'The server redirects elsewhere: check the endpoint.';
}

function ambiguity({ mayHaveBeenApplied, method, status }: FailedResponse): string | undefined {
  if (!mayHaveBeenApplied || method === 'GET' || status >= 500 || status === 429) return undefined;
  return 'An earlier attempt of this request got no response and may have been applied.';
}

function requestIdOf(headers: FailedResponse['headers']): string | undefined {
  for (const name of ['x-request-id', 'x-amzn-requestid', 'x-amz-request-id', 'x-amz-cf-id']) {
    const value = headers?.get(name);
    if (value) return value;
  }
  return undefined;
}
