import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

import { limits } from '../limits.js';
import { parseExactJson } from './exactJson.js';
import { badRequest, ServiceError } from './serviceError.js';

/** Largest body of an API call. */
export const maxBodyBytes = limits.requestBody;

/** Maximum nesting of a body, so that recursive functions do not overflow the stack. */
const maxDepth = 500;

/**
 * Maximum number of bytes that are still read from a body that is too large, because many clients
 * read the answer only after sending.
 */
const maxDrainBytes = 32 * 1024 * 1024;

/**
 * Reads a JSON body of bounded size.
 *
 * @param body the bytes of the body, with faults if any apply
 * @param exactNumbers whether numbers stay exact, for any JSON that is no model
 * @throws 400 when it is not JSON, 413 when it is too large, 415 for another content type
 */
export async function readJson(
  request: IncomingMessage,
  body: Readable,
  { exactNumbers }: { readonly exactNumbers: boolean },
): Promise<unknown> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxDrainBytes) {
    throw tooLarge();
  }
  const text = (await collect(body)).toString('utf8');
  if (text.trim() === '') {
    return undefined;
  }
  refuseOtherTypes(request.headers['content-type']);
  const value = parse(text, exactNumbers ? parseExactJson : JSON.parse);
  if (isDeeperThan(maxDepth, value)) {
    throw badRequest(`The request body is nested more than ${maxDepth} levels deep.`);
  }
  return value;
}

/** Whether a body is form-encoded. */
export function isForm({ headers }: IncomingMessage): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
}

/** Reads a form-encoded body of bounded size. @throws 413 when it is too large */
export async function readForm(body: Readable): Promise<URLSearchParams> {
  return new URLSearchParams((await collect(body)).toString('utf8'));
}

function parse(text: string, read: (text: string) => unknown): unknown {
  try {
    return read(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw badRequest(`The request body could not be parsed as JSON: ${detail}`);
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member));
}

/** Listens for events, because an iterator over a stream costs as much as the rest of the request. */
async function collect(body: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxDrainBytes) {
        // The request is not destroyed, because the answer still has to be sent.
        body.off('data', onData).pause();
        reject(tooLarge());
      } else if (size <= maxBodyBytes) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
      }
    };
    const onEnd = (): void => {
      if (size > maxBodyBytes) reject(tooLarge());
      else resolve(Buffer.concat(chunks, size));
    };
    const onClose = (): void => {
      if (!body.readableEnded) {
        reject(new Error('The connection ended before the request body did.'));
      }
    };
    body.on('data', onData).on('end', onEnd).on('error', reject).on('close', onClose);
    if (body.destroyed) onClose();
  });
}

function refuseOtherTypes(contentType: string | undefined): void {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== '' && !/^(?:application|text)\/(?:.+\+)?json$/.test(type)) {
    throw new ServiceError(415, `Content type '${type}' not supported, use application/json.`);
  }
}

function tooLarge(): ServiceError {
  return new ServiceError(413, `Request body exceeds the maximum of ${maxBodyBytes} bytes.`);
}
