/**
 * Finds the name most similar to a typed one. Case, dashes and underscores are ignored, and a beginning of a name is similar
 * to it.
 *
 * @returns `undefined` when no name is similar.
 */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const wanted = plain(typed);
  const [best] = names
    .map((name) => ({ name, distance: distanceTo(wanted, plain(name)) }))
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length);
  return best !== undefined && best.distance <= Math.floor(wanted.length / 3)
    ? best.name
    : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_: .]/g, '');
}

/** A beginning of at least three letters is as near as a name with one mistake. */
function distanceTo(typed: string, name: string): number {
  if (typed === name) return 0;
  if (typed.length >= 3 && name.startsWith(typed)) return 1;
  return editDistance(typed, name);
}

/** The number of letters to insert, delete or replace, or of neighbors to swap, to turn one word into the other. */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : changed;
      next.push(Math.min(changed, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
