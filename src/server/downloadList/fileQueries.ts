import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import type { WantedFile } from './downloadListItems.js';

/** Finds the files that the rows of a view or table stand for. */
export type FileQuery = (caller: Caller, query: M.Query) => Promise<WantedFile[]>;

const queriesOf = new WeakMap<World, FileQuery>();

/** Says how queries are answered. For the tables domain. */
export function defineFileQuery(world: World, query: FileQuery): void {
  queriesOf.set(world, query);
}

/** The files of a query. @throws 400 for a query that cannot be answered */
export function filesOfQuery(world: World, caller: Caller, query: M.Query): Promise<WantedFile[]> {
  const run = queriesOf.get(world);
  if (run === undefined) {
    throw badRequest('The query is not supported.');
  }
  return run(caller, query);
}
