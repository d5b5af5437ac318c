import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSystemError } from '../../errors.js';

/** Characters that are collected before they are written. */
const blockLength = 1 << 20;

/** Runs `work` with a folder that only this user can read, and removes the folder. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `synapse-rows-${process.pid}-`)).catch(
    (cause: unknown) => {
      throw fileSystemError('Cannot keep rows in', tmpdir(), cause);
    },
  );
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Text that is collected in a file. */
export class TextFile {
  readonly path: string;
  #block: string[] = [];
  #length = 0;

  constructor(path: string) {
    this.path = path;
  }

  async write(text: string): Promise<void> {
    this.#block.push(text);
    this.#length += text.length;
    if (this.#length >= blockLength) await this.flush();
  }

  /** Writes what is left. An empty file is created as well. */
  async flush(): Promise<void> {
    const text = this.#block.join('');
    this.#block = [];
    this.#length = 0;
    try {
      // The file is not kept open: whoever stops early has nothing to close.
      await appendFile(this.path, text, { mode: 0o600 });
    } catch (cause) {
      throw fileSystemError('Cannot keep rows in', this.path, cause);
    }
  }
}

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
