import { existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Damage, DataCheck, LostData } from '../state/dataCheck.js';
import { hashPages, pageBytes, readPageHashes } from './pageHashes.js';
import { repairTables } from './repairTables.js';
import {
  guardFiles,
  isSame,
  readPosition,
  removeGuarded,
  TableGuard,
  tablesName,
} from './tableGuard.js';
import { WalFile } from './walFile.js';
import { noWal, type WalPosition } from './walPosition.js';

/**
 * Checks the SQLite file of a data directory before it is opened.
 *
 * @param options.isLegacy whether the file may be of a version that did not guard it
 */
export function checkTables(
  dataDir: string,
  check: DataCheck,
  { isLegacy }: { isLegacy: boolean },
): void {
  const file = join(dataDir, tablesName);
  const names = readdirSync(dataDir).filter((name) => name.startsWith(tablesName));
  if (names.length === 0) {
    return;
  }
  if (isLegacy && !existsSync(guardFiles(file).position)) {
    return;
  }
  const found = examine(file);
  check.add(...found.damages);
  if (found.damages.length === 0 || !check.recovers) {
    return;
  }
  for (const name of names) {
    if (statSync(join(dataDir, name)).isFile()) check.copy(name);
  }
  check.lose(...recover(file, found));
}

/** Guards the SQLite file of a version that did not. */
export function guardOldTables(dataDir: string): void {
  const file = join(dataDir, tablesName);
  const isGuarded = existsSync(guardFiles(file).position);
  if (existsSync(file) && !isGuarded) TableGuard.prepare(file);
}

/** What is wrong with a SQLite file. */
interface Findings {
  readonly damages: Damage[];
  /** Numbers of the damaged pages. */
  readonly pages: Set<number>;
  /** Number of pages that the file must have, as far as it is known. */
  readonly pageCount?: number | undefined;
  /** Whether the log is to be removed: it has nothing that was answered and that is not in the file. */
  readonly isLogUseless?: boolean;
  /** Whether the log lacks transactions that were answered. */
  readonly isLogCut?: boolean;
}

function examine(file: string): Findings {
  const paths = guardFiles(file);
  const hashes = readPageHashes(paths.pages);
  const position = readPosition(file);
  const damages: Damage[] = [];
  for (const [path, found] of [
    [paths.pages, hashes],
    [paths.position, position],
  ] as const) {
    if (typeof found === 'object') continue;
    const problem = found === undefined ? 'the file is missing' : 'its checksum does not match';
    damages.push({ file: basename(path), problem });
  }
  const isUnused = typeof hashes === 'object' && hashes.hashes.length === 0;
  if (isUnused && typeof position === 'object' && position.frames === 0) {
    // The process was killed before the first transaction.
    removeGuarded(file);
    return { damages: [], pages: new Set() };
  }
  const wal = new WalFile(`${file}-wal`);
  try {
    wal.advance();
    const log =
      typeof position === 'object' && typeof hashes === 'object'
        ? examineLog(file, { wal, position, includes: hashes.includes })
        : { damages: [], isLogUseless: false, isLogCut: false };
    if (log.isLogUseless && log.damages.length === 0 && damages.length === 0) {
      rmSync(`${file}-wal`, { force: true });
    }
    const newer = new Set(log.isLogUseless ? [] : wal.pages.keys());
    const found = findDamagedPages(file, { hashes: objectOf(hashes)?.hashes, newer });
    damages.push(...log.damages, ...found.damages);
    return { ...log, ...found, damages };
  } finally {
    wal.close();
  }
}

function objectOf<T extends object>(found: T | 'damaged' | undefined): T | undefined {
  return typeof found === 'object' ? found : undefined;
}

/** Checks that the log has what was answered, unless the file has it. */
function examineLog(
  file: string,
  { wal, position, includes }: { wal: WalFile; position: WalPosition; includes: WalPosition },
): { damages: Damage[]; isLogUseless: boolean; isLogCut: boolean } {
  const isFirst = isSame(position, noWal);
  const isOther = wal.position.salt !== position.salt;
  const isMoved = position.salt === includes.salt && position.frames <= includes.frames;
  if (isFirst || (isOther && isMoved)) {
    return { damages: [], isLogUseless: true, isLogCut: false };
  }
  if (wal.includes(position)) {
    return { damages: [], isLogUseless: false, isLogCut: false };
  }
  const problem = existsSync(`${file}-wal`)
    ? 'it does not have the last transaction that was answered'
    : 'the file is missing';
  const damage = { file: `${tablesName}-wal`, problem };
  // What is left of a log that was moved has older pages than the file.
  const isLogUseless = isOther || includes.salt === position.salt;
  return { damages: [damage], isLogUseless, isLogCut: !isMoved };
}

/** Pages that differ from their hash and are not in the log, which SQLite prefers. */
function findDamagedPages(
  file: string,
  { hashes, newer }: { hashes: readonly Buffer[] | undefined; newer: ReadonlySet<number> },
): Pick<Findings, 'damages' | 'pages' | 'pageCount'> {
  if (!existsSync(file)) {
    return { damages: [{ file: tablesName, problem: 'the file is missing' }], pages: new Set() };
  }
  if (hashes === undefined) {
    return { damages: [], pages: new Set() };
  }
  const found = hashPages(file);
  const damages: Damage[] = [];
  const pages = new Set<number>();
  for (let at = 0; at < Math.max(hashes.length, found.length); at += 1) {
    const [expected, actual] = [hashes[at], found[at]];
    if (newer.has(at + 1) || (expected && actual?.equals(expected))) continue;
    if (expected) pages.add(at + 1);
    const problem =
      actual === undefined
        ? 'it is cut off'
        : expected === undefined
          ? 'it is longer than it was'
          : `the checksum of page ${at + 1} does not match`;
    if (damages.at(-1)?.problem !== problem) {
      damages.push({ file: tablesName, offset: at * pageBytes, problem });
    }
  }
  return { damages, pages, pageCount: Math.max(hashes.length, ...newer) };
}

/** Keeps what is whole, and guards it from now on. */
function recover(file: string, { pages, pageCount, isLogUseless, isLogCut }: Findings): LostData[] {
  const lost: LostData[] = [];
  try {
    if (isLogUseless === true) rmSync(`${file}-wal`, { force: true });
    if (pageCount !== undefined) truncateSync(file, pageCount * pageBytes);
    if (isLogCut === true) {
      const what = 'the changes of tables after the last whole transaction in the log';
      lost.push({ file: `${tablesName}-wal`, what, ids: [] });
    }
    lost.push(...repairTables(file, pages));
    TableGuard.prepare(file);
    return lost;
  } catch {
    removeGuarded(file);
    return [{ file: tablesName, what: 'the rows of all tables and views', ids: [] }];
  }
}
