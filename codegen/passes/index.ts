import type { Description } from '../description.js';
import { dropDiscriminators } from './dropDiscriminators.js';
import { errorResponses } from './errorResponses.js';
import { flattenUnions } from './flattenUnions.js';
import { freeObjects } from './freeObjects.js';
import { internalHeaders } from './internalHeaders.js';
import { namedEnums } from './namedEnums.js';
import { numericPathParameters } from './numericPathParameters.js';
import type { Pass } from './pass.js';
import { pendingJobs } from './pendingJobs.js';
import { redirectsAsText } from './redirectsAsText.js';
import { requiredLists } from './requiredLists.js';
import { wholeNumbers } from './wholeNumbers.js';
import { wideIntegers } from './wideIntegers.js';

/**
 * The systematic corrections in the order in which they run, with the number of places each must change. A new description that
 * changes a number stops the build: look at what changed, then set the number.
 */
export const PASSES: readonly (readonly [name: string, pass: Pass, hits: number])[] = [
  ['dropDiscriminators', dropDiscriminators, 77],
  ['wideIntegers', wideIntegers, 443],
  ['pendingJobs', pendingJobs, 26],
  ['redirectsAsText', redirectsAsText, 26],
  ['freeObjects', freeObjects, 8],
  ['namedEnums', namedEnums, 250],
  ['flattenUnions', flattenUnions, 77],
  ['requiredLists', requiredLists, 80],
  ['internalHeaders', internalHeaders, 9],
  ['wholeNumbers', wholeNumbers, 146],
  ['numericPathParameters', numericPathParameters, 50],
  ['errorResponses', errorResponses, 568],
];

/** Applies every pass to a copy of the description. Throws when one changes more or fewer places than it is known to. */
export function applyPasses(description: Description): Description {
  const draft = structuredClone(description);
  const surprises: string[] = [];
  for (const [name, pass, expected] of PASSES) {
    const hits = pass(draft);
    if (hits !== expected) surprises.push(`${name} changed ${hits} places, expected ${expected}`);
  }
  if (surprises.length > 0) {
    throw new Error(
      `The description is not the one the passes were written for: ${surprises.join('; ')}. ` +
        'Check what changed, then correct the counts in codegen/passes/index.ts.',
    );
  }
  return draft;
}
