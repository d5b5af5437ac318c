import { versionOf } from '../values/ids.js';
import { attemptEach } from './attemptEach.js';

/**
 * {@link attemptEach} for entities. All ids are checked before anything is done.
 *
 * @throws {@link ArgumentError} for what is no id
 */
export function attemptIds<R>(
  ids: readonly string[],
  done: string,
  run: (id: string) => Promise<R>,
): AsyncGenerator<R> {
  for (const id of ids) versionOf(id, undefined);
  return attemptEach(ids, done, run);
}
