import { ArgumentError } from '../errors.js';

/** An error as an index keeps it. */
export function failureText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @throws {@link ArgumentError} */
export function requireConcurrency(concurrency: number): void {
  if (Number.isSafeInteger(concurrency) && concurrency >= 1) return;
  throw new ArgumentError(`The concurrency is a whole number from 1, not ${concurrency}.`);
}
