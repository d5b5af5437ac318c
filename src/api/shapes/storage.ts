import { anything, type Shape } from '../shape.js';

export const storageShapes: readonly (readonly [string, Shape])[] = [
  ['projectSettings.deleteProjectSetting', anything],
];
