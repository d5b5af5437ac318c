import { Transform, type TransformCallback } from 'node:stream';

import { sameSignature, sha256Hex, signChunk } from './sigV4.js';
import type { Access } from './storageAuth.js';
import { invalidArgument, StorageError } from './storageError.js';

/**
 * Maximum size of a signed chunk in bytes, which is buffered until its signature is checked; S3
 * clients send 64 KiB to 1 MiB.
 */
const maxSignedChunk = 16 * 1024 ** 2;
/** Maximum length of a line that describes a chunk or is a trailing header. */
const maxLine = 4096;

/** Whether the payload hash announces a body in the `aws-chunked` format. */
export function isChunkedPayload(payloadHash: string): boolean {
  return payloadHash.startsWith('STREAMING-');
}

/**
 * Decodes a body in the `aws-chunked` format: `<hex size>[;chunk-signature=…]`, the bytes, and so
 * on until a chunk of size 0, with trailing headers behind it. A signed chunk is passed on only
 * after its signature is verified.
 */
export class ChunkedBody extends Transform {
  readonly #signer: Access['signer'] | undefined;
  #previous: string;
  #buffered: Buffer = Buffer.alloc(0);
  #state: 'line' | 'data' | 'dataEnd' | 'trailer' = 'line';
  #remaining = 0;
  #signature: string | undefined;
  #held: Buffer[] = [];

  constructor(access: Pick<Access, 'signer' | 'payloadHash'>) {
    super();
    const signed = access.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
    this.#signer = signed ? access.signer : undefined;
    this.#previous = access.signer.signature;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    try {
      while (this.#step());
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#state === 'trailer' ? null : incomplete());
  }

  /** Consumes one element of the buffer; false when more bytes are needed. */
  #step(): boolean {
    if (this.#buffered.length === 0) return false;
    switch (this.#state) {
      case 'line':
        return this.#readLine((line) => this.#beginChunk(line));
      case 'data':
        return this.#readData();
      case 'dataEnd':
        return this.#readLine((line) => {
          if (line !== '') throw incomplete();
          this.#state = 'line';
        });
      case 'trailer':
        return this.#readLine(() => undefined);
    }
  }

  #readLine(take: (line: string) => void): boolean {
    const end = this.#buffered.indexOf('\r\n');
    if (end > maxLine || (end < 0 && this.#buffered.length > maxLine)) throw incomplete();
    if (end < 0) return false;
    const line = this.#buffered.subarray(0, end).toString('latin1');
    this.#buffered = this.#buffered.subarray(end + 2);
    take(line);
    return true;
  }

  #beginChunk(line: string): void {
    const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
    if (!match) throw incomplete();
    this.#remaining = parseInt(match[1] ?? '', 16);
    this.#signature = match[2];
    if (this.#signer && this.#remaining > maxSignedChunk) {
      throw invalidArgument(`A signed chunk may not exceed ${maxSignedChunk} bytes.`);
    }
    if (this.#remaining > 0) this.#state = 'data';
    else {
      this.#endChunk();
      this.#state = 'trailer';
    }
  }

  #readData(): boolean {
    const bytes = this.#buffered.subarray(0, this.#remaining);
    this.#buffered = this.#buffered.subarray(bytes.length);
    this.#remaining -= bytes.length;
    if (this.#signer) this.#held.push(bytes);
    else this.push(bytes);
    if (this.#remaining === 0) {
      this.#endChunk();
      this.#state = 'dataEnd';
    }
    return true;
  }

  #endChunk(): void {
    if (!this.#signer) return;
    const content = Buffer.concat(this.#held);
    this.#held = [];
    const chunk = { previous: this.#previous, hash: sha256Hex(content) };
    const expected = signChunk(chunk, this.#signer);
    if (!sameSignature(expected, this.#signature ?? '')) {
      throw new StorageError(403, 'A chunk of the body does not match its signature.', {
        code: 'SignatureDoesNotMatch',
      });
    }
    this.#previous = expected;
    if (content.length > 0) this.push(content);
  }
}

function incomplete(): StorageError {
  return new StorageError(400, 'The request body is not in the aws-chunked form.', {
    code: 'IncompleteBody',
  });
}
