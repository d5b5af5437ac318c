import { writeFile } from 'node:fs/promises';

/** Writes the result of a command to the file that `--output` names. */
export async function writeResult(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new Error(`Cannot write the result to ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
