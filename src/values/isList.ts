/** Whether a value that can be a list or a single item is a list. Unlike `Array.isArray`, it knows lists that are read-only. */
export function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}
