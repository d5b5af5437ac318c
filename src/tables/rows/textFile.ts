import { appendFile } from 'node:fs/promises';
import { fileSystemError } from '../../errors.js';

/** Characters that are collected before they are written. */
const blockLength = 256 * 1024;

/** Text that is collected in a file, which only this user can read. */
export class TextFile {
  readonly path: string;
  #block: string[] = [];
  #length = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** @returns a promise when something is written to the disk */
  write(text: string): Promise<void> | undefined {
    this.#block.push(text);
    this.#length += text.length;
    return this.#length < blockLength ? undefined : this.flush();
  }

  /** Writes what is left. An empty file is created as well. */
  async flush(): Promise<void> {
    const text = this.#block.join('');
    this.#block = [];
    this.#length = 0;
    try {
      // The file is opened for each block, so that nothing has to be closed after an error.
      await appendFile(this.path, text, { mode: 0o600 });
    } catch (cause) {
      throw fileSystemError('Cannot keep the rows in', this.path, cause);
    }
  }
}
