import { count, members, text, type Shape } from '../shape.js';
import { activity, page } from './common.js';

export const versionsShapes: readonly (readonly [string, Shape])[] = [
  ['activity.getActivity', activity],
  [
    'activity.listEntitiesGeneratedByActivity',
    page(members({ targetId: text }, { targetVersionNumber: count })),
  ],
];
