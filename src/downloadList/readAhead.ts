/**
 * Reads a list in the background, as fast as it comes, and keeps its items. A loop over it waits for the next item; when reading
 * fails, the loop throws that error after the items before.
 */
export class ReadAhead<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #isEnd = false;
  #failure: { error: unknown } | undefined;
  #news: Promise<void>;
  #wake: () => void = () => undefined;

  constructor(source: AsyncIterable<T>) {
    this.#news = this.#nextNews();
    void this.#read(source);
  }

  /** The items so far. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Whether the whole list has been read. */
  get isComplete(): boolean {
    return this.#isEnd && this.#failure === undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (let index = 0; ;) {
      const news = this.#news;
      const ready = this.#items.slice(index);
      index += ready.length;
      yield* ready;
      if (ready.length > 0) continue;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#isEnd) return;
      await news;
    }
  }

  async #read(source: AsyncIterable<T>): Promise<void> {
    try {
      for await (const item of source) {
        this.#items.push(item);
        this.#announce();
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#isEnd = true;
    this.#announce();
  }

  #announce(): void {
    const wake = this.#wake;
    this.#news = this.#nextNews();
    wake();
  }

  #nextNews(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
