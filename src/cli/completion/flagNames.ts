import { firstSentence } from './oneLine.js';
import type { Candidate } from './candidate.js';
import type { FlagShape, FlagShapes } from './commandShape.js';

/** The flags that begin with the word, without those that were given and cannot be given again. */
export function flagNames(
  word: string,
  flags: FlagShapes,
  given: ReadonlySet<string>,
): Candidate[] {
  const possible = Object.entries(flags).filter(
    ([name, flag]) => flag.hidden !== true && (flag.multiple === true || !given.has(name)),
  );
  const own = possible.filter(([, { helpGroup }]) => helpGroup !== 'GLOBAL');
  // Those that all commands share come last.
  const sorted = [...own, ...possible.filter(([, { helpGroup }]) => helpGroup === 'GLOBAL')];
  const starting = (spellings: (name: string, flag: FlagShape) => string[]): Candidate[] =>
    sorted.flatMap(([name, flag]) =>
      spellings(name, flag)
        .filter((value) => value.startsWith(word))
        .map((value) => ({ value, description: firstSentence(flag.description) })),
    );
  const found = starting((name, { char, allowNo }) => [
    `--${name}`,
    ...(allowNo === true ? [`--no-${name}`] : []),
    ...(char === undefined ? [] : [`-${char}`]),
  ]);
  if (found.length > 0) return found;
  // Spellings of the Python client, which are accepted but not suggested.
  return starting((_, { aliases = [] }) => aliases.map((alias) => `--${alias}`));
}
