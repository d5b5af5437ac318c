import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { hasFreeThreads, HashThread } from './hashThreads.js';

/** Below this a thread costs more than it saves. */
const smallestForThread = 32 * 1024 * 1024;

const readSize = 1024 * 1024;

/** The MD5 of a file that is being written: follows the writer, so that it is known soon after the last byte. */
export interface ChasingMd5 {
  /** Says that the file is whole up to here. */
  advance(end: number): void;
  /** Waits for the MD5 of the first `size` bytes, in lower-case hexadecimal. */
  digest(): Promise<string>;
  /** Lets go of the file; to be called in any case. */
  close(): Promise<void>;
}

/**
 * Starts to hash a file, on a thread of its own when it is large and a processor is free.
 * @param size bytes that the file will have
 */
export async function startMd5(path: string, size: number): Promise<ChasingMd5> {
  if (size >= smallestForThread && hasFreeThreads(1)) return new ThreadMd5(path, size);
  return new InlineMd5(await open(path, 'r'), size);
}

/** The MD5 of a file of a known size. */
export async function md5OfFile(path: string, size: number): Promise<string> {
  const md5 = await startMd5(path, size);
  try {
    return await md5.digest();
  } finally {
    await md5.close();
  }
}

class InlineMd5 implements ChasingMd5 {
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #hash = createHash('md5');
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
    this.#work = this.#chase().finally(() => (this.#work = undefined));
    // digest() meets the failure again; here nobody waits for it.
    this.#work.catch(() => undefined);
  }

  async digest(): Promise<string> {
    await this.#work;
    this.#end = this.#size;
    await this.#chase();
    return this.#hash.digest('hex');
  }

  async close(): Promise<void> {
    this.#end = this.#position;
    await this.#work?.catch(() => undefined);
    await this.#file.close();
  }

  async #chase(): Promise<void> {
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

/** The same on another thread: told how far it may go, and in the end answers the digest. */
const threadProgram = `
const { parentPort, workerData: { path, size, readSize } } = require('node:worker_threads');
const { openSync, readSync } = require('node:fs');
const hash = require('node:crypto').createHash('md5');
const file = openSync(path, 'r');
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

class ThreadMd5 implements ChasingMd5 {
  readonly #thread: HashThread;
  readonly #size: number;
  readonly #digest: Promise<string>;

  constructor(path: string, size: number) {
    this.#size = size;
    this.#thread = new HashThread(threadProgram, { path, size, readSize });
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
