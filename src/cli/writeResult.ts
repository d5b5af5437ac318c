import { writeFile } from 'node:fs/promises';

/** Writes a command's result to the file that `--output` names. */
export async function writeResult(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new Error(`The result cannot be written to ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
