import { shortName } from '../values/shortName.js';

/** An entity of a tree that is not downloaded, although nothing failed: only files have content to download. */
export interface LeftOut {
  id: string;
  name: string;
  /** The names from the top of the tree down to the entity, joined by `/`. */
  path: string;
  /** The concrete type: `org.sagebionetworks.repo.model.table.TableEntity`. */
  type: string;
  /** Why it is not downloaded, and how to get it. */
  reason: string;
}

/** `a TableEntity`, `an EntityView`. */
export function aType(type: string): string {
  const short = shortName(type);
  return `${/^[aeiou]/i.test(short) ? 'an' : 'a'} ${short}`;
}
