import { answerShapes } from './answerShapes.js';
import { checkShape } from './checkShape.js';

/**
 * Checks what the functions of this package read in the answer to an operation.
 *
 * @param operation - Its id, such as `entity.getEntity`.
 * @returns The answer.
 * @throws {@link MalformedResponseError} that names the operation and the field.
 */
export function checkAnswer<T>(operation: string, answer: T): T {
  const shape = answerShapes.get(operation);
  return shape === undefined ? answer : checkShape(operation, shape, answer);
}
