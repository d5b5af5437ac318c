import { count, members, text, type Shape } from '../shape.js';

export const accessShapes: readonly (readonly [string, Shape])[] = [
  [
    'accessRequirement.getAccessRequirement',
    members({ id: count, concreteType: text }, { etag: text }),
  ],
];
