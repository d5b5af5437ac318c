import { temporaryFolder, type TemporaryFolder } from '../../files/temporaryFolder.js';

/** Creates a folder for files of rows. Its name tells the process that it belongs to. */
export function rowsFolder(): Promise<TemporaryFolder> {
  return temporaryFolder(`synapse-rows-${process.pid}-`, 'Cannot keep the rows in');
}

/** Runs `work` with a folder for files of rows, and removes the folder. */
export async function withRowsFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const { path, remove } = await rowsFolder();
  try {
    return await work(path);
  } finally {
    await remove();
  }
}
