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

/** With fewer uploads at a time than this, a thread costs more than it saves. */
const fewestFiles = 4;

/** Milliseconds that a thread waits for the next upload: to start one takes as long as several small uploads. */
const idleTime = 2_000;

/**
 * The program of the thread. It reads and hashes the files of one message: opening, reading and closing each of them takes
 * the main thread longer than the reading itself. It answers `undefined` for what is not a small regular file or cannot be
 * read, and the caller then reads it and sees why. A named pipe does not block it.
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

/** Reads small files on a thread, for all uploads of this process, while many of them run at a time. */
class SmallFileReader {
  #users = 0;
  #thread: WorkerThread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #queue: Waiting[] = [];
  /** Memory of files that are no longer needed; the thread uses it again. */
  readonly #memory: ArrayBuffer[] = [];
  /** Messages that the thread has not answered yet, in order. */
  readonly #asked: Waiting[][] = [];

  /** Counts an upload, until {@link leave}. */
  join(): void {
    this.#users += 1;
    if (this.#users > 1) return;
    clearTimeout(this.#idle);
    this.#thread?.keepAlive(true);
  }

  /** @param file the result of {@link read}: its memory is used again */
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
      // What is asked for in one turn of the event loop goes in one message.
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
    // The thread holds nothing that must be saved: its end need not be awaited.
    thread?.stop().catch(() => undefined);
  }
}

export const smallFileReader = new SmallFileReader();
