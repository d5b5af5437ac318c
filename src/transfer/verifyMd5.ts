import { Md5MismatchError } from '../errors.js';

/** @throws Md5MismatchError when both are known and differ */
export function verifyMd5(
  path: string,
  actual: string | undefined,
  expected: string | undefined,
): void {
  if (actual !== undefined && expected !== undefined && actual !== expected) {
    throw new Md5MismatchError({ path, expected, actual });
  }
}
