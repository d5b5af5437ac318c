import { badRequest } from './serviceError.js';

/**
 * Asserts that fields of a body are present.
 *
 * @param titleOf name of a field in the message of the service
 * @throws 400 for the first missing field
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
