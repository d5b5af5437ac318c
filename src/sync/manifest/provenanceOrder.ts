import type { ManifestRow } from './manifestRow.js';

/** What the order of rows depends on. */
export type ProvenanceRow = Pick<ManifestRow, 'path' | 'used' | 'executed'>;

/** Rows in the order to store them. */
export interface ProvenanceOrder<Row> {
  /** Each row comes after the rows whose files it uses. Rows in cycles, and those that use them, are left out. */
  order: Row[];
  /** Rows that use each other in a circle; each uses the next one, and the last one the first. */
  cycles: Row[][];
}

/**
 * Sorts rows so that a file is stored before the files that use it. Otherwise the order stays, as far as that is possible: the
 * order is that of the Python client. Takes linear time.
 */
export function provenanceOrder<Row extends ProvenanceRow>(
  rows: readonly Row[],
): ProvenanceOrder<Row> {
  const needs = neededRows(rows);
  const rounds = roundsOf(needs);
  const byRound: number[][] = [];
  for (const [index, round] of rounds.entries()) {
    if (round !== undefined) (byRound[round] ??= []).push(index);
  }
  const rowsAt = (indexes: readonly number[]): Row[] => indexes.flatMap((i) => rows[i] ?? []);
  const cycles = cyclesOf(needs, (index) => rounds[index] === undefined);
  return { order: rowsAt(byRound.flat()), cycles: cycles.map(rowsAt) };
}

/** The indexes of the rows that each row uses. */
function neededRows(rows: readonly ProvenanceRow[]): number[][] {
  const indexes = new Map(rows.map(({ path }, index) => [path, index]));
  return rows.map(({ used, executed }) => {
    const found = [...used, ...executed].flatMap((item) => indexes.get(item) ?? []);
    return found.length > 1 ? [...new Set(found)] : found;
  });
}

/**
 * The Python client goes through the rows again and again, and each time takes those whose needs are met.
 *
 * @returns When it takes each row; nothing for rows that it never takes.
 */
function roundsOf(needs: readonly (readonly number[])[]): (number | undefined)[] {
  const users: number[][] = needs.map(() => []);
  for (const [row, needed] of needs.entries()) for (const one of needed) users[one]?.push(row);
  const open = needs.map(({ length }) => length);
  const earliest = needs.map(() => 0);
  const rounds: (number | undefined)[] = needs.map(() => undefined);
  const ready = needs.flatMap(({ length }, row) => (length === 0 ? [row] : []));
  for (let row = ready.pop(); row !== undefined; row = ready.pop()) {
    const round = earliest[row] ?? 0;
    rounds[row] = round;
    for (const user of users[row] ?? []) {
      // A row above the one that it uses has to wait for the next round.
      earliest[user] = Math.max(earliest[user] ?? 0, user > row ? round : round + 1);
      open[user] = (open[user] ?? 0) - 1;
      if (open[user] === 0) ready.push(user);
    }
  }
  return rounds;
}

/** One cycle of each group of rows that lead to each other (Tarjan's algorithm, without recursion). */
function cyclesOf(
  needs: readonly (readonly number[])[],
  isOpen: (row: number) => boolean,
): number[][] {
  const cycles: number[][] = [];
  const numbers = new Map<number, number>();
  const lowest = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const enter = (row: number): { row: number; next: number } => {
    numbers.set(row, numbers.size);
    lowest.set(row, numbers.size - 1);
    stack.push(row);
    onStack.add(row);
    return { row, next: 0 };
  };
  const lower = (row: number, value = Infinity): void =>
    void lowest.set(row, Math.min(lowest.get(row) ?? Infinity, value));
  for (const start of needs.keys()) {
    if (!isOpen(start) || numbers.has(start)) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { row } = visit;
      const needed = needs[row]?.[visit.next];
      if (needed !== undefined) {
        visit.next += 1;
        if (!isOpen(needed)) continue;
        if (!numbers.has(needed)) visits.push(enter(needed));
        else if (onStack.has(needed)) lower(row, numbers.get(needed));
        continue;
      }
      visits.pop();
      const above = visits.at(-1);
      if (above !== undefined) lower(above.row, lowest.get(row));
      if (lowest.get(row) !== numbers.get(row)) continue;
      const group = stack.splice(stack.lastIndexOf(row));
      for (const member of group) onStack.delete(member);
      const cycle = cycleIn(group, needs);
      if (cycle.length > 0) cycles.push(cycle);
    }
  }
  return cycles;
}

/** A cycle in a group of rows that lead to each other, from the topmost row. */
function cycleIn(group: readonly number[], needs: readonly (readonly number[])[]): number[] {
  const members = new Set(group);
  const top = group.reduce((least, row) => Math.min(least, row));
  const from = new Map<number, number>();
  const queue = [top];
  // The shortest way back to the top.
  for (const row of queue) {
    for (const needed of needs[row] ?? []) {
      if (needed === top) return wayTo(row, top, from);
      if (!members.has(needed) || from.has(needed)) continue;
      from.set(needed, row);
      queue.push(needed);
    }
  }
  return [];
}

function wayTo(end: number, start: number, from: ReadonlyMap<number, number>): number[] {
  const way = [end];
  for (let row = end; row !== start;) {
    row = from.get(row) ?? start;
    way.push(row);
  }
  return way.reverse();
}
