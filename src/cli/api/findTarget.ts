import { operationById, type Operation } from '../../api/operation.js';
import { isPath, matchPath, methodOf } from './matchPath.js';

/** The operation of a command line. */
export interface FoundTarget {
  operation: Operation;
  /** The parameters that its path gives. They have no flags. */
  given: readonly string[];
}

/**
 * The operation that a command line is about: by its name, or by a method and a path. It is found before the flags are read,
 * because they depend on it.
 */
export function findTarget(argv: readonly string[]): FoundTarget | undefined {
  const named = argv.map(operationById).find((operation) => operation !== undefined);
  if (named !== undefined) return { operation: named, given: [] };
  const at = argv.findIndex((word) => methodOf(word) !== undefined);
  const method = methodOf(argv[at] ?? '') ?? 'GET';
  for (const [index, word] of argv.slice(at + 1).entries()) {
    if (!isPath(word) && (index > 0 || at === -1)) continue;
    const { operation, args } = matchPath(method, word.replace(/^https?:\/\/[^/]*/i, ''));
    if (operation !== undefined) return { operation, given: Object.keys(args) };
  }
  return undefined;
}
