import { Args } from '@oclif/core';
import type { DoiInfo } from '../index.js';
import { alignedLines } from './alignedLines.js';
import { printableName } from './printable.js';
import { ofKind } from './valueKind.js';

/** The entity of a DOI. */
export const doiTargetArg = ofKind(
  'entity',
  Args.string({ description: 'Synapse id (syn123, or syn123.4 for a version).', required: true }),
);

/** What a DOI says, a line for each property. */
export function doiLines(doi: DoiInfo): string[] {
  const { url, titles, creators, publicationYear, resourceType, publisher } = doi;
  const rows: [string, string | undefined][] = [
    ['url', url],
    ['title', titles.join('; ')],
    ['creators', creators.map(({ name }) => name).join('; ')],
    ['year', publicationYear?.toString()],
    ['type', resourceType],
    ['publisher', publisher],
  ];
  const given = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, printableName(value)]],
  );
  return alignedLines(given);
}
