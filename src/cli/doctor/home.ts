import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSystemError } from '../../errors.js';
import { note, ok, problem, type Check, type Finding } from './check.js';

/** Whether files can be made where the client makes them. */
export const home: Check = {
  name: 'home',
  title: 'Home and temporary folder',
  run: async () => {
    const trouble = [
      await unwritable(homedir(), (message) =>
        note(
          message,
          'Reading works. Set SYNAPSE_CACHE_DIR to a folder that can be written, and SYNAPSE_AUTH_TOKEN instead of `synapse config`.',
        ),
      ),
      await unwritable(tmpdir(), (message) =>
        problem(message, 'Set TMPDIR to a folder that can be written.'),
      ),
    ].filter((one) => one !== undefined);
    return trouble.length > 0 ? trouble : [ok(`${homedir()} and ${tmpdir()} can be written.`)];
  },
};

async function unwritable(
  folder: string,
  found: (message: string) => Finding,
): Promise<Finding | undefined> {
  try {
    // Permissions alone do not tell: the file system can be read-only.
    await rm(await mkdtemp(join(folder, '.synapse-doctor-')), { recursive: true });
    return undefined;
  } catch (error) {
    return found(fileSystemError('Cannot write to', folder, error).message);
  }
}
