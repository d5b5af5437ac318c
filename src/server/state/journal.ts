import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';

import { DataCheck } from './dataCheck.js';
import { findDirectoryId } from './findDirectoryId.js';
import { HeadFile, headName, readHead, type Head } from './headFile.js';
import { checkJournal, createJournal, journalName, readJournal, writeAll } from './journalFile.js';
import { isLegacyFile, readLegacyState } from './legacyState.js';
import { recoverState } from './recoverState.js';
import { sealLine } from './sealedLine.js';
import {
  readSnapshot,
  snapshotName,
  writeSnapshot,
  writeSnapshotSync,
  type ReadSnapshot,
} from './snapshotFile.js';
import { endpointName, isStateFile } from './stateFiles.js';
import type { Commit, Store } from './store.js';

/**
 * The journal is compacted into a snapshot when it is larger than this and larger than the
 * snapshot.
 */
const defaultCompactionBytes = 16 * 1024 * 1024;

interface JournalOptions {
  /** @default 16 MiB */
  readonly compactionBytes?: number;
  /** Collects damages. @default they are refused */
  readonly check?: DataCheck;
  /** Called when files of the first version were replaced. Does the same for other files. */
  readonly onMigrate?: (directory: string) => void;
}

/**
 * The commits of a store in a data directory: `snapshot.jsonl` holds the state as of some
 * transaction, `journal.jsonl` a record for each later one, `head.json` the number and checksum of
 * the last record.
 *
 * A record and the head are written, in this order, before the answer is sent, so a killed process
 * loses no acknowledged change. A record that the head does not name was never answered: it is kept
 * when it is whole, and dropped when it is unfinished. Everything else that does not fit is damage,
 * which {@link Journal.load} refuses or repairs.
 */
export class Journal {
  /** Id of the data directory. */
  readonly directory: string;
  /** Whether the data directory has no data yet. */
  readonly isNew: boolean;
  /** Whether its files are of the first version. They are replaced when they are loaded. */
  readonly isLegacy: boolean;
  readonly #dataDir: string;
  readonly #compactionBytes: number;
  readonly #check: DataCheck;
  readonly #onMigrate: ((directory: string) => void) | undefined;
  readonly #found: Head | undefined;
  #head: HeadFile | undefined;
  #fd = -1;
  #size = 0;
  /** Offset of the first record. */
  #start = 0;
  #records = 0;
  /** Checksum of the last record. */
  #last = randomCheck();
  #snapshotSize = 0;
  #store: Store | undefined;
  #compaction: Promise<void> | undefined;
  #closed = false;
  #failure: unknown;

  constructor(dataDir: string, options: JournalOptions = {}) {
    this.#dataDir = dataDir;
    this.#compactionBytes = options.compactionBytes ?? defaultCompactionBytes;
    this.#check = options.check ?? new DataCheck(dataDir);
    this.#onMigrate = options.onMigrate;
    const head = readHead(dataDir);
    const known = head === 'damaged' ? undefined : head;
    this.isLegacy = isLegacy(dataDir, head);
    this.isNew = !this.isLegacy && isNew(dataDir, head);
    this.directory = findDirectoryId(dataDir, known?.directory) ?? randomUUID();
    this.#found = known?.directory === this.directory ? known : undefined;
    this.#checkHead(head);
    if (this.isNew) {
      // First, so that a start that is interrupted here is not taken for a loss.
      const { directory } = this;
      this.#head = HeadFile.create(dataDir, { directory, records: 0, last: this.#last });
    }
  }

  #checkHead(head: Head | 'damaged' | undefined): void {
    const unknown = 'so that the number of the last record is unknown';
    if (head === 'damaged') {
      const problem = `its checksum does not match, ${unknown}`;
      this.#check.add({ file: headName, offset: 0, problem });
    } else if (head === undefined && !this.isLegacy && !this.isNew) {
      this.#check.add({ file: headName, problem: `the file is missing, ${unknown}` });
    } else if (head !== undefined && this.#found === undefined) {
      const problem = `it belongs to another data directory, ${unknown}`;
      this.#check.add({ file: headName, problem });
    }
  }

  /** Whether anything was written to the data directory before. */
  get hasRecords(): boolean {
    return !this.isNew && this.#found?.records !== 0;
  }

  /**
   * Loads the state on disk into an empty store.
   *
   * @throws DataDamageError when a file is damaged, unless damages are repaired
   */
  load(store: Store): void {
    this.#store = store;
    try {
      this.#load(store);
    } catch (error) {
      if (this.#fd >= 0) closeSync(this.#fd);
      this.#fd = -1;
      throw error;
    }
    for (const name of [snapshotName, journalName]) {
      rmSync(join(this.#dataDir, `${name}.tmp`), { force: true });
    }
    this.#compactWhenLarge();
  }

  #load(store: Store): void {
    if (this.isNew) {
      this.#check.refuse();
      this.#createJournal(store);
    } else if (this.isLegacy) {
      this.#loadLegacy(store);
    } else {
      this.#loadCurrent(store);
    }
  }

  /** Appends a commit. When this throws, the journal is unchanged. */
  write(commit: Commit): void {
    if (this.#closed) {
      throw new Error('The journal is closed.');
    }
    if (this.#failure !== undefined) {
      throw new Error(
        'The journal cannot be written since an earlier failure: restart the server',
        {
          cause: this.#failure,
        },
      );
    }
    const seal = { directory: this.directory, previous: this.#last };
    const { line, check } = sealLine(JSON.stringify(commit), seal);
    try {
      writeAll(this.#fd, line, this.#size);
      this.#head?.write({ records: commit.tx, last: check });
    } catch (error) {
      this.#undo();
      throw error;
    }
    this.#size += line.length;
    this.#records = commit.tx;
    this.#last = check;
    this.#compactWhenLarge();
  }

  /** Waits for a running compaction. */
  async settled(): Promise<void> {
    await this.#compaction;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#compaction;
    if (this.#fd >= 0) {
      fsyncSync(this.#fd);
      closeSync(this.#fd);
      this.#fd = -1;
    }
    this.#head?.close();
    this.#head = undefined;
  }

  /** Removes what a write that failed left. */
  #undo(): void {
    try {
      ftruncateSync(this.#fd, this.#size);
      this.#head?.write({ records: this.#records, last: this.#last });
    } catch (error) {
      this.#failure = error;
    }
  }

  #loadCurrent(store: Store): void {
    const head = this.#found;
    const snapshot = readSnapshot(this.#dataDir, this.directory);
    const isThere = existsSync(join(this.#dataDir, journalName));
    this.#fd = isThere ? openSync(join(this.#dataDir, journalName), 'r+') : -1;
    const journal = isThere ? readJournal(this.#fd, this.directory) : { lines: [], start: 0 };
    const checked = checkJournal(journal, { head, snapshot: snapshot?.header });
    this.#check.add(...(snapshot?.damages ?? []));
    if (isThere) this.#check.add(...checked.damages);
    else this.#check.add({ file: journalName, problem: 'the file is missing' });
    if (snapshot === undefined && (journal.header?.base ?? 0) > 0) {
      this.#check.add({ file: snapshotName, problem: 'the file is missing' });
    }
    const isDamaged = this.#check.damages.some(({ file }) => stateNames.includes(file));
    if (isDamaged) {
      this.#check.refuse();
      recoverState(store, {
        check: this.#check,
        snapshot,
        journal,
        head,
        directory: this.directory,
      });
      this.#last = randomCheck();
      this.#rewrite(store);
      return;
    }
    this.#check.refuse();
    loadSnapshot(store, snapshot);
    for (const line of journal.lines) {
      if ('commit' in line && line.commit.tx > store.tx) store.replay(line.commit);
    }
    this.#snapshotSize = snapshot?.size ?? 0;
    this.#head = HeadFile.open(this.#dataDir, this.directory);
    if (checked.isReplaced) {
      this.#last = snapshot?.header?.last ?? this.#last;
      this.#createJournal(store);
      return;
    }
    this.#size = checked.end;
    this.#start = journal.start;
    this.#records = checked.records;
    this.#last = checked.last;
    ftruncateSync(this.#fd, this.#size);
    if (checked.records !== head?.records) {
      this.#head.write({ records: checked.records, last: checked.last });
    }
  }

  /** Loads files of the first version, and replaces them. */
  #loadLegacy(store: Store): void {
    const isReplaced =
      this.#found?.isMigrating === true &&
      existsSync(join(this.#dataDir, snapshotName)) &&
      !isLegacyFile(this.#dataDir, snapshotName);
    if (isReplaced) {
      // The process was killed while it replaced the files. The snapshot has everything.
      const snapshot = readSnapshot(this.#dataDir, this.directory);
      this.#check.add(...(snapshot?.damages ?? []));
      this.#check.refuse();
      loadSnapshot(store, snapshot);
    } else {
      const { base, sequences, entries, commits, damages } = readLegacyState(this.#dataDir);
      this.#check.add(...damages);
      const hasNothing = base === 0 && commits.length === 0 && this.#has(endpointName);
      if (hasNothing) this.#check.add({ file: journalName, problem: 'the file is empty' });
      const isThere = this.#has(journalName);
      if (!isThere) this.#check.add({ file: journalName, problem: 'the file is missing' });
      this.#check.refuse();
      store.replay({ tx: base, changes: entries, sequences });
      for (const commit of commits) {
        if (commit.tx > store.tx) store.replay(commit);
      }
      if (hasNothing || !isThere || damages.length > 0) this.#loseLegacy();
    }
    this.#rewrite(store, { isMigrating: true });
  }

  #loseLegacy(): void {
    const what =
      'the records that are not readable; how many is not known, because the files are of a version without counts';
    this.#check.copy(journalName);
    this.#check.copy(snapshotName);
    this.#check.lose({ file: journalName, what, ids: [] });
  }

  #has(name: string): boolean {
    return existsSync(join(this.#dataDir, name));
  }

  /** Replaces all files by the state of a store. */
  #rewrite(store: Store, { isMigrating = false } = {}): void {
    const { directory } = this;
    const head = { directory, records: store.tx, last: this.#last };
    if (isMigrating) {
      HeadFile.create(this.#dataDir, { ...head, isMigrating }).close();
    }
    const content = { ...store.dump(), directory, last: this.#last };
    this.#snapshotSize = writeSnapshotSync(this.#dataDir, content);
    this.#createJournal(store);
    if (isMigrating) this.#onMigrate?.(directory);
    this.#head = HeadFile.create(this.#dataDir, head);
  }

  #createJournal(store: Store): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    const { tx: base, sequences, changes } = store.dump();
    const { length: entries } = changes;
    const header = { directory: this.directory, base, last: this.#last, entries, sequences };
    const { fd, size, start } = createJournal(this.#dataDir, header);
    this.#fd = fd;
    this.#size = size;
    this.#start = start;
    this.#records = base;
  }

  #compactWhenLarge(): void {
    const limit = Math.max(this.#compactionBytes, this.#snapshotSize);
    if (this.#size - this.#start > limit && this.#compaction === undefined && !this.#closed) {
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
    const dump = this.#store.dump();
    const last = this.#last;
    const keepFrom = this.#size;
    const { directory } = this;
    this.#snapshotSize = await writeSnapshot(this.#dataDir, { ...dump, directory, last });
    const { tx: base, sequences, changes } = dump;
    this.#cutJournal(keepFrom, { directory, base, last, entries: changes.length, sequences });
  }

  /**
   * Replaces the journal by its tail. If the process is killed before, the next start skips the
   * commits in the snapshot.
   */
  #cutJournal(keepFrom: number, header: Parameters<typeof createJournal>[1]): void {
    const tail = Buffer.alloc(this.#size - keepFrom);
    let read = 0;
    while (read < tail.length) {
      read += readSync(this.#fd, tail, read, tail.length - read, keepFrom + read);
    }
    const { fd, size, start } = createJournal(this.#dataDir, header, tail);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = size;
    this.#start = start;
  }
}

const stateNames: readonly string[] = [headName, journalName, snapshotName];

function randomCheck(): string {
  return randomBytes(8).toString('hex');
}

/** Whether a data directory has files of the first version. */
function isLegacy(dataDir: string, head: Head | 'damaged' | undefined): boolean {
  if (head !== undefined) {
    return head !== 'damaged' && head.isMigrating === true;
  }
  const [hasJournal, hasSnapshot] = [journalName, snapshotName].map((name) =>
    existsSync(join(dataDir, name)),
  );
  const isOldSnapshot = isLegacyFile(dataDir, snapshotName);
  return hasJournal === true
    ? isLegacyFile(dataDir, journalName) && (isOldSnapshot || hasSnapshot === false)
    : isOldSnapshot;
}

/** Whether a data directory has no data, perhaps because its first start was interrupted. */
function isNew(dataDir: string, head: Head | 'damaged' | undefined): boolean {
  if (head !== undefined) {
    const hasRecord = head === 'damaged' || head.records > 0;
    return !hasRecord && !existsSync(join(dataDir, journalName));
  }
  return !readdirSync(dataDir).some(isStateFile);
}

function loadSnapshot(store: Store, snapshot: ReadSnapshot | undefined): void {
  if (snapshot?.header !== undefined) {
    const { base, sequences } = snapshot.header;
    store.replay({ tx: base, changes: snapshot.entries, sequences });
  }
}
