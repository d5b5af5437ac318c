import type { FileHandle } from 'node:fs/promises';
import { hasFreeThreads, HashThread } from './hashThreads.js';
import { nodeCrypto } from './nodeCrypto.js';
import { openRegularFile, readOnly } from './regularFile.js';

/** Bytes: for smaller files, starting a thread takes longer than it saves. */
const smallestForThread = 32 * 1024 * 1024;

const readSize = 1024 * 1024;

/** Hashes a file while it is being written, so that its MD5 is known soon after the last byte. */
export interface IncrementalMd5 {
  /** Allows to read the file up to `end`. */
  advance(end: number): void;
  /**
   * Hashes the rest of the first `size` bytes.
   * @returns their MD5 in lower-case hexadecimal
   */
  digest(): Promise<string>;
  /** Closes the file, and ends a `digest` that still runs. Call it in any case. */
  close(): Promise<void>;
}

/**
 * Starts to hash a file, on a thread of its own when it is large and a processor is free.
 * @param size bytes that the file will have
 */
export async function startMd5(path: string, size: number): Promise<IncrementalMd5> {
  if (size >= smallestForThread && hasFreeThreads(1)) return new ThreadMd5(path, size);
  return new InlineMd5((await openRegularFile(path)).file, size);
}

class InlineMd5 implements IncrementalMd5 {
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #hash = nodeCrypto().createHash('md5');
  #buffer: Buffer | undefined;
  #position = 0;
  #end = 0;
  #work: Promise<void> | undefined;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  advance(end: number): void {
    this.#end = end;
    if (this.#work !== undefined) return;
    this.#work = this.#hashUpTo().finally(() => (this.#work = undefined));
    // `digest` fails with the same error; without a handler here it would count as unhandled.
    this.#work.catch(() => undefined);
  }

  async digest(): Promise<string> {
    await this.#work;
    this.#end = this.#size;
    await this.#hashUpTo();
    return this.#hash.digest('hex');
  }

  async close(): Promise<void> {
    this.#end = this.#position;
    await this.#work?.catch(() => undefined);
    await this.#file.close();
  }

  async #hashUpTo(): Promise<void> {
    this.#buffer ??= Buffer.allocUnsafeSlow(Math.min(readSize, Math.max(1, this.#size)));
    while (this.#position < this.#end) {
      const length = Math.min(this.#buffer.length, this.#end - this.#position);
      const { bytesRead } = await this.#file.read(this.#buffer, 0, length, this.#position);
      if (bytesRead === 0) throw Object.assign(new Error('The file was cut'), { code: 'EIO' });
      this.#hash.update(this.#buffer.subarray(0, bytesRead));
      this.#position += bytesRead;
    }
  }
}

/** The program of the thread: each message says how far it may read; at the end of the file it answers with the digest. */
const threadProgram = `
const { parentPort, workerData: { path, size, readSize, flags } } = require('node:worker_threads');
const { openSync, readSync } = require('node:fs');
const hash = require('node:crypto').createHash('md5');
const file = openSync(path, flags);
const buffer = Buffer.allocUnsafeSlow(readSize);
let position = 0;
parentPort.on('message', (end) => {
  while (position < end) {
    const read = readSync(file, buffer, 0, Math.min(readSize, end - position), position);
    if (read === 0) throw Object.assign(new Error('The file was cut'), { code: 'EIO' });
    hash.update(buffer.subarray(0, read));
    position += read;
  }
  if (position === size) parentPort.postMessage(hash.digest('hex'));
});
`;

class ThreadMd5 implements IncrementalMd5 {
  readonly #thread: HashThread;
  readonly #size: number;
  readonly #digest: Promise<string>;

  constructor(path: string, size: number) {
    this.#size = size;
    this.#thread = new HashThread(threadProgram, { path, size, readSize, flags: readOnly });
    this.#digest = new Promise((resolve, reject) => {
      this.#thread.listen((digest) => resolve(String(digest)), reject);
    });
    this.#digest.catch(() => undefined);
  }

  advance(end: number): void {
    if (end < this.#size) this.#thread.send(end);
  }

  digest(): Promise<string> {
    this.#thread.send(this.#size);
    return this.#digest;
  }

  close(): Promise<void> {
    return this.#thread.stop();
  }
}
