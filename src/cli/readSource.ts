import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { usageError } from './usageError.js';

/**
 * Reads the file that a flag names, or standard input for `-`.
 *
 * @throws a usage error that names the flag when the file cannot be read.
 */
export async function readSource(flag: string, file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw usageError(`${flag} cannot be read: ${(error as Error).message}`);
  }
}
