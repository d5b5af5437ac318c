import { fileThreadProgram } from './fileThreadProgram.js';
import { WorkerThread } from './workerThread.js';

/** Identifies a file and its state. */
export interface FileState {
  dev: bigint;
  ino: bigint;
  /** Bytes. */
  size: bigint;
  mtimeNs: bigint;
}

/** What there is at a path. */
export interface Look {
  kind: 'file' | 'folder' | 'other';
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970, with fraction. */
  modifiedMs: number;
  /** When the content or the attributes changed, in milliseconds since 1970, with fraction. */
  changedMs: number;
}

/**
 * The work that the thread does. The result of each is `undefined` when the caller has to do it itself, because it is not the
 * usual case or it failed; nothing has been changed then.
 */
export interface FileWork {
  /** What there is at a path; `null` for nothing. */
  look: { request: { path: string; link: boolean }; result: Look | null };
  /** The text of a file; `null` when there is no file. */
  text: { request: { path: string }; result: string | null };
  /** Reads a regular file that is not empty and fits into `memory`. A named pipe does not block the thread. */
  read: {
    request: { path: string; memory: Uint8Array };
    result: { state: FileState; md5: string };
  };
  /**
   * Writes a file under a temporary name and moves it to its path. Nothing is written when `expected` is given and is not the
   * MD5 of the content. Without `overwrite`, a file that is there is kept.
   */
  place: { request: PlaceRequest; result: Placed };
  /** Writes the first entry of the map of a cache folder under its lock. */
  record: { request: RecordRequest; result: true };
}

export interface PlaceRequest {
  content: Uint8Array;
  /** Whether to compute the MD5. */
  verify: boolean;
  expected: string | undefined;
  temporary: string;
  path: string;
  overwrite: boolean;
  /** What to record of the file when it is at its path. */
  record: RecordRequest | undefined;
}

/** Without `look`, the file was not placed. */
export interface Placed {
  md5: string | undefined;
  look?: Look;
  /** Whether the work of `record` was done, too. */
  isRecorded?: boolean;
}

export interface RecordRequest {
  /** The recorded file. */
  path: string;
  /** Made if it does not exist. The folder above its parent has to exist. */
  folder: string;
  map: string;
  lock: string;
  temporary: string;
  /** The text of the map before and after the modification time. */
  text: readonly string[];
}

type Name = keyof FileWork;

interface Waiting {
  task: readonly [name: Name, request: object];
  resolve: (result: unknown) => void;
}

/** With fewer concurrent files than this, starting the thread takes longer than it saves. */
const fewestFiles = 4;

/** Messages that the thread may have at a time. While it works, the next tasks collect in one message. */
const mostMessages = 2;

/** Milliseconds that the thread waits for more work: to start it takes as long as many small files. */
const idleTime = 2_000;

/**
 * One thread for the small tasks of all transfers of this process. A task on the thread pool of Node.js costs many times its
 * system call, and doing it here would stop everything else while a slow disk responds. The thread takes
 * many tasks with one message, and does all steps of a task at once.
 */
class FileThread {
  #users = 0;
  #thread: WorkerThread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isScheduled = false;
  #queue: Waiting[] = [];
  /** Messages without a response of the thread, in order. */
  readonly #asked: Waiting[][] = [];

  /**
   * Counts a file in progress.
   * @returns a function to call at its end
   */
  join(): () => void {
    this.#enter();
    let isIn = true;
    return () => {
      if (isIn) this.#leave();
      isIn = false;
    };
  }

  /**
   * Does a task, while many files are in progress.
   * @returns `undefined` when the caller has to do it itself
   */
  run<N extends Name>(
    name: N,
    request: FileWork[N]['request'],
  ): Promise<FileWork[N]['result'] | undefined> {
    if (this.#thread === undefined && this.#users < fewestFiles) return Promise.resolve(undefined);
    this.#enter();
    return new Promise((resolve) => {
      const task = [name, request] as const;
      this.#queue.push({ task, resolve: resolve as Waiting['resolve'] });
      this.#schedule();
    });
  }

  #enter(): void {
    this.#users += 1;
    if (this.#users > 1) return;
    clearTimeout(this.#idle);
    this.#thread?.keepAlive(true);
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#users > 0 || this.#thread === undefined) return;
    this.#thread.keepAlive(false);
    this.#idle = setTimeout(() => this.#end(), idleTime).unref();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#queue.length === 0 || this.#asked.length >= mostMessages) return;
    this.#isScheduled = true;
    // Tasks of one turn of the event loop are sent together.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const batch = this.#queue;
    this.#queue = [];
    this.#asked.push(batch);
    try {
      this.#thread ??= this.#start();
      this.#thread.send(batch.map(({ task }) => task));
    } catch {
      this.#end();
    }
  }

  #start(): WorkerThread {
    const thread = new WorkerThread(fileThreadProgram, undefined);
    thread.listen(
      (results) => {
        this.#answer(results as unknown[]);
        this.#schedule();
      },
      () => this.#end(),
    );
    return thread;
  }

  #answer(results: readonly unknown[]): void {
    const batch = this.#asked.shift() ?? [];
    batch.forEach(({ resolve }, index) => {
      resolve(results[index]);
      this.#leave();
    });
  }

  #end(): void {
    const thread = this.#thread;
    this.#thread = undefined;
    while (this.#asked.length > 0) this.#answer([]);
    this.#schedule();
    // The thread has no state to save, so its end is not awaited.
    thread?.stop().catch(() => undefined);
  }
}

export const fileThread = new FileThread();
