import type { UploadItem } from './uploadItem.js';

/** Hands out items when the items that they use are done. */
export class ReadyItems implements AsyncIterable<UploadItem> {
  readonly #ready: UploadItem[] = [];
  readonly #open = new Map<UploadItem, number>();
  readonly #users = new Map<UploadItem, UploadItem[]>();
  #left: number;
  #wake = (): void => undefined;

  /** @param uses - For each item the items that it waits for. There must be no circle. */
  constructor(items: readonly UploadItem[], uses: ReadonlyMap<UploadItem, readonly UploadItem[]>) {
    this.#left = items.length;
    for (const item of items) {
      const used = uses.get(item) ?? [];
      this.#open.set(item, used.length);
      if (used.length === 0) this.#ready.push(item);
      for (const other of used) {
        const users = this.#users.get(other);
        if (users === undefined) this.#users.set(other, [item]);
        else users.push(item);
      }
    }
    // Taken from the end.
    this.#ready.reverse();
  }

  /** Notes that an item has ended, well or not. */
  ended(item: UploadItem): void {
    for (const user of this.#users.get(item) ?? []) {
      const left = (this.#open.get(user) ?? 0) - 1;
      this.#open.set(user, left);
      if (left === 0) this.#ready.push(user);
    }
    this.#wake();
  }

  /** Hands out nothing more. */
  stop(): void {
    this.#left = 0;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<UploadItem> {
    while (this.#left > 0) {
      const item = this.#ready.pop();
      if (item === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      this.#left -= 1;
      yield item;
    }
  }
}
