import { createReadStream } from 'node:fs';
import { TextFile } from './textFile.js';

/** Items that are kept in a file until all of them have been checked. */
export class Spool<Item> {
  readonly #file: TextFile;
  /** Number of items. */
  count = 0;

  constructor(path: string) {
    this.#file = new TextFile(path);
  }

  async add(item: Item): Promise<void> {
    this.count += 1;
    await this.#file.write(`${JSON.stringify(item)}\n`);
  }

  /** The items in their order. Call it when all have been added; it can be called several times. */
  async *items(): AsyncGenerator<Item> {
    await this.#file.flush();
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of createReadStream(this.#file.path)) {
      const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as Item;
    }
  }

  /** The items, several at a time: at most `most`, and about `length` characters of `lengthOf`. */
  async *batches(
    most: number,
    length: number,
    lengthOf: (item: Item) => number,
  ): AsyncGenerator<Item[]> {
    let batch: Item[] = [];
    let size = 0;
    for await (const item of this.items()) {
      batch.push(item);
      size += lengthOf(item);
      if (batch.length < most && size < length) continue;
      yield batch;
      batch = [];
      size = 0;
    }
    if (batch.length > 0) yield batch;
  }
}
