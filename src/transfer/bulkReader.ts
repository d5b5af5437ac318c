import { WorkerThread } from '../files/workerThread.js';

/** What tells a file, as it is at one moment, from all others on this machine. */
export interface FileState {
  dev: bigint;
  ino: bigint;
  /** Bytes. */
  size: bigint;
  mtimeNs: bigint;
}

/** A file that was read whole, at one moment. */
export interface WholeFile {
  content: Uint8Array<ArrayBuffer>;
  /** Lower-case hexadecimal. */
  md5: string;
  state: FileState;
}

/** Up to so many bytes a file is held in memory between its hash and its upload. */
export const smallFile = 1024 * 1024;

/** From so many files at a time on, a thread saves more than it costs. */
const smallestBulk = 4;

/**
 * Reads and hashes files, several for a message: to open, look, read and close with calls of its own takes the main
 * thread longer than the reading takes. Whatever is no small regular file, or cannot be read, is left to the caller,
 * who will see why. A pipe does not make it wait for a writer.
 */
const program = `
const { parentPort, workerData: smallFile } = require('node:worker_threads');
const { openSync, fstatSync, readSync, closeSync, constants } = require('node:fs');
const { createHash } = require('node:crypto');
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const spare = [];
const readWhole = (path) => {
  const file = openSync(path, flags);
  try {
    const info = fstatSync(file, { bigint: true });
    if (!info.isFile() || info.size === 0n || info.size > smallFile) return undefined;
    const content = new Uint8Array(spare.pop() ?? new ArrayBuffer(smallFile), 0, Number(info.size));
    for (let at = 0; at < content.length; ) {
      const bytes = readSync(file, content, at, content.length - at, at);
      if (bytes === 0) return undefined;
      at += bytes;
    }
    const { dev, ino, size, mtimeNs } = info;
    const md5 = createHash('md5').update(content).digest('hex');
    return { content, md5, state: { dev, ino, size, mtimeNs } };
  } finally {
    closeSync(file);
  }
};
parentPort.on('message', ({ paths, memory }) => {
  spare.push(...memory);
  const files = paths.map((path) => {
    try {
      return readWhole(path);
    } catch {
      return undefined;
    }
  });
  parentPort.postMessage(files, files.flatMap((file) => file?.content.buffer ?? []));
});
`;

interface Waiting {
  path: string;
  resolve: (file: WholeFile | undefined) => void;
}

/** Reads small files for all uploads of this process, while there are many at a time. */
class BulkReader {
  #users = 0;
  #thread: WorkerThread | undefined;
  #queue: Waiting[] = [];
  /** Of files that nobody needs any more, for the thread to use again. */
  readonly #memory: ArrayBuffer[] = [];
  /** What the thread has to answer, in the order in which it was asked. */
  readonly #asked: Waiting[][] = [];

  /** Counts an upload, until {@link leave}. */
  join(): void {
    this.#users += 1;
  }

  /** @param file what it got from {@link read}: its memory is used again */
  leave(file?: WholeFile): void {
    this.#users -= 1;
    if (this.#users === 0) this.#end();
    else if (file !== undefined) this.#memory.push(file.content.buffer);
  }

  /** @returns nothing where the caller has to read the file */
  read(path: string): Promise<WholeFile | undefined> {
    if (this.#users < smallestBulk) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      // What is asked for in one turn of the loop goes in one message.
      if (this.#queue.length === 0) setImmediate(() => this.#send());
      this.#queue.push({ path, resolve });
    });
  }

  #send(): void {
    const batch = this.#queue;
    this.#queue = [];
    this.#asked.push(batch);
    try {
      this.#thread ??= this.#start();
      const memory = this.#memory.splice(0);
      this.#thread.send({ paths: batch.map(({ path }) => path), memory }, memory);
    } catch {
      this.#end();
    }
  }

  #start(): WorkerThread {
    const thread = new WorkerThread(program, smallFile);
    thread.listen(
      (files) => this.#answer(files as (WholeFile | undefined)[]),
      () => this.#end(),
    );
    return thread;
  }

  #answer(files: readonly (WholeFile | undefined)[]): void {
    const batch = this.#asked.shift() ?? [];
    batch.forEach(({ resolve }, index) => resolve(files[index]));
  }

  #end(): void {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#memory.length = 0;
    while (this.#asked.length > 0) this.#answer([]);
    // Nothing waits for its end, and it has nothing to lose.
    thread?.stop().catch(() => undefined);
  }
}

export const bulkReader = new BulkReader();
