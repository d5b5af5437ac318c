import type { ContentOptions } from '../index.js';

/** The types of a flag. The library checks them. */
export function entityTypesOf(types: readonly string[] | undefined): ContentOptions['entityTypes'] {
  return types as ContentOptions['entityTypes'];
}
