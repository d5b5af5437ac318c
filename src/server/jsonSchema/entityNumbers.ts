import type { VersionRecord } from '../entities/entityRecords.js';
import type { NumberKinds } from './violation.js';

/** The Java types of the numbers in the JSON of an entity. */
export function numbersOf({ annotations }: VersionRecord): NumberKinds {
  return {
    integer: 'Long',
    isDouble: (property) => annotations[property]?.type === 'DOUBLE',
  };
}
