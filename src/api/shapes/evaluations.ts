import { anything, members, text, type Shape } from '../shape.js';

export const evaluationsShapes: readonly (readonly [string, Shape])[] = [
  ['evaluation.deleteEvaluationSubmission', anything],
  ['evaluation.getEvaluation', members({ id: text, etag: text, name: text })],
];
