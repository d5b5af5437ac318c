import { onlyOne } from './flags.js';
import { usageError } from './usageError.js';

/** What a command line names, for a command that puts entities into a container. */
interface Named {
  /** The arguments: ids, and last the container if no flag names it. */
  args: readonly string[] | undefined;
  /** The id of `--id`. */
  id: string | undefined;
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
  { args = [], id, destination, readCount }: Named,
  names: { argument: string; flag: string },
): { sources: readonly string[]; destination: string } {
  const words = [...args];
  // An id from standard input is never taken for the container.
  const hasMore = words.length > (readCount ?? (id === undefined ? 1 : 0));
  const isLast = hasMore && (destination === undefined || words.at(-1) === destination);
  const argument = isLast ? words.pop() : undefined;
  const target = onlyOne(argument, destination, names.flag);
  if (id !== undefined && words.length > 0) onlyOne(words.join(' '), id);
  const sources = id === undefined ? words : [id];
  const missing = [
    ...(sources.length === 0 && readCount === undefined ? ['ID'] : []),
    ...(target === undefined ? [names.argument] : []),
  ];
  if (target === undefined || missing.length > 0) {
    throw usageError(`Missing ${missing.join(' and ')}`);
  }
  return { sources, destination: target };
}
