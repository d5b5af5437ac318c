import { readInput } from '../files/readInput.js';
import { interruption } from './interruption.js';
import { usageError } from './usageError.js';

/**
 * Reads the file that a flag names, or standard input for `-`. A signal ends the wait for a pipe.
 *
 * @throws a usage error that names the flag when the file cannot be read.
 */
export async function readSource(flag: string, file: string): Promise<string> {
  try {
    return (await readInput(file, interruption.signal)).toString('utf8');
  } catch (error) {
    interruption.signal.throwIfAborted();
    throw usageError(`${flag} cannot be read: ${(error as Error).message}`);
  }
}
