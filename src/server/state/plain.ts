/**
 * Refuses a value that JSON cannot carry unchanged, and freezes it deeply, so that a handler that
 * mutates stored state fails immediately.
 */
export function assertPlain(value: unknown, where: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      throw new TypeError(`${where} is ${value}, which JSON cannot carry`);
    }
    return;
  }
  if (typeof value !== 'object') {
    throw new TypeError(`${where} is of type ${typeof value}, which JSON cannot carry`);
  }
  if (Object.isFrozen(value)) {
    return;
  }
  if (!Array.isArray(value) && !isPlainObject(value)) {
    throw new TypeError(`${where} is neither a plain object nor an array`);
  }
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined || Array.isArray(value)) {
      assertPlain(member, `${where}.${key}`);
    }
  }
  Object.freeze(value);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
