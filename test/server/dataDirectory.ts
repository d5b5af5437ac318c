import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DataCheck } from '../../src/server/state/dataCheck.js';
import { Journal } from '../../src/server/state/journal.js';
import { Store, type Commit } from '../../src/server/state/store.js';

/** A store on a data directory. */
export interface OpenState {
  readonly store: Store;
  readonly journal: Journal;
  readonly check: DataCheck;
}

/** Opens the state of a data directory. @throws DataDamageError unless it recovers */
export function openState(
  directory: string,
  {
    recover = false,
    compactionBytes,
    onWrite,
  }: { recover?: boolean; compactionBytes?: number; onWrite?: (commit: Commit) => void } = {},
): OpenState {
  const check = new DataCheck(directory, { recover });
  const journal = new Journal(directory, { check, compactionBytes });
  const store = new Store({
    write: (commit) => {
      journal.write(commit);
      onWrite?.(commit);
    },
  });
  journal.load(store);
  return { store, journal, check };
}

/** The values of a store by `<collection> <id>`. */
export function valuesOf(store: Store): Map<string, unknown> {
  return new Map(store.dump().changes.map(([name, id, value]) => [`${name} ${id}`, value]));
}

/** Changes a file of a data directory. */
export function editFile(
  directory: string,
  name: string,
  edit: (bytes: Buffer) => Buffer | string,
): void {
  const path = join(directory, name);
  writeFileSync(path, edit(readFileSync(path)));
}

/** Inverts a bit of a file. */
export function flipBit(
  directory: string,
  name: string,
  { byte, bit }: { byte: number; bit: number },
): void {
  editFile(directory, name, (bytes) => {
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
    return bytes;
  });
}

/** Changes the lines of a file, which keep their line feeds. */
export function editLines(
  directory: string,
  name: string,
  edit: (lines: string[]) => string[],
): void {
  editFile(directory, name, (bytes) =>
    Buffer.from(edit(bytes.toString('latin1').split(/(?<=\n)/)).join(''), 'latin1'),
  );
}
