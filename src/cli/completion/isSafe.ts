import { printable } from '../printable.js';
import type { Candidate } from './candidate.js';

/** Whether the value is one line that a terminal can show. A name that is not never becomes part of a command line. */
export function isSafe({ value, name = '' }: Candidate): boolean {
  return printable(value + name) === value + name;
}
