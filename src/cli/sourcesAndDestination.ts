import { onlyOne } from './flags.js';
import { usageError } from './usageError.js';

/** What a command line names, for a command that puts entities into a container. */
interface Named {
  /** The arguments: ids, and last the container if no flag names it. */
  args: readonly string[] | undefined;
  /** The ids of `--id`. */
  ids: readonly string[] | undefined;
  /** The container of a flag. */
  destination: string | undefined;
  /** The number of ids that came from standard input. */
  readCount: number | undefined;
}

/**
 * Tells the ids from the container that they go into.
 *
 * @param names - The name of the container as an argument, and of its flag.
 * @throws a usage error when something is missing, or is given twice and differs
 */
export function sourcesAndDestination(
  { args = [], ids, destination, readCount }: Named,
  names: { argument: string; flag: string },
): { sources: readonly string[]; destination: string } {
  const words = [...args];
  const isOnlyRead = readCount === words.length + (ids?.length ?? 0);
  const least = ids === undefined ? 2 : 1;
  const isLast =
    readCount !== undefined
      ? !isOnlyRead && (destination === undefined || words.at(-1) === destination)
      : words.length >= least && (destination === undefined || words.at(-1) === destination);
  const argument = isLast ? words.pop() : undefined;
  const target = onlyOne(argument, destination, names.flag);
  if (ids !== undefined && words.length > 0 && words.join(' ') !== ids.join(' ')) {
    throw usageError(
      `The argument is ${words.join(' ')}, but --id is ${ids.join(' ')}: give only one of them.`,
    );
  }
  const sources = ids ?? words;
  const missing = [
    ...(sources.length === 0 && readCount === undefined ? ['ID'] : []),
    ...(target === undefined ? [names.argument] : []),
  ];
  if (target === undefined || missing.length > 0) {
    throw usageError(`Missing ${missing.join(' and ')}`);
  }
  return { sources, destination: target };
}
