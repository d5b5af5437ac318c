/** Finds the command most similar to the typed one; `undefined` when none is similar. */
export function nearestCommand(typed: string, commands: readonly string[]): string | undefined {
  const [best] = commands
    .map((command) => ({ command, distance: distance(typed, command) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= typed.length / 3 ? best.command : undefined;
}

/** The edit distance of two words: the number of letters to insert, delete or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
