import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

import type { Commit, Store, StoredChange } from './store.js';

/**
 * The journal is compacted into a snapshot when it is larger than this and larger than the
 * snapshot.
 */
const defaultCompactionBytes = 16 * 1024 * 1024;
const readChunkBytes = 1024 * 1024;
const snapshotBatchBytes = 256 * 1024;

interface SnapshotHeader {
  readonly tx: number;
  readonly sequences: Readonly<Record<string, number>>;
}

/**
 * The commits of a store in a data directory: `snapshot.jsonl` holds the state as of some
 * transaction, `journal.jsonl` a line for each later one.
 *
 * Each line is written with one call before the answer is sent, so a killed process loses no
 * acknowledged change. An incomplete last line is ignored.
 */
export class Journal {
  readonly #snapshotFile: string;
  readonly #journalFile: string;
  readonly #compactionBytes: number;
  #fd: number;
  #size = 0;
  #snapshotSize = 0;
  #store: Store | undefined;
  #compaction: Promise<void> | undefined;
  #closed = false;

  constructor(dataDir: string, { compactionBytes = defaultCompactionBytes } = {}) {
    this.#snapshotFile = join(dataDir, 'snapshot.jsonl');
    this.#journalFile = join(dataDir, 'journal.jsonl');
    this.#compactionBytes = compactionBytes;
    this.#fd = openSync(this.#journalFile, 'a+', 0o600);
  }

  /** Loads the state on disk into an empty store. @throws Error when a file is damaged */
  load(store: Store): void {
    this.#store = store;
    rmSync(`${this.#snapshotFile}.tmp`, { force: true });
    if (existsSync(this.#snapshotFile)) {
      this.#loadSnapshot(store);
    }
    const fileSize = fstatSync(this.#fd).size;
    for (const { text, end } of readLines(this.#fd)) {
      const commit = parseLine(text) as Commit | undefined;
      if (commit === undefined) {
        if (end < fileSize) {
          throw new Error(
            `${this.#journalFile} is damaged at byte ${this.#size}: restore it from a copy, or start with a new data directory`,
          );
        }
        break;
      }
      if (commit.tx > store.tx) {
        store.replay(commit);
      }
      this.#size = end;
    }
    ftruncateSync(this.#fd, this.#size);
    this.#compactWhenLarge();
  }

  /** Appends a commit. When this throws, the journal is unchanged. */
  write(commit: Commit): void {
    if (this.#closed) {
      throw new Error('The journal is closed.');
    }
    const line = Buffer.from(`${JSON.stringify(commit)}\n`);
    try {
      let written = 0;
      while (written < line.length) {
        written += writeSync(this.#fd, line, written);
      }
    } catch (error) {
      ftruncateSync(this.#fd, this.#size);
      throw error;
    }
    this.#size += line.length;
    this.#compactWhenLarge();
  }

  /** Waits for a running compaction. */
  async settled(): Promise<void> {
    await this.#compaction;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#compaction;
    fsyncSync(this.#fd);
    closeSync(this.#fd);
  }

  #loadSnapshot(store: Store): void {
    const fd = openSync(this.#snapshotFile, 'r');
    try {
      let header: SnapshotHeader | undefined;
      for (const { text, end } of readLines(fd)) {
        if (header === undefined) {
          header = parseLine(text) as SnapshotHeader | undefined;
          if (header === undefined) {
            break;
          }
          store.replay({ ...header, changes: [] });
        } else {
          const change = parseLine(text) as StoredChange | undefined;
          if (change === undefined) {
            throw new Error(`${this.#snapshotFile} is damaged near byte ${end}`);
          }
          store.replay({ tx: header.tx, changes: [change] });
        }
        this.#snapshotSize = end;
      }
      if (header === undefined) {
        throw new Error(`${this.#snapshotFile} is damaged: it has no header`);
      }
    } finally {
      closeSync(fd);
    }
  }

  #compactWhenLarge(): void {
    const limit = Math.max(this.#compactionBytes, this.#snapshotSize);
    if (this.#size > limit && this.#compaction === undefined && !this.#closed) {
      this.#compaction = this.#compact()
        .catch((error: unknown) => {
          // The journal is complete without a compaction. It is retried when the journal has grown
          // further.
          process.emitWarning(`The journal could not be compacted: ${String(error)}`);
          this.#snapshotSize = this.#size;
        })
        .finally(() => {
          this.#compaction = undefined;
        });
    }
  }

  /**
   * Writes a snapshot while the server runs. Values are immutable, so the current state is a list
   * of references, and the journal only has to keep the commits that are appended meanwhile.
   */
  async #compact(): Promise<void> {
    // The caller is inside a commit, and the dump must include it.
    await Promise.resolve();
    if (this.#store === undefined) {
      return;
    }
    const { tx, sequences, changes } = this.#store.dump();
    const keepFrom = this.#size;
    const temporary = `${this.#snapshotFile}.tmp`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await writeSnapshot(file, { tx, sequences }, changes);
      await file.sync();
      this.#snapshotSize = (await file.stat()).size;
    } finally {
      await file.close();
    }
    renameSync(temporary, this.#snapshotFile);
    this.#cutJournal(keepFrom);
  }

  /**
   * Replaces the journal by its tail. If the process is killed before, the next start skips the
   * commits in the snapshot.
   */
  #cutJournal(keepFrom: number): void {
    const tail = Buffer.alloc(this.#size - keepFrom);
    let read = 0;
    while (read < tail.length) {
      read += readSync(this.#fd, tail, read, tail.length - read, keepFrom + read);
    }
    const temporary = `${this.#journalFile}.tmp`;
    rmSync(temporary, { force: true });
    const fd = openSync(temporary, 'a+', 0o600);
    try {
      let written = 0;
      while (written < tail.length) {
        written += writeSync(fd, tail, written);
      }
      renameSync(temporary, this.#journalFile);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = tail.length;
  }
}

async function writeSnapshot(
  file: FileHandle,
  header: SnapshotHeader,
  changes: readonly StoredChange[],
): Promise<void> {
  let batch = `${JSON.stringify(header)}\n`;
  for (const change of changes) {
    batch += `${JSON.stringify(change)}\n`;
    if (batch.length >= snapshotBatchBytes) {
      await file.appendFile(batch);
      batch = '';
    }
  }
  await file.appendFile(batch);
}

interface Line {
  readonly text: string;
  /** Offset of the byte after the line. */
  readonly end: number;
}

/** The complete lines of a file. Text after the last line feed is ignored. */
function* readLines(fd: number): IterableIterator<Line> {
  const chunk = Buffer.alloc(readChunkBytes);
  const decoder = new StringDecoder('utf8');
  let position = 0;
  let rest = '';
  let end = 0;
  for (;;) {
    const length = readSync(fd, chunk, 0, chunk.length, position);
    if (length === 0) {
      return;
    }
    position += length;
    const lines = (rest + decoder.write(chunk.subarray(0, length))).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      end += Buffer.byteLength(text) + 1;
      yield { text, end };
    }
  }
}

/** Parses the JSON of a line; `undefined` when it is incomplete. */
function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
