import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Damage, DataCheck } from '../state/dataCheck.js';
import { hashPages, pageBytes, readPageHashes } from './pageHashes.js';
import {
  guardFiles,
  isSame,
  readPosition,
  removeGuarded,
  TableGuard,
  tablesName,
} from './tableGuard.js';
import { WalFile } from './walFile.js';
import { noWal } from './walPosition.js';

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
  const damages = findDamages(file);
  check.add(...damages);
  if (damages.length === 0 || !check.recovers) {
    return;
  }
  for (const name of names) {
    if (statSync(join(dataDir, name)).isFile()) check.copy(name);
  }
  removeGuarded(file);
  check.lose({ file: tablesName, what: 'the rows of all tables and views', ids: [] });
}

/** Guards the SQLite file of a version that did not. */
export function guardOldTables(dataDir: string): void {
  const file = join(dataDir, tablesName);
  const isGuarded = existsSync(guardFiles(file).position);
  if (existsSync(file) && !isGuarded) TableGuard.prepare(file);
}

function findDamages(file: string): Damage[] {
  const paths = guardFiles(file);
  const pages = readPageHashes(paths.pages);
  const position = readPosition(file);
  const damages: Damage[] = [];
  for (const [path, found] of [
    [paths.pages, pages],
    [paths.position, position],
  ] as const) {
    if (typeof found === 'object') continue;
    const problem = found === undefined ? 'the file is missing' : 'its checksum does not match';
    damages.push({ file: basename(path), problem });
  }
  if (typeof pages !== 'object' || typeof position !== 'object') {
    return damages;
  }
  if (pages.hashes.length === 0 && position.frames === 0) {
    // The process was killed before the first transaction.
    removeGuarded(file);
    return [];
  }
  const wal = new WalFile(`${file}-wal`);
  try {
    wal.advance();
    const isFirst = isSame(position, noWal);
    const isOther = wal.position.salt !== position.salt;
    if (isFirst || (isOther && isIncluded(position, pages.includes))) {
      // Everything that was answered is in the database. A log has only what was never answered.
      rmSync(`${file}-wal`, { force: true });
      return findDamagedPages(file, { hashes: pages.hashes, newer: new Set() });
    }
    if (!wal.includes(position)) {
      return [logDamage(file)];
    }
    return findDamagedPages(file, { hashes: pages.hashes, newer: new Set(wal.pages.keys()) });
  } finally {
    wal.close();
  }
}

function isIncluded(
  position: { salt: string; frames: number },
  included: { salt: string; frames: number },
): boolean {
  return position.salt === included.salt && position.frames <= included.frames;
}

function logDamage(file: string): Damage {
  const problem = existsSync(`${file}-wal`)
    ? 'it does not have the last transaction that was answered'
    : 'the file is missing';
  return { file: `${tablesName}-wal`, problem };
}

/** Pages that differ from their hash and are not in the log, which SQLite prefers. */
function findDamagedPages(
  file: string,
  { hashes, newer }: { hashes: readonly Buffer[]; newer: ReadonlySet<number> },
): Damage[] {
  if (!existsSync(file)) {
    return [{ file: tablesName, problem: 'the file is missing' }];
  }
  const found = hashPages(file);
  const damages: Damage[] = [];
  for (let at = 0; at < Math.max(hashes.length, found.length); at += 1) {
    const [expected, actual] = [hashes[at], found[at]];
    if (newer.has(at + 1) || (expected && actual?.equals(expected))) continue;
    const isMissing = actual === undefined;
    const isExtra = expected === undefined;
    const problem = isMissing
      ? 'it is cut off'
      : isExtra
        ? 'it is longer than it was'
        : `the checksum of page ${at + 1} does not match`;
    damages.push({ file: tablesName, offset: at * pageBytes, problem });
    if (isMissing || isExtra) break;
  }
  return damages;
}
