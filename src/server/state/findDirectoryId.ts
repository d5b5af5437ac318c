import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { journalName, readDirectoryId } from './journalFile.js';
import { unsealLine } from './sealedLine.js';
import { snapshotName } from './snapshotFile.js';
import { keysName } from './stateFiles.js';

/**
 * The id of a data directory: that on which most of its files agree, because one of them may be of
 * another directory. `undefined` when no file is readable.
 *
 * @param ofHead the id in `head.json`
 */
export function findDirectoryId(dataDir: string, ofHead: string | undefined): string | undefined {
  const ofFiles = [journalName, snapshotName].map((name) => readDirectoryId(dataDir, name));
  const named = [...ofFiles, ofHead].filter((id) => id !== undefined);
  const votes = [
    ...named,
    ...named.filter((id, at) => named.indexOf(id) === at && hasKeysOf(dataDir, id)),
  ];
  const count = (id: string): number => votes.filter((vote) => vote === id).length;
  const [first, ...others] = named;
  return others.reduce<string | undefined>(
    (best, id) => (best !== undefined && count(best) >= count(id) ? best : id),
    first,
  );
}

/** Whether the keys are of a data directory. They do not name it, but are sealed for it. */
function hasKeysOf(dataDir: string, id: string): boolean {
  const path = join(dataDir, keysName);
  return existsSync(path) && unsealLine(readFileSync(path).subarray(0, -1), id) !== undefined;
}
