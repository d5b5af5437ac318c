import { WorkerThread } from '../files/workerThread.js';
import { smallFileSize } from './smallFileSize.js';

/** Identifies a file and its state. */
export interface FileState {
  dev: bigint;
  ino: bigint;
  /** Bytes. */
  size: bigint;
  mtimeNs: bigint;
}

/** The content of a file, read at one moment. */
export interface WholeFile {
  content: Uint8Array<ArrayBuffer>;
  /** Lower-case hexadecimal. */
  md5: string;
  state: FileState;
}

/** With fewer concurrent uploads than this, a thread takes longer than it saves. */
const fewestFiles = 4;

/** Milliseconds that a thread waits for the next upload: to start one takes as long as several small uploads. */
const idleTime = 2_000;

/**
 * The program of the thread. It reads and hashes the files of one message: opening, reading and closing each of them takes
 * the main thread longer than the reading itself. The result is `undefined` for a path that is not a small, readable regular file;
 * the caller then reads the file itself and gets the error. A named pipe does not block it.
 */
const program = `
const { parentPort, workerData: smallFileSize } = require('node:worker_threads');
const { openSync, fstatSync, readSync, closeSync, constants } = require('node:fs');
const { createHash } = require('node:crypto');
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const spare = [];
const readWhole = (path) => {
  const file = openSync(path, flags);
  try {
    const info = fstatSync(file, { bigint: true });
    if (!info.isFile() || info.size === 0n || info.size > smallFileSize) return undefined;
    const content = new Uint8Array(spare.pop() ?? new ArrayBuffer(smallFileSize), 0, Number(info.size));
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

/** Reads small files on a thread, for all uploads of this process, while many of them run concurrently. */
class SmallFileReader {
  #users = 0;
  #thread: WorkerThread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #queue: Waiting[] = [];
  /** Memory of files that are no longer needed. The thread reuses it. */
  readonly #memory: ArrayBuffer[] = [];
  /** Messages without a response of the thread, in order. */
  readonly #asked: Waiting[][] = [];

  /** Counts an upload, until {@link leave}. */
  join(): void {
    this.#users += 1;
    if (this.#users > 1) return;
    clearTimeout(this.#idle);
    this.#thread?.keepAlive(true);
  }

  /** @param file the result of {@link read}: its memory is reused */
  leave(file?: WholeFile): void {
    this.#users -= 1;
    if (this.#thread === undefined) return;
    if (file !== undefined) this.#memory.push(file.content.buffer);
    if (this.#users > 0) return;
    this.#thread.keepAlive(false);
    this.#idle = setTimeout(() => this.#end(), idleTime).unref();
  }

  /** @returns `undefined` when the caller has to read the file itself */
  read(path: string): Promise<WholeFile | undefined> {
    if (this.#users < fewestFiles) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      // Requests in one turn of the event loop are sent in one message.
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
    const thread = new WorkerThread(program, smallFileSize);
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
    // The thread has no state to save, so its end is not awaited.
    thread?.stop().catch(() => undefined);
  }
}

export const smallFileReader = new SmallFileReader();
