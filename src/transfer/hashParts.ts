import { createHash } from 'node:crypto';
import { hasFreeThreads, HashThread } from '../files/hashThreads.js';
import type { PartPlan } from './partPlan.js';
import type { SourceFile } from './sourceFile.js';

/** Bytes: for smaller files, starting threads takes longer than they save. */
const smallestForThreads = 32 * 1024 * 1024;

/** The MD5s that a multipart upload needs, in lower-case hexadecimal. */
export interface PartHashes {
  md5: string;
  /** One for each part. */
  partMd5s: string[];
}

/** A progress callback, and the signal. */
export interface PartHashOptions {
  onBytes: (bytes: number) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Computes the MD5 of a file and of its parts while reading the file once. For a large file, the two run on
 * separate threads.
 */
export async function hashParts(
  source: SourceFile,
  plan: PartPlan,
  options: PartHashOptions,
): Promise<PartHashes> {
  const { size } = source;
  if (plan.partCount === 1) {
    const md5 = await md5OfWhole(source, options);
    return { md5, partMd5s: [md5] };
  }
  const useThreads = size >= smallestForThreads && hasFreeThreads(2);
  const hash = useThreads ? hashOnThreads : hashHere;
  const [[md5 = ''] = [], partMd5s = []] = await hash(source, [size, plan.partSize], options);
  return { md5, partMd5s };
}

async function md5OfWhole(source: SourceFile, options: PartHashOptions): Promise<string> {
  if (source.md5 === undefined) {
    const [[md5 = ''] = []] = await hashHere(source, [source.size], options);
    return md5;
  }
  options.onBytes(source.size);
  return source.md5;
}

/** @returns the MD5s of the parts, for each of the part sizes */
async function hashHere(
  source: SourceFile,
  partSizes: readonly number[],
  { onBytes, signal }: PartHashOptions,
): Promise<string[][]> {
  const hashers = partSizes.map((partSize) => new PartHasher(partSize));
  for await (const piece of source.pieces({ start: 0, end: source.size })) {
    signal?.throwIfAborted();
    for (const hasher of hashers) hasher.update(piece);
    onBytes(piece.length);
  }
  return hashers.map((hasher) => hasher.digests());
}

class PartHasher {
  readonly #partSize: number;
  readonly #digests: string[] = [];
  #hash = createHash('md5');
  #length = 0;

  constructor(partSize: number) {
    this.#partSize = partSize;
  }

  update(piece: Buffer): void {
    for (let at = 0; at < piece.length;) {
      const end = Math.min(piece.length, at + this.#partSize - this.#length);
      this.#hash.update(piece.subarray(at, end));
      this.#length += end - at;
      at = end;
      if (this.#length === this.#partSize) this.#endPart();
    }
  }

  digests(): string[] {
    if (this.#length > 0) this.#endPart();
    return this.#digests;
  }

  #endPart(): void {
    this.#digests.push(this.#hash.digest('hex'));
    this.#hash = createHash('md5');
    this.#length = 0;
  }
}

const slotSize = 1024 * 1024;
const slotCount = 4;

/** The program of a thread. It works like {@link PartHasher}, on shared memory, and reports each slot that it has read. */
const threadProgram = `
const { parentPort, workerData: { memory, slotSize, partSize } } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const digests = [];
let hash = createHash('md5');
let length = 0;
const endPart = () => {
  digests.push(hash.digest('hex'));
  hash = createHash('md5');
  length = 0;
};
parentPort.on('message', ({ slot, bytes }) => {
  if (slot === undefined) {
    if (length > 0) endPart();
    parentPort.postMessage({ digests });
    return;
  }
  for (let at = 0; at < bytes; ) {
    const end = Math.min(bytes, at + partSize - length);
    hash.update(new Uint8Array(memory, slot * slotSize + at, end - at));
    length += end - at;
    at = end;
    if (length === partSize) endPart();
  }
  parentPort.postMessage({ slot });
});
`;

/** Like {@link hashHere}, but with threads: the file is read into shared memory. */
async function hashOnThreads(
  source: SourceFile,
  partSizes: readonly number[],
  { onBytes, signal }: PartHashOptions,
): Promise<string[][]> {
  const memory = new SharedArrayBuffer(slotSize * slotCount);
  const slots = new SlotRing(partSizes.length);
  const threads = partSizes.map(
    (partSize) => new HashThread(threadProgram, { memory, slotSize, partSize }),
  );
  const results = threads.map((thread) => slots.follow(thread));
  try {
    for (let position = 0; position < source.size;) {
      signal?.throwIfAborted();
      const slot = await slots.take();
      const bytes = Math.min(slotSize, source.size - position);
      await source.readInto(new Uint8Array(memory, slot * slotSize, bytes), position);
      for (const thread of threads) thread.send({ slot, bytes });
      position += bytes;
      onBytes(bytes);
    }
    for (const thread of threads) thread.send({});
    return await Promise.all(results);
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** Keeps track of the slots of the shared memory. A slot is free when all threads have read it. */
class SlotRing {
  readonly #threadCount: number;
  readonly #users = new Array<number>(slotCount).fill(0);
  #next = 0;
  #wake: (() => void) | undefined;
  #failure: Error | undefined;

  constructor(threadCount: number) {
    this.#threadCount = threadCount;
  }

  /** @returns the digests of a thread */
  follow(thread: HashThread): Promise<string[]> {
    const result = new Promise<string[]>((resolve, reject) => {
      thread.listen(
        (message) => {
          const { slot, digests } = message as { slot?: number; digests?: string[] };
          if (digests !== undefined) resolve(digests);
          if (slot !== undefined) this.#users[slot] = (this.#users[slot] ?? 1) - 1;
          this.#wake?.();
        },
        (error) => {
          this.#failure = error;
          this.#wake?.();
          reject(error);
        },
      );
    });
    result.catch(() => undefined);
    return result;
  }

  async take(): Promise<number> {
    const slot = this.#next;
    while (this.#failure === undefined && this.#users[slot] !== 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#failure !== undefined) throw this.#failure;
    this.#users[slot] = this.#threadCount;
    this.#next = (slot + 1) % slotCount;
    return slot;
  }
}
