import { openScope, type Scope } from '../net/clock.js';

/** The number of concurrent tasks, and the signal that ends them. */
export interface PoolOptions {
  /** Maximum number of concurrent tasks. A function is called before each task. */
  limit: number | (() => number);
  signal?: AbortSignal | undefined;
}

/** A task. Its signal aborts when the pool ends early. */
export type PoolTask<T, R> = (item: T, signal: AbortSignal) => Promise<R>;

/**
 * Runs a task for every item, with limited concurrency, and yields each result as it completes. An item is taken from
 * the source when a task can start.
 *
 * A failed task, the signal, or a caller that stops early ends the pool: no further task starts, the signal of running tasks
 * aborts, and the pool waits for them. To keep the others running, a task can return its failure as a result.
 *
 * @throws The error of the first failed task, or the reason of the signal.
 */
export async function* pool<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  options: PoolOptions,
  task: PoolTask<T, R>,
): AsyncGenerator<R, void, undefined> {
  const tasks = new Tasks(items, options, task);
  try {
    while (!tasks.isOver) {
      tasks.startAll();
      await tasks.news();
      options.signal?.throwIfAborted();
      yield* tasks.takeResults();
    }
  } finally {
    await tasks.end();
  }
}

/** Runs a task for every item like {@link pool}, for tasks without results. */
export async function runPool<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: PoolOptions,
  task: PoolTask<T, void>,
): Promise<void> {
  const results = pool(items, options, task);
  while ((await results.next()).done !== true);
}

class Tasks<T, R> {
  readonly #source: Iterator<T, unknown> | AsyncIterator<T, unknown>;
  readonly #limit: () => number;
  readonly #scope: Scope;
  readonly #task: PoolTask<T, R>;
  readonly #running = new Set<Promise<void>>();
  #results: R[] = [];
  #failure: { error: unknown } | undefined;
  #isEnd = false;
  /** The pending next item of an asynchronous source. */
  #upcoming: Promise<void> | undefined;
  #wake = (): void => undefined;

  constructor(
    items: Iterable<T> | AsyncIterable<T>,
    { limit, signal }: PoolOptions,
    task: PoolTask<T, R>,
  ) {
    this.#source =
      Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#limit = typeof limit === 'number' ? () => limit : limit;
    this.#scope = openScope(signal);
    this.#task = task;
  }

  get isOver(): boolean {
    return this.#isEnd && this.#running.size === 0 && this.#results.length === 0;
  }

  /** Starts tasks up to the limit. */
  startAll(): void {
    while (!this.#isEnd && this.#failure === undefined && this.#upcoming === undefined) {
      if (this.#running.size >= this.#limit()) return;
      const next = this.#source.next();
      if (next instanceof Promise) this.#await(next);
      else this.#take(next);
    }
  }

  /** Waits for the next change. */
  async news(): Promise<void> {
    const hasNews = this.#results.length > 0 || this.#failure !== undefined || this.isOver;
    if (!hasNews) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** @throws the error of the first failed task */
  takeResults(): R[] {
    if (this.#failure !== undefined) throw this.#failure.error;
    const results = this.#results;
    this.#results = [];
    return results;
  }

  /** Ends all tasks and waits for them. */
  async end(): Promise<void> {
    if (!this.isOver) this.#scope.abort(new Error('The other tasks were stopped.'));
    await Promise.all(this.#running);
    await this.#upcoming;
    this.#scope.end();
    if (!this.#isEnd) await this.#source.return?.();
  }

  #await(next: Promise<IteratorResult<T, unknown>>): void {
    this.#upcoming = next
      .then(
        (result) => this.#take(result),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        this.#upcoming = undefined;
        this.#wake();
      });
  }

  #take(next: IteratorResult<T, unknown>): void {
    if (next.done === true) this.#isEnd = true;
    else if (!this.#scope.signal.aborted) this.#start(next.value);
  }

  #start(item: T): void {
    const run = this.#task(item, this.#scope.signal)
      .then(
        (result) => void this.#results.push(result),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        this.#running.delete(run);
        this.#wake();
      });
    this.#running.add(run);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#scope.abort(error);
  }
}
