import { anything, type Shape } from '../shape.js';

export const downloadListShapes: readonly (readonly [string, Shape])[] = [
  ['downloadList.clearDownloadList', anything],
];
