import { badRequest } from './serviceError.js';

/** The models whose bodies must not have elements that the model does not have. */
const strictModels: ReadonlySet<string> = new Set(['CreateSchemaRequest']);

/**
 * Refuses a body with an element that was dropped when it was read. For most models, the service
 * ignores such elements.
 *
 * @param given the body as it was sent
 * @param read the body as it was read
 * @throws 400
 */
export function refuseUnsupported(model: string, given: unknown, read: unknown): void {
  if (strictModels.has(model)) {
    compare(given, read);
  }
}

function compare(given: unknown, read: unknown): void {
  if (Array.isArray(given)) {
    const items: readonly unknown[] = Array.isArray(read) ? read : [];
    given.forEach((item, position) => {
      compare(item, items[position]);
    });
  } else if (isObject(given) && isObject(read)) {
    for (const [key, member] of Object.entries(given)) {
      if (!Object.hasOwn(read, key)) {
        throw badRequest(`JSON Element in Entity is Unsupported: ${key}`);
      }
      compare(member, read[key]);
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
