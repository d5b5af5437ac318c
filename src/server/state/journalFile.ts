import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { Damage } from './dataCheck.js';
import { format, type Head } from './headFile.js';
import { readLines } from './readLines.js';
import {
  isStartOfLine,
  noPrevious,
  readFirstLine,
  sealLine,
  splitMergedLine,
  unsealLine,
} from './sealedLine.js';
import type { SnapshotHeader } from './snapshotFile.js';
import type { Commit } from './store.js';

export const journalName = 'journal.jsonl';

/** The first line of a journal: the state before its first record, as a snapshot there would have it. */
export type JournalHeader = SnapshotHeader;

/** A record of the journal. Its number is that of the commit. */
export interface JournalRecord {
  readonly check: string;
  readonly previous: string;
  readonly commit: Commit;
  /** Offset in the file, in bytes. */
  readonly start: number;
  readonly end: number;
}

/** A line that is not a record. */
export interface BrokenLine {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly isEnded: boolean;
}

/** The lines of a journal file. */
export interface ReadJournal {
  readonly header?: JournalHeader | undefined;
  /** Offset of the first record. */
  readonly start: number;
  readonly headerProblem?: string | undefined;
  readonly lines: readonly (JournalRecord | BrokenLine)[];
}

/** Writes an empty journal, or one with records that were written before. Returns its open file, and where
 * its first record starts. */
export function createJournal(
  dataDir: string,
  header: Omit<JournalHeader, 'format'>,
  records: Buffer = Buffer.alloc(0),
): { fd: number; size: number; start: number } {
  const path = join(dataDir, journalName);
  const json = JSON.stringify({ format, ...header });
  const { line } = sealLine(json, { directory: '', previous: noPrevious });
  const fd = openSync(`${path}.tmp`, 'w+', 0o600);
  try {
    writeAll(fd, Buffer.concat([line, records]), 0);
    fsyncSync(fd);
    renameSync(`${path}.tmp`, path);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return { fd, size: line.length + records.length, start: line.length };
}

/** Writes bytes at an offset. */
export function writeAll(fd: number, bytes: Buffer, offset: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, offset + written);
  }
}

/** The id of the data directory that a file names in its first line. */
export function readDirectoryId(dataDir: string, name: string): string | undefined {
  const path = join(dataDir, name);
  if (!existsSync(path)) {
    return undefined;
  }
  const fd = openSync(path, 'r');
  try {
    for (const { bytes } of readLines(fd)) {
      return (readFirstLine(bytes)?.value as JournalHeader | undefined)?.directory;
    }
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** Reads all lines of a journal. */
export function readJournal(fd: number, directory: string): ReadJournal {
  const lines: (JournalRecord | BrokenLine)[] = [];
  let header: JournalHeader | undefined;
  let headerProblem: string | undefined = 'the file is empty';
  let start = 0;
  let isFirst = true;
  for (const line of readLines(fd)) {
    if (isFirst) {
      isFirst = false;
      start = line.end;
      header = readFirstLine(line.bytes)?.value as JournalHeader | undefined;
      const isWhole = line.isEnded && unsealLine(line.bytes, '') !== undefined;
      headerProblem = isWhole ? undefined : 'its first line is damaged';
      if (header !== undefined && header.directory !== directory) {
        header = undefined;
        headerProblem = 'it belongs to another data directory';
      }
      // It may have been joined with the first record.
      if (!isWhole) lines.push(line);
    } else {
      lines.push((line.isEnded && readRecord(line, directory)) || line);
    }
  }
  return { header, headerProblem, lines, start };
}

function readRecord(
  { bytes, start, end }: Pick<BrokenLine, 'bytes' | 'start' | 'end'>,
  directory: string,
): JournalRecord | undefined {
  const sealed = unsealLine(bytes, directory);
  if (sealed === undefined) {
    return undefined;
  }
  const { check, previous, value } = sealed;
  return { check, previous, commit: value as Commit, start, end };
}

/** The checked content of a journal. */
export interface CheckedJournal {
  readonly damages: readonly Damage[];
  /** The last record, or the one before the first. */
  readonly records: number;
  readonly last: string;
  /** Offset of the byte after the last record. What follows was never answered. */
  readonly end: number;
  /** Whether the snapshot has all records, and more: the journal is to be replaced by an empty one. */
  readonly isReplaced: boolean;
}

interface Position {
  readonly tx: number;
  readonly check: string;
}

/**
 * Checks that every record follows the one before, and that the last one that was written before an
 * answer is there. An unfinished record at the end, which was never answered, is no damage.
 */
export function checkJournal(
  { header, headerProblem, lines, start }: ReadJournal,
  { head, snapshot }: { head: Head | undefined; snapshot: SnapshotHeader | undefined },
): CheckedJournal {
  const damages: Damage[] = [];
  const damage = (problem: string, at: Omit<Damage, 'file' | 'problem'> = {}): void => {
    damages.push({ file: journalName, ...at, problem });
  };
  if (headerProblem !== undefined) damage(headerProblem, { offset: 0 });
  let position: Position = { tx: header?.base ?? 0, check: header?.last ?? '' };
  let isLinked = header !== undefined;
  let end = start;
  // The checksums that the head and the snapshot name.
  const checks = new Map([[position.tx, position.check]]);
  for (const line of lines) {
    if ('bytes' in line) {
      // The first line is reported above.
      if (line.start === 0) continue;
      if (isUnfinished(line, position, head)) break;
      const problem = line.isEnded ? 'its checksum does not match' : 'it is cut off';
      damage(problem, { offset: line.start, record: position.tx + 1 });
      isLinked = false;
      continue;
    }
    const { commit, check } = line;
    const problem = isLinked ? findBreak(line, position) : undefined;
    if (problem !== undefined) damage(problem, { offset: line.start, record: commit.tx });
    position = { tx: commit.tx, check };
    isLinked = true;
    checks.set(commit.tx, check);
    ({ end } = line);
  }
  const isReplaced =
    damages.length === 0 &&
    snapshot !== undefined &&
    position.tx < snapshot.base &&
    head?.records === snapshot.base &&
    head.last === snapshot.last;
  if (!isReplaced) {
    for (const problem of findMismatches(checks, { header, head, snapshot, position })) {
      damage(problem, { offset: end });
    }
  }
  return { damages, records: position.tx, last: position.check, end, isReplaced };
}

function isUnfinished(line: BrokenLine, { tx, check }: Position, head: Head | undefined): boolean {
  const isAnswered = head === undefined || tx < head.records;
  return !line.isEnded && !isAnswered && isStartOfLine(line.bytes, check, startOfCommit(tx + 1));
}

/** The first members of a commit, as they are written. */
function startOfCommit(tx: number): string {
  return `{"tx":${tx},"changes":[`;
}

function findBreak({ commit, previous }: JournalRecord, before: Position): string | undefined {
  const { tx } = commit;
  if (tx <= before.tx) {
    return `it is repeated or moved: record ${before.tx} is before it`;
  }
  if (tx > before.tx + 1) {
    return `records ${before.tx + 1} to ${tx - 1} are missing before it`;
  }
  if (previous !== before.check) {
    return `it does not follow record ${before.tx}: it belongs to another copy of this data directory`;
  }
  return undefined;
}

/** Compares a journal with the files that say what must be in it. */
function findMismatches(
  checks: ReadonlyMap<number, string>,
  {
    header,
    head,
    snapshot,
    position,
  }: {
    header: JournalHeader | undefined;
    head: Head | undefined;
    snapshot: SnapshotHeader | undefined;
    position: Position;
  },
): string[] {
  const problems: string[] = [];
  if (header === undefined) return problems;
  const require = (named: Position, by: string): void => {
    const found = checks.get(named.tx);
    if (named.tx > position.tx) {
      problems.push(`it ends after record ${position.tx}, but ${by} names record ${named.tx}`);
    } else if (named.tx < header.base) {
      problems.push(`it begins after record ${header.base}, but ${by} names record ${named.tx}`);
    } else if (found !== undefined && found !== named.check) {
      problems.push(
        `its record ${named.tx} is not the one that ${by} names: the files are of different times`,
      );
    }
  };
  if (head !== undefined) require({ tx: head.records, check: head.last }, 'head.json');
  if (snapshot !== undefined)
    require({ tx: snapshot.base, check: snapshot.last }, 'snapshot.jsonl');
  return problems;
}

/** The records that a recovery keeps. */
export interface SavedRecords {
  readonly records: readonly JournalRecord[];
  /** First and last number of each group of lost records. */
  readonly lost: readonly (readonly [first: number, last: number])[];
  /** Number of the last record, kept or lost. */
  readonly last: number;
  /** Number of a record that is replaced by one of another copy of the data directory. */
  readonly foreign?: number;
}

/**
 * Chooses the whole records after `base` of a damaged journal. Where several have the same number,
 * the checksums that the records after it name decide.
 */
export function saveRecords(
  { lines }: ReadJournal,
  { base, head, directory }: { base: number; head: Head | undefined; directory: string },
): SavedRecords {
  const byNumber = new Map<number, JournalRecord[]>();
  for (const line of lines) {
    for (const record of 'bytes' in line ? recordsIn(line, directory) : [line]) {
      const known = byNumber.get(record.commit.tx) ?? [];
      byNumber.set(record.commit.tx, [...known, record]);
    }
  }
  const last = Math.max(base, head?.records ?? 0, ...byNumber.keys());
  const records: JournalRecord[] = [];
  const lost: [number, number][] = [];
  let foreign: number | undefined;
  let expected: string | undefined;
  for (let tx = last; tx > base; tx -= 1) {
    if (tx === head?.records) expected = head.last;
    const found = byNumber.get(tx) ?? [];
    const record = found.find(({ check }) => expected === undefined || check === expected);
    if (record !== undefined) {
      records.push(record);
    } else {
      if (found.length > 0) foreign = tx;
      const group = lost.at(-1);
      if (group?.[0] === tx + 1) group[0] = tx;
      else lost.push([tx, tx]);
    }
    expected = record?.previous;
  }
  return { records: records.reverse(), lost: lost.reverse(), last, foreign };
}

function recordsIn({ bytes, start }: BrokenLine, directory: string): JournalRecord[] {
  return splitMergedLine(bytes).flatMap((part) => {
    const from = start + part.offset;
    const line = { bytes: part.bytes, start: from, end: from + part.bytes.length };
    return readRecord(line, directory) ?? [];
  });
}
