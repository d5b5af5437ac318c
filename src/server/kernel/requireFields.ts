import { badRequest } from './serviceError.js';

/**
 * Says that fields of a body are there.
 *
 * @param titleOf what the service calls a field in its message
 * @throws 400 for the first that is left out
 */
export function requireFields<Body extends object, Key extends keyof Body & string>(
  body: Body,
  keys: readonly Key[],
  titleOf: (key: Key) => string = (key) => key,
): asserts body is Body & { [K in Key]-?: Exclude<Body[K], undefined> } {
  for (const key of keys) {
    if (body[key] === undefined) {
      throw badRequest(`${titleOf(key)} is required.`);
    }
  }
}
