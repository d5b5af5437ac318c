import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import type { Damage } from './dataCheck.js';
import { format } from './headFile.js';
import { readLines, type Line } from './readLines.js';
import { noPrevious, readFirstLine, sealLine, splitMergedLine, unsealLine } from './sealedLine.js';
import type { StateDump, StoredChange } from './store.js';

export const snapshotName = 'snapshot.jsonl';
const batchBytes = 256 * 1024;

/** The first record of a snapshot; an entry follows for each value. */
export interface SnapshotHeader {
  readonly format: number;
  readonly directory: string;
  /** Number of the last record of the journal that the snapshot includes. */
  readonly base: number;
  /** Checksum of that record. */
  readonly last: string;
  /** Number of entries. */
  readonly entries: number;
  readonly sequences: Readonly<Record<string, number>>;
}

/** The content of a snapshot file, as far as it is whole. */
export interface ReadSnapshot {
  readonly header: SnapshotHeader | undefined;
  readonly entries: readonly StoredChange[];
  readonly damages: readonly Damage[];
  /** Damaged lines, which may still be partly readable. */
  readonly broken: readonly Buffer[];
  /** Bytes of the file. */
  readonly size: number;
}

/** The state to write, and where it is in the journal. */
export interface SnapshotContent extends StateDump {
  readonly directory: string;
  readonly last: string;
}

/** Writes a snapshot while the server runs. Returns its bytes. */
export async function writeSnapshot(dataDir: string, content: SnapshotContent): Promise<number> {
  const path = join(dataDir, snapshotName);
  const file = await open(`${path}.tmp`, 'w', 0o600);
  let size = 0;
  try {
    for (const batch of snapshotBatches(content)) {
      await file.appendFile(batch);
      size += batch.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  renameSync(`${path}.tmp`, path);
  return size;
}

/** Like {@link writeSnapshot}, for the start of the server. */
export function writeSnapshotSync(dataDir: string, content: SnapshotContent): number {
  const path = join(dataDir, snapshotName);
  const fd = openSync(`${path}.tmp`, 'w', 0o600);
  let size = 0;
  try {
    for (const batch of snapshotBatches(content)) {
      let written = 0;
      while (written < batch.length) {
        written += writeSync(fd, batch, written);
      }
      size += batch.length;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.tmp`, path);
  return size;
}

function* snapshotBatches(content: SnapshotContent): Generator<Buffer> {
  const { directory, last, tx, sequences, changes } = content;
  const header = { format, directory, base: tx, last, entries: changes.length, sequences };
  const first = sealLine(JSON.stringify(header), { directory: '', previous: noPrevious });
  let previous = first.check;
  let batch = [first.line];
  let size = first.line.length;
  for (const change of changes) {
    const { line, check } = sealLine(JSON.stringify(change), { directory, previous });
    previous = check;
    batch.push(line);
    size += line.length;
    if (size >= batchBytes) {
      yield Buffer.concat(batch);
      batch = [];
      size = 0;
    }
  }
  yield Buffer.concat(batch);
}

/** Reads the snapshot of a data directory; `undefined` when there is none. */
export function readSnapshot(dataDir: string, directory: string): ReadSnapshot | undefined {
  const path = join(dataDir, snapshotName);
  if (!existsSync(path)) {
    return undefined;
  }
  const fd = openSync(path, 'r');
  try {
    const reader = new SnapshotReader(directory);
    for (const line of readLines(fd)) {
      reader.take(line);
    }
    return reader.end();
  } finally {
    closeSync(fd);
  }
}

class SnapshotReader {
  readonly #directory: string;
  readonly #entries: StoredChange[] = [];
  readonly #damages: Damage[] = [];
  readonly #broken: Buffer[] = [];
  readonly #seen = new Set<string>();
  #header: SnapshotHeader | undefined;
  /** Checksum of the line before; `undefined` when it is damaged. */
  #previous: string | undefined;
  #line = 0;
  #size = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  take(line: Line): void {
    this.#size = line.end;
    if (this.#line === 0) {
      this.#takeHeader(line);
    } else {
      this.#takeEntry(line);
    }
    this.#line += 1;
  }

  end(): ReadSnapshot {
    const [header, entries] = [this.#header, this.#entries];
    if (this.#line === 0) {
      this.#damages.push({ file: snapshotName, problem: 'the file is empty' });
    } else if (header !== undefined && header.entries !== entries.length) {
      const problem = `it has ${entries.length} whole entries of ${header.entries}`;
      this.#damages.push({ file: snapshotName, offset: this.#size, problem });
    }
    const [damages, broken, size] = [this.#damages, this.#broken, this.#size];
    return { header, entries, damages, broken, size };
  }

  #takeHeader(line: Line): void {
    const sealed = readFirstLine(line.bytes);
    if (!line.isEnded || unsealLine(line.bytes, '') === undefined) {
      this.#damage(line, 'its first line is damaged');
      // It may have been joined with the first entry.
      this.#salvage(line.bytes);
    }
    const header = sealed?.value as SnapshotHeader | undefined;
    if (header === undefined) return;
    if (header.directory !== this.#directory) {
      this.#damage(line, 'it belongs to another data directory');
      return;
    }
    this.#header = header;
    this.#previous = sealed?.check;
  }

  #takeEntry(line: Line): void {
    const sealed = line.isEnded ? unsealLine(line.bytes, this.#directory) : undefined;
    if (sealed === undefined) {
      this.#damage(line, line.isEnded ? 'its checksum does not match' : 'it is cut off');
      this.#broken.push(line.bytes);
      this.#salvage(line.bytes);
      this.#previous = undefined;
      return;
    }
    if (this.#previous !== undefined && sealed.previous !== this.#previous) {
      this.#damage(
        line,
        'it does not follow the line before: lines are missing, moved or repeated',
      );
    }
    this.#previous = sealed.check;
    this.#keep(sealed.check, sealed.value as StoredChange);
  }

  /** Keeps the entries that are still readable in a damaged line. */
  #salvage(line: Buffer): void {
    for (const { bytes } of splitMergedLine(line)) {
      const part = unsealLine(bytes, this.#directory);
      if (part !== undefined) this.#keep(part.check, part.value as StoredChange);
    }
  }

  #keep(check: string, entry: StoredChange): void {
    if (!this.#seen.has(check)) this.#entries.push(entry);
    this.#seen.add(check);
  }

  #damage({ start }: Line, problem: string): void {
    this.#damages.push({ file: snapshotName, offset: start, record: this.#line, problem });
  }
}
