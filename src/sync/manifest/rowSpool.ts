import { createReadStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileSystemError } from '../../errors.js';
import { temporaryFolder, type TemporaryFolder } from '../../files/temporaryFolder.js';

/** Characters of rows that are kept in memory. */
const mostInMemory = 4 * 1024 * 1024;

const problem = 'Cannot keep the rows of the manifest in';

/** Keeps rows of plain JSON in order: few in memory, many in a temporary file. */
export class RowSpool<Row> {
  #lines: string[] = [];
  #length = 0;
  #folder: TemporaryFolder | undefined;

  async add(row: Row): Promise<void> {
    const line = JSON.stringify(row);
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length > mostInMemory) await this.#flush();
  }

  /** All rows. More can be added afterwards. */
  async *rows(): AsyncGenerator<Row> {
    if (this.#folder !== undefined) {
      await this.#flush();
      const input = createReadStream(this.#path);
      // JSON has no line ends but those between the rows.
      for await (const line of createInterface({ input, crlfDelay: Infinity })) {
        yield JSON.parse(line) as Row;
      }
    }
    for (const line of this.#lines) yield JSON.parse(line) as Row;
  }

  async remove(): Promise<void> {
    this.#lines = [];
    await this.#folder?.remove();
    this.#folder = undefined;
  }

  get #path(): string {
    return join(this.#folder?.path ?? '', 'rows');
  }

  async #flush(): Promise<void> {
    this.#folder ??= await temporaryFolder('synapse-manifest-', problem);
    const text = this.#lines.map((line) => `${line}\n`).join('');
    this.#lines = [];
    this.#length = 0;
    await appendFile(this.#path, text).catch((cause: unknown) => {
      throw fileSystemError(problem, this.#path, cause);
    });
  }
}
