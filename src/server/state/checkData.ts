import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Blobs } from '../files/blobs.js';
import type { ContentUse } from '../files/objectStore.js';
import { tablesName } from '../tables/tableGuard.js';
import type { World } from '../world.js';
import type { Damage, DataCheck, RecoveryReport } from './dataCheck.js';

/**
 * Checks that the content of every file is there, once the state is loaded, and ends a recovery.
 *
 * @returns what a recovery repaired
 * @throws DataDamageError when content is missing, unless damages are repaired
 */
export function checkData(
  world: World,
  { dataDir, check }: { dataDir: string; check: DataCheck },
): RecoveryReport | undefined {
  const damaged = findDamagedContent(world);
  check.add(...damaged.map(({ damage }) => damage));
  check.refuse();
  if (check.damages.length === 0) {
    return undefined;
  }
  for (const { blob, uses } of damaged) {
    check.moveAway(Blobs.pathOf(blob));
    for (const { name, forget } of uses) {
      forget();
      check.lose({ file: Blobs.pathOf(blob), what: `the content of ${name}`, ids: [] });
    }
  }
  if (check.lost.length > 0) {
    keepUnusedContent(world, check);
    keepTables(dataDir, check);
  }
  return check.report();
}

interface DamagedContent {
  readonly blob: string;
  readonly damage: Damage;
  readonly uses: readonly ContentUse[];
}

/** Content that is missing or has another size. Its bytes are checked when they are read. */
function findDamagedContent({ blobs, files }: World): DamagedContent[] {
  const usesByBlob = new Map<string, ContentUse[]>();
  for (const use of files.objects.uses()) {
    for (const { blob } of use.segments) {
      const uses = usesByBlob.get(blob) ?? [];
      if (uses.at(-1) !== use) uses.push(use);
      usesByBlob.set(blob, uses);
    }
  }
  return [...usesByBlob].flatMap(([blob, uses]) => {
    const problem = problemOf(blob, { size: blobs.sizeOf(blob), uses });
    return problem === undefined
      ? []
      : [{ blob, damage: { file: Blobs.pathOf(blob), problem }, uses }];
  });
}

function problemOf(
  blob: string,
  { size, uses }: { size: number | undefined; uses: readonly ContentUse[] },
): string | undefined {
  const of = `the content of ${uses[0]?.name ?? ''}`;
  if (size === undefined) {
    return `the file is missing, which is ${of}`;
  }
  for (const segment of uses.flatMap(({ segments }) => segments)) {
    if (segment.blob !== blob) continue;
    const whole = segment.md5 === undefined ? segment.of?.size : segment.size;
    const isWrong = whole === undefined ? size < segment.offset + segment.size : size !== whole;
    if (isWrong) {
      const expected = whole ?? `at least ${segment.offset + segment.size}`;
      return `it has ${size} bytes instead of ${expected}, and is ${of}`;
    }
  }
  return undefined;
}

/** Rows of tables without an entity are deleted. */
function keepTables(dataDir: string, check: DataCheck): void {
  const names = readdirSync(dataDir).filter((name) => name.startsWith(tablesName));
  for (const name of names) {
    if (statSync(join(dataDir, name)).isFile()) check.copy(name);
  }
}

/** Content without a record would be removed. After a loss, it may be of a lost record. */
function keepUnusedContent({ blobs, files }: World, check: DataCheck): void {
  const unused = blobs.list().filter((blob) => !files.objects.isReferenced(blob));
  for (const blob of unused) check.moveAway(Blobs.pathOf(blob));
}
