import { STATUS_CODES, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { disturbBody, DropConnection } from '../conditions/disturbBody.js';
import type { BodyEffects } from '../conditions/faultRule.js';
import { acceptedErrorFormat, acceptedFormat } from './accept.js';
import { apiCorsHeaders, storageCorsHeaders } from './cors.js';
import type { Exchange } from './exchange.js';
import type { ServiceError } from './serviceError.js';

/** An answer ready to be written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text is sent with the head in one write. */
  readonly body: Buffer | Readable | string | undefined;
  /** Called when the body was sent or its client is gone. */
  readonly release?: (() => void) | undefined;
}

const jsonType = 'application/json; charset=UTF-8';
const textType = 'text/plain; charset=UTF-8';

export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': jsonType, ...headers },
    body: JSON.stringify(value),
  };
}

export function textAnswer(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': textType, ...headers },
    body: text,
  };
}

/** An answer in the format that its request accepts. @throws 406 when there is none */
export function acceptedAnswer(answer: Answer, accept: string | undefined): Answer {
  const isJson = answer.headers['content-type'] === jsonType;
  return isJson && acceptedFormat(accept) === 'text'
    ? { ...answer, headers: { ...answer.headers, 'content-type': textType } }
    : answer;
}

/**
 * The answer to an error, in the format of the API that the path belongs to and that its request
 * accepts. A plain text is the reason alone.
 */
export function errorAnswer(
  error: ServiceError,
  { pathname, accept }: { readonly pathname: string; readonly accept?: string | undefined },
): Answer {
  const { status, message: reason, errorCode, headers } = error;
  if (typeof error.body === 'string') {
    return textAnswer(status, error.body, headers);
  }
  if (error.body !== undefined) {
    return jsonAnswer(status, error.body, headers);
  }
  if (pathname.startsWith('/ga4gh/')) {
    return jsonAnswer(status, { msg: reason, status_code: status }, headers);
  }
  if (acceptedErrorFormat(accept) === 'text') {
    return textAnswer(status, reason, headers);
  }
  return jsonAnswer(
    status,
    {
      concreteType: 'org.sagebionetworks.repo.model.ErrorResponse',
      reason,
      ...(errorCode && { errorCode }),
    },
    headers,
  );
}

/** The dependencies of sending an answer. */
interface Sending {
  readonly answer: Answer;
  /** Whether the answer comes from the storage. */
  readonly isStorage: boolean;
}

/** Sends an answer with the faults that apply to it. Never rejects. */
export async function sendAnswer(
  exchange: Exchange,
  { answer, isStorage }: Sending,
): Promise<void> {
  const { request, response, effects } = exchange;
  const { body } = answer;
  if (response.destroyed || effects.loseAnswer) {
    discard(body);
    request.socket.resetAndDestroy();
    return;
  }
  if (answer.release !== undefined) {
    response.once('close', answer.release);
  }
  // The service sends no reason phrase, which the Python client would display; its storage sends
  // one.
  const corsHeaders = isStorage ? storageCorsHeaders : apiCorsHeaders;
  const phrase = isStorage ? (STATUS_CODES[answer.status] ?? '') : '';
  response.writeHead(answer.status, phrase, {
    ...corsHeaders(request.method, request.headers),
    ...lengthHeader(answer),
    ...answer.headers,
    // Does not wait for the rest of a body that is much too large.
    ...(answer.status === 413 && !request.complete ? { connection: 'close' } : {}),
  });
  if (body === undefined || request.method === 'HEAD') {
    discard(body);
    response.end();
  } else if (effects.body !== undefined) {
    await sendDisturbed(body, effects.body, exchange);
  } else if (body instanceof Readable) {
    await pipeline(body, response).catch(() => response.destroy());
  } else {
    response.end(body);
  }
}

function lengthHeader({ status, body }: Answer): Record<string, string> {
  if (body instanceof Readable || status === 204 || status === 304) {
    return {};
  }
  return { 'content-length': String(Buffer.byteLength(body ?? '')) };
}

async function sendDisturbed(
  body: Buffer | Readable | string,
  effects: BodyEffects,
  { response, signal }: Exchange,
): Promise<void> {
  const source = body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
  response.flushHeaders();
  try {
    for await (const chunk of disturbBody(source, effects, signal)) {
      if (!response.write(chunk)) {
        await drained(response);
      }
      signal.throwIfAborted();
    }
    response.end();
  } catch (error) {
    discard(source);
    if (error instanceof DropConnection) {
      // Data that was written before still reaches the client.
      response.socket?.destroySoon();
    } else {
      response.destroy();
    }
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

function discard(body: Answer['body']): void {
  if (body instanceof Readable) {
    body.on('error', () => undefined).destroy();
  }
}
