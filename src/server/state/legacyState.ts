import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Damage } from './dataCheck.js';
import { journalName } from './journalFile.js';
import { readLines, type Line } from './readLines.js';
import { snapshotName } from './snapshotFile.js';
import type { Commit, StoredChange } from './store.js';

/** The readable part of the state in files of the first version, which have no checksums. */
export interface LegacyState {
  /** Number of the last commit in the snapshot. */
  readonly base: number;
  readonly sequences: Readonly<Record<string, number>>;
  readonly entries: readonly StoredChange[];
  readonly commits: readonly Commit[];
  readonly damages: readonly Damage[];
}

/** Whether a file is of the first version; an empty journal is, too. */
export function isLegacyFile(dataDir: string, name: string): boolean {
  const path = join(dataDir, name);
  if (!existsSync(path)) {
    return false;
  }
  if (statSync(path).size === 0) {
    return name === journalName;
  }
  const fd = openSync(path, 'r');
  try {
    const first = Buffer.alloc(1);
    readSync(fd, first, 0, 1, 0);
    return first.toString() === '{';
  } finally {
    closeSync(fd);
  }
}

/** Reads the files of the first version that a data directory has. */
export function readLegacyState(dataDir: string): LegacyState {
  const damages: Damage[] = [];
  const snapshot = isLegacyFile(dataDir, snapshotName)
    ? readLegacySnapshot(dataDir, damages)
    : { base: 0, sequences: {}, entries: [] };
  const commits = isLegacyFile(dataDir, journalName) ? readLegacyJournal(dataDir, damages) : [];
  const first = commits[0];
  if (first !== undefined && first.tx > snapshot.base + 1) {
    const problem = `records ${snapshot.base + 1} to ${first.tx - 1} are missing before its first one`;
    damages.push({ file: journalName, offset: 0, record: first.tx, problem });
  }
  return { ...snapshot, commits, damages };
}

function readLegacySnapshot(
  dataDir: string,
  damages: Damage[],
): Pick<LegacyState, 'base' | 'sequences' | 'entries'> {
  const entries: StoredChange[] = [];
  let header: { tx: number; sequences: Record<string, number> } | undefined;
  let number = 0;
  for (const line of linesOf(dataDir, snapshotName)) {
    const value = parse(line);
    if (number === 0 && isHeader(value)) {
      header = value;
    } else if (number > 0 && line.isEnded && isChange(value)) {
      entries.push(value);
    } else {
      const problem = line.isEnded ? 'it is not readable' : 'it is cut off';
      damages.push({ file: snapshotName, offset: line.start, record: number, problem });
    }
    number += 1;
  }
  return { base: header?.tx ?? 0, sequences: header?.sequences ?? {}, entries };
}

function readLegacyJournal(dataDir: string, damages: Damage[]): Commit[] {
  const commits: Commit[] = [];
  for (const line of linesOf(dataDir, journalName)) {
    const value = parse(line);
    const before = commits.at(-1)?.tx;
    const at = { file: journalName, offset: line.start };
    if (!isCommit(value)) {
      // Only an unfinished record at the end was never answered.
      if (line.isEnded) damages.push({ ...at, problem: 'it is not readable' });
      continue;
    }
    if (!line.isEnded) {
      continue;
    }
    if (before !== undefined && value.tx !== before + 1) {
      const problem = `it does not follow record ${before}: records are missing, moved or repeated`;
      damages.push({ ...at, record: value.tx, problem });
      if (value.tx <= before) continue;
    }
    commits.push(value);
  }
  return commits;
}

function* linesOf(dataDir: string, name: string): IterableIterator<Line> {
  const fd = openSync(join(dataDir, name), 'r');
  try {
    yield* readLines(fd);
  } finally {
    closeSync(fd);
  }
}

function parse({ bytes }: Line): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isHeader(value: unknown): value is { tx: number; sequences: Record<string, number> } {
  return isRecord(value) && Number.isInteger(value['tx']) && isRecord(value['sequences']);
}

function isChange(value: unknown): value is StoredChange {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string';
}

function isCommit(value: unknown): value is Commit {
  return (
    isRecord(value) &&
    Number.isInteger(value['tx']) &&
    Array.isArray(value['changes']) &&
    value['changes'].every(isChange)
  );
}
