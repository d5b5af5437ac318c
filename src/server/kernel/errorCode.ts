/**
 * The `code` of an error of Node, e.g. `ENOENT`. Duck-typed, because such errors may come from
 * another realm, where `instanceof Error` is false.
 */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string'
    ? error.code
    : undefined;
}
