import type { DataCheck, LostData } from './dataCheck.js';
import { headName, type Head } from './headFile.js';
import { journalName, saveRecords, type ReadJournal, type SavedRecords } from './journalFile.js';
import { lineFrameBytes } from './sealedLine.js';
import { snapshotName, type ReadSnapshot } from './snapshotFile.js';
import type { Store } from './store.js';

/**
 * Numbers that a recovery leaves out in each sequence, so that no id is given out again that was in
 * a lost record.
 */
const skippedIds = 1000;

interface DamagedState {
  readonly check: DataCheck;
  readonly snapshot: ReadSnapshot | undefined;
  readonly journal: ReadJournal;
  readonly head: Head | undefined;
  readonly directory: string;
}

/** Loads what is whole of damaged files into an empty store, and reports what is lost. */
export function recoverState(store: Store, state: DamagedState): void {
  const { check, snapshot, journal, head, directory } = state;
  for (const name of [headName, journalName, snapshotName]) {
    check.copy(name);
  }
  const base = baseOf(state);
  store.replay({ tx: base, changes: snapshot?.entries ?? [] });
  const saved = saveRecords(journal, { base, head, directory });
  const sequences = new Map<string, number>();
  for (const one of [snapshot?.header, journal.header, ...saved.records.map((r) => r.commit)]) {
    for (const [name, value] of Object.entries(one?.sequences ?? {})) {
      sequences.set(name, Math.max(value, sequences.get(name) ?? 0));
    }
  }
  for (const { commit } of saved.records) {
    store.replay(commit);
  }
  const lost = [
    ...lostEntries(store, { snapshot, journal }),
    ...lostRecords(store, journal, saved),
  ];
  check.lose(...lost);
  const skipped = lost.length > 0 ? skippedIds : 0;
  store.replay({
    tx: saved.last,
    changes: [],
    sequences: Object.fromEntries(
      [...sequences].map(([name, value]) => [name, value + skipped] as const),
    ),
  });
}

/** Number of the last record that the snapshot includes. */
function baseOf({ snapshot, journal }: DamagedState): number {
  if (snapshot === undefined) {
    return 0;
  }
  const numbers = journal.lines.flatMap((line) => ('commit' in line ? line.commit.tx : []));
  const first = numbers.reduce((least, tx) => Math.min(least, tx), Infinity);
  return snapshot.header?.base ?? journal.header?.base ?? (first === Infinity ? 0 : first - 1);
}

function lostEntries(
  store: Store,
  { snapshot, journal }: Pick<DamagedState, 'snapshot' | 'journal'>,
): LostData[] {
  if (snapshot === undefined) {
    return [];
  }
  const { entries, broken } = snapshot;
  const expected = snapshot.header?.entries ?? journal.header?.entries;
  const whole = new Set(entries.map(([name, id]) => `${name} ${id}`));
  const ids = broken
    .flatMap((bytes) => readIds(store, bytes))
    .filter((id) => !whole.has(id) && !isThere(store, id));
  if (expected === undefined) {
    const what = 'its first line, which counts the entries: entries may be lost';
    return [{ file: snapshotName, what, ids }];
  }
  const count = expected - entries.length;
  if (count <= 0) {
    return [];
  }
  return [{ file: snapshotName, what: `${count} entries`, entries: count, ids }];
}

function lostRecords(
  store: Store,
  { lines }: ReadJournal,
  { lost, foreign }: SavedRecords,
): LostData[] {
  const broken = lines.flatMap((line) => ('bytes' in line ? line.bytes : []));
  const isIn = (bytes: Buffer, [first, last]: readonly [number, number]): boolean => {
    const tx = Number(/\{"tx":(\d+),/.exec(bytes.toString('latin1'))?.[1]);
    return tx >= first && tx <= last;
  };
  const found: LostData[] = lost.map((records) => {
    const [first, last] = records;
    const what = first === last ? `record ${first}` : `records ${first} to ${last}`;
    const ids = broken
      .filter((bytes) => isIn(bytes, records))
      .flatMap((bytes) => readIds(store, bytes));
    return { file: journalName, what, records, ids };
  });
  if (foreign !== undefined) {
    const what =
      `record ${foreign} and possibly records before it: the file has records of another copy of this data ` +
      'directory instead, of which those before it are kept';
    found.push({ file: journalName, what, ids: [] });
  }
  return found;
}

/** The ids in a damaged line that are still readable, as `<collection> <id>`. */
function readIds(store: Store, line: Buffer): string[] {
  const text = line.subarray(lineFrameBytes - 3).toString();
  const pairs = [...text.matchAll(/\["([\w.]+)","([^"\\]+)"[,\]]/g)];
  return pairs.flatMap(([, name = '', id = '']) =>
    store.hasCollection(name) ? `${name} ${id}` : [],
  );
}

function isThere(store: Store, id: string): boolean {
  const [name = '', ...rest] = id.split(' ');
  return store.collection(name).has(rest.join(' '));
}
