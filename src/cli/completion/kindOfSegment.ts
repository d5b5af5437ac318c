import type { ValueKind } from '../valueKind.js';

const kindsAfter: Readonly<Record<string, ValueKind>> = {
  entity: 'entity',
  evaluation: 'evaluation',
  team: 'team',
};

/** What a segment of a path identifies, by the segment before it: `/entity/{id}`. */
export function kindOfSegment(segments: readonly string[], index: number): ValueKind | undefined {
  const before = segments[index - 1] ?? '';
  return Object.hasOwn(kindsAfter, before) ? kindsAfter[before] : undefined;
}
